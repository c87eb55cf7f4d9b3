/// Something that is wrong with a scenario, or may be.
public struct Complaint: Sendable {
    /// Which it is.
    public var code: LintCode
    /// The file as it is shown.
    public var file: String
    /// Where.
    public var place: Place
    /// How many columns.
    public var length: Int
    /// What is wrong.
    public var text: String
    /// The words that may have been meant.
    public var suggestion: String?
    /// The line of the file.
    public var line: String
    /// The files that include this one, the nearest first, as `file:line`.
    public var includedFrom: [String]

    /// The complaint with its line and carets below the part that is wrong.
    public var report: String {
        var text = "\(file):\(place.line):\(place.column): \(code.severity.rawValue)"
        text += "[\(code.rawValue)]: \(self.text)"
        if let suggestion { text += " (did you mean '\(suggestion)'?)" }
        text += "\n"
        if !line.isEmpty {
            // Tabs stay tabs below, so that the carets stand where the eye looks for them.
            let before = line.unicodeScalars.prefix(place.column - 1)
            let margin = String(before.map { $0 == "\t" ? "\t" : " " })
            text += "    \(line)\n    \(margin)\(String(repeating: "^", count: max(length, 1)))\n"
        }
        for place in includedFrom { text += "    included from \(place)\n" }
        return text
    }
}

/// Words that are nearly another.
enum Suggestion {
    /// The word of `known` that was most likely meant by `typed`; nil when none is near.
    static func nearest(to typed: String, in known: some Sequence<String>) -> String? {
        let letters = Array(typed.lowercased().unicodeScalars.prefix(60))
        let limit = letters.count < 4 ? 1 : letters.count < 9 ? 2 : 3
        var best: (word: String, distance: Int)?
        for word in known {
            let distance = distance(letters, Array(word.lowercased().unicodeScalars))
            guard distance <= limit, distance < letters.count else { continue }
            if best.map({ (distance, word) < ($0.distance, $0.word) }) ?? true {
                best = (word, distance)
            }
        }
        return best?.word
    }

    /// How many letters are to be inserted, removed, replaced, or exchanged with their neighbour.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(
                    last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            (before, last) = (last, row)
        }
        return last[right.count]
    }
}
