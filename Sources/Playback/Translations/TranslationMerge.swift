// A translation laid over its source. The source says what happens; the translation says it in
// other words. Steps are found by their ids, blocks by their names, and the order of everything
// that happens has to be that of the source, so the run of a translation is the run of its source
// by the way it is made. A step without translation is the source's.

/// Lays a translation over its source.
struct TranslationMerge {
    /// The translation as it was read.
    let overlay: Scenario
    /// What it translates.
    let original: Scenario
    private(set) var complaints: [Complaint] = []
    private var elements: [Element] = []

    private init(_ overlay: Scenario, _ original: Scenario) {
        self.overlay = overlay
        self.original = original
    }

    /// The scenario that a translation and its source make, and what does not fit.
    static func merged(
        _ overlay: Scenario, over original: Scenario
    ) -> (scenario: Scenario, complaints: [Complaint]) {
        var merge = TranslationMerge(overlay, original)
        merge.merge()
        var sources = overlay.sources
        for var source in original.sources {
            if let from = source.includedFrom {
                source.includedFrom = (from.source + overlay.sources.count, from.line)
            }
            sources.append(source)
        }
        var front = original.front
        if !overlay.front.title.isEmpty { front.title = overlay.front.title }
        front.language = overlay.front.language
        front.translates = overlay.front.translates
        front.sourceHashes = overlay.front.sourceHashes
        var scenario = Scenario(sources: sources, front: front, elements: merge.elements)
        scenario.frontSource = overlay.sources.count
        return (scenario, merge.complaints)
    }

    // MARK: Steps

    private mutating func merge() {
        let own = overlay.segments
        let steps = original.segments
        var last = 0
        for segment in own.dropFirst() {
            guard let heading = segment.heading else { continue }
            guard let index = steps.firstIndex(where: { $0.name == heading.id }) else {
                complainOfUnknown(heading, own, steps)
                continue
            }
            if own.first(where: { $0.name == segment.name })?.heading?.place != heading.place {
                complain(
                    .duplicateID, heading.place, heading.text.count + 3,
                    "the step '\(heading.id)' stands here for the second time")
                continue
            }
            if index < last {
                complain(
                    .translatedStepOrder, heading.place, heading.text.count + 3,
                    "the step '\(heading.id)' comes before '\(steps[last].name)' in the source")
            }
            last = max(last, index)
        }
        for (number, step) in steps.enumerated() {
            let index = number == 0 ? 0 : own.dropFirst().firstIndex { $0.name == step.name }
            guard let index, !own[index].elements.isEmpty else {
                elements += step.elements.map(shifted)
                complainOfMissing(step)
                continue
            }
            merge(own[index], over: step)
        }
        complainOfStale()
    }

    private mutating func complainOfUnknown(
        _ heading: Heading, _ own: [Segment], _ steps: [Segment]
    ) {
        let taken = own.map(\.name)
        let free = steps.dropFirst().map(\.name).filter { !taken.contains($0) }
        let near = Suggestion.nearest(to: heading.id, in: steps.dropFirst().map(\.name))
        complain(
            .translatedStepUnknown, heading.place, heading.text.count + 3,
            "the source has no step '\(heading.id)'; above a translated heading stands the id of "
                + "its step, <!-- id: … -->", suggestion: near ?? free.first)
    }

    private mutating func complainOfMissing(_ step: Segment) {
        let place = overlay.front.translates?.place ?? Place(line: 1, column: 1)
        let what =
            step.heading == nil
            ? "what stands before the first step"
            : "the step '\(step.name)'"
        complain(
            .untranslatedStep, place, overlay.front.translates?.value.count ?? 1,
            "\(what) is not translated; it is shown in the language of the source")
    }

    private mutating func complainOfStale() {
        let known = overlay.front.sourceHashes
        let file = overlay.name
        let top = overlay.front.translates?.place ?? Place(line: 1, column: 1)
        let current = original.segmentHashes
        for entry in known where !current.contains(where: { $0.name == entry.name.value }) {
            complain(
                .staleTranslation, entry.name.place, entry.name.value.count,
                "the source has no step '\(entry.name.value)'; "
                    + "larder scenario update \(file) writes the hashes anew",
                suggestion: Suggestion.nearest(
                    to: entry.name.value, in: current.map(\.name)))
        }
        guard !known.isEmpty else {
            return complain(
                .staleTranslation, top, overlay.front.translates?.value.count ?? 1,
                "nothing says of what state of the source this is the translation; "
                    + "larder scenario update \(file) writes it down")
        }
        let translated = overlay.translatedNames
        for (name, hash) in current where translated.contains(name) {
            let what = name == "(top)" ? "what stands before the first step" : "'\(name)'"
            let update = "then larder scenario update \(file) keeps its hash, \(hash)"
            guard let entry = known.first(where: { $0.name.value == name }) else {
                complain(
                    .staleTranslation, top, overlay.front.translates?.value.count ?? 1,
                    "source_hash says nothing of \(what): compare it with the source; \(update)")
                continue
            }
            guard entry.value.value != hash else { continue }
            complain(
                .staleTranslation, entry.value.place, entry.value.value.count,
                "\(what) of the source has changed since it was translated: look at it; \(update)")
        }
    }

    // MARK: One step

    private mutating func merge(_ segment: Segment, over step: Segment) {
        let names = BlockNames.of(step.elements)
        var used: Set<Int> = []
        var last = -1
        func next(_ name: Cue.Name, _ text: String) -> Int? {
            step.elements.indices.first { index in
                guard !used.contains(index), case .cue(let cue) = step.elements[index].kind else {
                    return false
                }
                return cue.name == name && cue.text == text
            }
        }
        for element in segment.elements {
            var index: Int?
            var shown: Element?
            switch element.kind {
            case .heading, .prose, .fold: elements.append(element)
            case .cue(let cue) where cue.name == .block:
                index = take(Placed(cue.text, cue.textPlace), names, &used)
                shown = index.map { shifted(step.elements[$0]) }
            case .fence(let fence):
                guard let id = fence.id else { break }
                index = take(id, names, &used)
                shown = index.map { shifted(step.elements[$0]) }
                if let block = shown, let texts = fence.texts {
                    shown = apply(texts, at: fence.place, to: block)
                }
            case .cue(let cue) where !Self.steers(cue): elements.append(element)
            case .cue(let cue):
                index = next(cue.name, cue.text)
                shown = index.map { shifted(step.elements[$0]) }
                if index == nil { complainOfCue(cue, element, step) }
            }
            guard let index, let shown else { continue }
            used.insert(index)
            if index < last {
                complain(
                    .translatedOrder, element.place, 4,
                    "this comes earlier in the source, which says what happens when")
            }
            last = max(last, index)
            elements.append(shown)
        }
        complainOfUnused(step, names, used, segment)
    }

    /// The number of the element that a name stands for.
    private mutating func take(
        _ name: Placed<String>, _ names: [(name: String, index: Int)], _ used: inout Set<Int>
    ) -> Int? {
        let length = max(1, name.value.unicodeScalars.count)
        guard let found = names.first(where: { $0.name == name.value }) else {
            let elsewhere = original.segments.first { segment in
                BlockNames.of(segment.elements).contains { $0.name == name.value }
            }
            let free = names.first { !used.contains($0.index) }?.name
            complain(
                .translatedBlockUnknown, name.place, length,
                "this step of the source has no block '\(name.value)'"
                    + (elsewhere.map { "; '\($0.name)' has one" } ?? ""),
                suggestion: Suggestion.nearest(to: name.value, in: names.map(\.name)) ?? free)
            return nil
        }
        if used.contains(found.index) {
            complain(
                .translatedBlockTwice, name.place, length,
                "the block '\(name.value)' stands here for the second time")
            return nil
        }
        return found.index
    }

    private mutating func apply(
        _ texts: BlockTexts, at place: Place, to element: Element
    ) -> Element {
        guard case .fence(var fence) = element.kind, !texts.isBroken else { return element }
        var element = element
        do throws(BlockTexts.Misfit) {
            fence.block = try texts.applied(to: fence.block, at: place)
        } catch {
            complain(.translatedTexts, error.place, 3, error.text)
        }
        element.kind = .fence(fence)
        return element
    }

    private mutating func complainOfCue(_ cue: Cue, _ element: Element, _ step: Segment) {
        let own = step.elements.compactMap { element -> String? in
            guard case .cue(let cue) = element.kind, Self.steers(cue) else { return nil }
            return cue.text.isEmpty ? cue.name.rawValue : "\(cue.name.rawValue): \(cue.text)"
        }
        let text = cue.text.isEmpty ? cue.name.rawValue : "\(cue.name.rawValue): \(cue.text)"
        complain(
            .translatedCue, element.place, 4,
            "this step of the source has no cue '\(text)'"
                + (own.contains(text) ? " more than it was repeated" : ""),
            suggestion: Suggestion.nearest(to: text, in: own.filter { $0 != text }))
    }

    private mutating func complainOfUnused(
        _ step: Segment, _ names: [(name: String, index: Int)], _ used: Set<Int>,
        _ segment: Segment
    ) {
        let place = segment.heading?.place ?? Place(line: 1, column: 1)
        let length = segment.heading.map { $0.text.count + 3 } ?? 3
        for (index, element) in step.elements.enumerated() where !used.contains(index) {
            switch element.kind {
            case .fence:
                guard let name = names.first(where: { $0.index == index })?.name else { continue }
                complain(
                    .translatedBlockMissing, place, length,
                    "the block '\(name)' of the source (line \(element.place.line)) is missing: "
                        + "<!-- block: \(name) -->")
            case .cue(let cue) where Self.steers(cue):
                let text = cue.text.isEmpty ? "" : ": \(cue.text)"
                complain(
                    .translatedCue, place, length,
                    "the cue of line \(element.place.line) of the source is missing: "
                        + "<!-- \(cue.name.rawValue)\(text) -->")
            default: break
            }
        }
    }

    /// True for cues that say what happens; the others are words.
    static func steers(_ cue: Cue) -> Bool {
        switch cue.name {
        case .note, .id, .block: false
        default: true
        }
    }

    // MARK: Parts

    /// An element of the source as an element of the whole.
    private func shifted(_ element: Element) -> Element {
        var element = element
        element.source += overlay.sources.count
        return element
    }

    private mutating func complain(
        _ code: LintCode, _ place: Place, _ length: Int, _ text: String,
        suggestion: String? = nil
    ) {
        complaints.append(overlay.complaint(code, place, length, text, suggestion: suggestion))
    }
}

extension Scenario {
    /// The segments that a translation has words for.
    var translatedNames: [String] {
        segments.filter { !$0.elements.isEmpty }.map(\.name)
    }

    /// A complaint of the file itself.
    func complaint(
        _ code: LintCode, _ place: Place, _ length: Int, _ text: String,
        suggestion: String? = nil
    ) -> Complaint {
        let lines = sources[0].lines
        return Complaint(
            code: code, file: name, place: place, length: max(1, length), text: text,
            suggestion: suggestion,
            line: lines.indices.contains(place.line - 1) ? lines[place.line - 1] : "",
            includedFrom: [])
    }
}
