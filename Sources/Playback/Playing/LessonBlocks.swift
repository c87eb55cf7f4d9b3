// Which beats belong together on the screen, and where a person wants to look before it goes on.
// The plan of a lesson is a row of single beats; what a reader sees are the blocks of the file.

/// What the player knows of each beat beyond what the plan says.
struct LessonBlocks: Sendable {
    /// Whether a beat begins a block, with a blank line above it.
    private(set) var begins: [Bool] = []
    /// Whether the player waits for the person after a beat.
    private(set) var waits: [Bool] = []
    /// The number of the step of each beat, from 1; 0 before the first.
    private(set) var step: [Int] = []

    init(_ lesson: Scenario, _ plan: Plan) {
        let elements = plan.beats.map { Self.element(of: $0, in: lesson) }
        let starts = plan.steps.map(\.beat)
        for (index, beat) in plan.beats.enumerated() {
            step.append(starts.count { $0 <= index })
            let isFirst = index == 0 || elements[index - 1] != elements[index]
            begins.append(isFirst || Self.isReveal(beat))
            let isLast = index + 1 == elements.count || elements[index + 1] != elements[index]
            waits.append(isLast && Self.waits(after: elements[index], of: lesson))
        }
        // The answer to a prediction is looked at together with what it was about.
        for (index, beat) in plan.beats.enumerated() where Self.isReveal(beat) && index > 0 {
            waits[index] = waits[index - 1]
            waits[index - 1] = false
        }
    }

    private static func isReveal(_ beat: Beat) -> Bool {
        if case .reveal = beat.kind { true } else { false }
    }

    /// The number of the element that a beat comes from: the last that begins at or before it in
    /// its source.
    private static func element(of beat: Beat, in lesson: Scenario) -> Int {
        lesson.elements.indices.last { index in
            let element = lesson.elements[index]
            return element.source == beat.source && element.place.line <= beat.place.line
        } ?? 0
    }

    /// Whether a person wants to look at what an element has shown before it goes on: after what
    /// has happened, and at the end of a step.
    private static func waits(after index: Int, of lesson: Scenario) -> Bool {
        let next = lesson.elements[(index + 1)...].first { element in
            switch element.kind {
            case .fold: false
            case .cue(let cue): [.pause, .when, .goto].contains(cue.name)
            default: true
            }
        }
        guard let next else { return false }
        if case .heading(let heading) = next.kind, heading.level <= 2 { return true }
        guard case .fence(let fence) = lesson.elements[index].kind else { return false }
        switch fence.block {
        case .set, .fault, .include, .quiz, .exercise: return false
        default: break
        }
        guard case .fence(let following) = next.kind else {
            if case .cue = next.kind { return false }
            return true
        }
        switch following.block {
        case .check, .chart, .fault, .set, .include: return false
        default: return true
        }
    }
}
