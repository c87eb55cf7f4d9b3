import Bytes

// A scenario cut at its steps, and a short digest of each piece, by which a translation knows
// whether what it translates has changed since.

/// What stands before the first step, or a step.
struct Segment {
    /// The step's heading; nil before the first.
    var heading: Heading?
    /// What is in it, the heading first.
    var elements: [Element] = []

    /// The id of the step; a word in brackets, which no id can be, for what stands before.
    var name: String { heading?.id ?? "(top)" }
}

extension Scenario {
    /// The steps, with what stands before them.
    var segments: [Segment] {
        var segments = [Segment()]
        for element in elements {
            if case .heading(let heading) = element.kind, heading.level == 2 {
                segments.append(Segment(heading: heading))
            }
            segments[segments.count - 1].elements.append(element)
        }
        return segments
    }

    /// The digest of each segment, eight digits long. Blank lines and the settings of the front
    /// matter do not count: a translation does not repeat them.
    var segmentHashes: [(name: String, hash: String)] {
        segments.map { segment in
            var text = segment.heading == nil ? front.title + "\n" : ""
            for element in segment.elements { text += self.text(of: element) }
            let digest = SHA1.digest(Array(text.utf8).rawSpan).prefix(4).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return (segment.name, digest.joined())
        }
    }

    private func text(of element: Element) -> String {
        let lines = sources[element.source].lines
        let opening =
            lines.indices.contains(element.place.line - 1)
            ? lines[element.place.line - 1] + "\n" : ""
        switch element.kind {
        case .heading, .cue, .fold: return opening
        case .prose(let prose): return prose.lines.map { $0 + "\n" }.joined()
        case .fence(let fence): return opening + fence.body.map { $0 + "\n" }.joined()
        }
    }
}
