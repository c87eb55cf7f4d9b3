// A scenario as beats: what happens one after the other. Loops are written out, conditions are
// jumps forward, and a question that is asked before a block is answered after it. Whoever plays
// a plan needs to know of nothing but the beat that is next.

/// One thing that happens.
public struct Beat: Sendable {
    /// What it is.
    public enum Kind: Sendable {
        /// A title, a step or a smaller heading.
        case heading(Heading)
        /// Text.
        case say(Prose)
        /// A cue that changes how things are shown.
        case cue(Cue)
        /// The beats up to `end` are played only if the condition holds.
        case when(Expression, end: Int)
        /// The beats up to `end` are played only at these backends.
        case only([String], end: Int)
        /// Playing goes on there.
        case goto(Int)
        /// A line is typed.
        case command(TranscriptCommand, retry: UInt64?)
        /// Lines are sent together.
        case pipeline([TranscriptCommand], depth: Int)
        /// Something should have come by itself.
        case push(session: String, expected: [Expectation])
        /// A remark in a transcript.
        case remark(String)
        /// Something should be true.
        case check(CheckLine)
        /// A question is asked.
        case ask(Quiz, id: String)
        /// Its answer is told.
        case reveal(Quiz, id: String)
        /// Requests come.
        case load(LoadBlock, id: String)
        /// Something breaks.
        case fault(FaultBlock)
        /// Curves are shown.
        case chart(ChartBlock)
        /// The learner does something.
        case exercise(Exercise, id: String)
        /// A variable gets a value.
        case assign(String, String)
        /// A block is shown as it stands.
        case listing(Fence)
    }

    /// What it is.
    public var kind: Kind
    /// The number of the source that it comes from.
    public var source: Int
    /// Where it stands.
    public var place: Place
    /// The id of the step that it belongs to; empty before the first.
    public var step: String
    /// The attributes of the fence that it comes from.
    public var attributes: [Fence.Attribute] = []

    /// The value of an attribute; empty for a flag.
    public func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }.map { $0.value ?? "" }
    }
}

/// The beats of a scenario.
public struct Plan: Sendable {
    /// The beats in order.
    public private(set) var beats: [Beat] = []
    /// The steps: their ids, and the numbers of their first beats.
    public private(set) var steps: [(id: String, title: String, beat: Int)] = []

    private var step = ""
    private var gotos: [(beat: Int, target: String)] = []
    private var open: [Int] = []
    /// A question whose answer comes after the next block.
    private var waiting: (quiz: Quiz, id: String, element: Element)?
    private var headings: [String: Int] = [:]

    /// The plan of a scenario.
    public init(_ scenario: Scenario) {
        // A block without an id is known by its number among all blocks, so that a translation,
        // which has other prose around them, knows it by the same name.
        var number = 0
        for element in scenario.elements {
            if case .fence = element.kind { number += 1 }
            add(element, number: number)
        }
        reveal()
        for (beat, target) in gotos {
            beats[beat].kind = .goto(headings[target] ?? beats.count)
        }
    }

    private mutating func append(_ kind: Beat.Kind, _ element: Element, at place: Place? = nil) {
        var beat = Beat(
            kind: kind, source: element.source, place: place ?? element.place, step: step)
        if case .fence(let fence) = element.kind { beat.attributes = fence.attributes }
        beats.append(beat)
    }

    private mutating func add(_ element: Element, number: Int) {
        switch element.kind {
        case .heading(let heading):
            if heading.level == 2 {
                reveal()
                step = heading.id
                steps.append((heading.id, heading.text, beats.count))
            }
            headings[heading.id] = beats.count
            append(.heading(heading), element)
        case .prose(let prose): append(.say(prose), element)
        case .fold: break
        case .cue(let cue): add(cue, element)
        case .fence(let fence): add(fence, element, number: number)
        }
    }

    private mutating func add(_ cue: Cue, _ element: Element) {
        switch cue.name {
        case .when:
            guard let condition = cue.condition else { return }
            open.append(beats.count)
            append(.when(condition, end: 0), element)
        case .endwhen:
            guard let start = open.popLast(), case .when(let condition, _) = beats[start].kind
            else { return }
            beats[start].kind = .when(condition, end: beats.count)
        case .goto:
            gotos.append((beats.count, cue.text))
            append(.goto(beats.count), element)
        default: append(.cue(cue), element)
        }
    }

    private mutating func reveal() {
        guard let (quiz, id, element) = waiting else { return }
        waiting = nil
        append(.reveal(quiz, id: id), element)
    }

    // MARK: Fences

    private mutating func add(_ fence: Fence, _ element: Element, number: Int) {
        let id = fence.id?.value ?? "block-\(number)"
        if case .quiz(let quiz) = fence.block {
            append(.ask(quiz, id: id), element)
            if fence.attribute("before") != nil {
                waiting = (quiz, id, element)
            } else {
                append(.reveal(quiz, id: id), element)
            }
            return
        }
        let start = beats.count
        if let only = fence.attribute("only") {
            append(.only(only.split(separator: ",").map(String.init), end: 0), element)
        }
        var condition: Int?
        if let attribute = fence.attributes.first(where: { $0.name == "when" }),
            let expression = try? ExpressionParser.expression(
                attribute.value ?? "", at: attribute.valuePlace)
        {
            condition = beats.count
            append(.when(expression, end: 0), element)
        }
        addBody(fence, id, element)
        let end = beats.count
        if let condition, case .when(let expression, _) = beats[condition].kind {
            beats[condition].kind = .when(expression, end: end)
        }
        if start < end, case .only(let names, _) = beats[start].kind {
            beats[start].kind = .only(names, end: end)
        }
        if case .listing = fence.block { return }
        if case .set = fence.block { return }
        reveal()
    }

    private mutating func addBody(_ fence: Fence, _ id: String, _ element: Element) {
        switch fence.block {
        case .transcript(let transcript): add(transcript, fence, element)
        case .check(let lines):
            for line in lines { append(.check(line), element, at: line.place) }
        case .load(let load): append(.load(load, id: id), element)
        case .fault(let fault): append(.fault(fault), element)
        case .chart(let chart): append(.chart(chart), element)
        case .exercise(let exercise): append(.exercise(exercise, id: id), element)
        case .set(let pairs):
            for (name, value) in pairs {
                append(.assign(name.value, value.value), element, at: name.place)
            }
        case .listing: append(.listing(fence), element)
        case .include, .quiz: break
        }
    }

    private mutating func add(
        _ transcript: Transcript, _ fence: Fence, _ element: Element
    ) {
        if fence.attribute("pipeline") != nil {
            addPipeline(transcript, fence, element)
        } else if let count = fence.attribute("repeat").flatMap({ Int($0) }) {
            for number in 1...max(1, count) {
                if let name = fence.attribute("as") {
                    append(.assign(name, String(number)), element)
                }
                addOnce(transcript, fence, element)
            }
        } else if let each = fence.attribute("each"), let colon = each.firstIndex(of: ":") {
            for value in each[each.index(after: colon)...].split(separator: ",") {
                append(.assign(String(each[..<colon]), String(value)), element)
                addOnce(transcript, fence, element)
            }
        } else {
            addOnce(transcript, fence, element)
        }
    }

    /// The commands of all rounds go together, so the names of rounds are replaced here.
    private mutating func addPipeline(
        _ transcript: Transcript, _ fence: Fence, _ element: Element
    ) {
        let depth = fence.attribute("pipeline").flatMap { Int($0) } ?? 1
        var name = ""
        var values = [""]
        if let count = fence.attribute("repeat").flatMap({ Int($0) }) {
            name = fence.attribute("as") ?? ""
            values = (1...max(1, count)).map(String.init)
        } else if let each = fence.attribute("each"), let colon = each.firstIndex(of: ":") {
            name = String(each[..<colon])
            values = each[each.index(after: colon)...].split(separator: ",").map(String.init)
        }
        let commands = values.flatMap { value in
            transcript.commands.map { command in
                var command = command
                func filled(_ text: String) -> String {
                    Variables.filled(text) { $0 == name ? value : nil }
                }
                command.text = filled(command.text)
                for index in command.expected.indices {
                    command.expected[index].text = filled(command.expected[index].text)
                    command.expected[index].literal = filled(command.expected[index].literal)
                }
                return command
            }
        }
        append(.pipeline(commands, depth: depth), element)
    }

    private mutating func addOnce(
        _ transcript: Transcript, _ fence: Fence, _ element: Element
    ) {
        let retry = fence.attribute("retry").flatMap { Quantity($0)?.nanoseconds }
        for item in transcript.items {
            switch item {
            case .command(let command):
                append(.command(command, retry: retry), element, at: command.place)
            case .push(let session, let expected, let place):
                append(.push(session: session, expected: expected), element, at: place)
            case .remark(let text, let place): append(.remark(text), element, at: place)
            }
        }
    }
}
