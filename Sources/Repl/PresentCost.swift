import Bytes
import Client
import Grammar

/// What the N in a command's complexity is at the moment, where that is known or cheaply asked:
/// the keys that the line names, those of the database, or the elements of the one key.
enum PresentCost: Equatable {
    /// N is a number in the line itself.
    case known(String)
    /// N is the reply to a command; the text is what is counted.
    case asked([ByteString], String)

    /// How to tell the N of a line; nil where it is something else, such as the length of a
    /// reply, or where the line does not say enough yet.
    init?(_ spec: CommandSpec, _ reading: Assistance.Reading) {
        let text = spec.complexity.lowercased()
        guard spec.complexity.contains("N") else { return nil }
        // A name that is still being typed would ask for the wrong key.
        let whole = reading.line.words.count - (reading.line.endsInWord ? 1 : 0)
        let keys = reading.roles.indices.filter { reading.roles[$0] == .key }
        if text.contains("number of keys") {
            if let first = keys.first {
                guard first < whole else { return nil }
                self = .known("\(keys.count) \(keys.count == 1 ? "key" : "keys")")
            } else {
                // What reaches over all databases is not told by the size of one.
                guard spec.arguments.allSatisfy({ !$0.mentionsKey }), spec.name != "FLUSHALL",
                    !text.contains("all databases")
                else { return nil }
                self = .asked(["DBSIZE"], "keys")
            }
            return
        }
        guard keys.count == 1, keys[0] < whole, Self.isAboutTheWholeValue(text),
            let (question, unit) = Self.questions[spec.group]
        else { return nil }
        self = .asked([question, reading.line.words[keys[0]].value], unit)
    }

    private static let questions: [CommandGroup: (ByteString, String)] = [
        .hash: ("HLEN", "fields"), .list: ("LLEN", "elements"), .set: ("SCARD", "members"),
        .sortedSet: ("ZCARD", "members"), .stream: ("XLEN", "entries"),
        .string: ("STRLEN", "bytes"),
    ]

    /// True when N is how much there is under the key, and not what is added or returned.
    private static func isAboutTheWholeValue(_ text: String) -> Bool {
        let phrases = [
            "size of the hash", "size of the value", "set cardinality", "length of the list",
            "elements in the sorted set", "elements in the set", "elements in the list",
            "elements inside the collection", "length of the string",
        ]
        return phrases.contains { text.contains($0) }
    }

    /// The complexity without its explanation: `O(N)`.
    static func short(_ complexity: String) -> String {
        let ends = [" where", " with", " for", " to ", ",", ";", ". "]
        let end = ends.compactMap { complexity.firstRange(of: $0)?.lowerBound }.min()
        let text = end.map { String(complexity[..<$0]) } ?? complexity
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

extension Argument {
    /// True for a key, and for what holds one.
    fileprivate var mentionsKey: Bool {
        switch kind {
        case .key: true
        case .oneOf(let parts), .block(let parts): parts.contains(where: \.mentionsKey)
        default: false
        }
    }
}
