import Bytes
public import Wire

/// A key in a request: which word, and what is done with it.
public struct KeyPosition: Sendable, Equatable {
    /// The number of the word, the command's name being word 0.
    public let word: Int
    /// What is done with the key.
    public let flags: KeyFlags

    /// The key at this word.
    public init(word: Int, flags: KeyFlags) {
        self.word = word
        self.flags = flags
    }
}

extension CommandTable.Entry where State: ~Copyable {
    /// True when some of its arguments are keys.
    public var hasKeys: Bool { keySpecs.contains { !$0.flags.contains(.notKey) } }

    /// The keys of a request for this command, in the order of its key specifications.
    /// - Parameter start: the word that is the command's name, where another one stands before.
    /// - Returns: nil when the request cannot be valid: a number of keys is none, or more keys
    ///   are told than there are words. Words count from the command's name.
    public func keys(of request: Arguments, from start: Int = 0) -> [KeyPosition]? {
        var found: [KeyPosition] = []
        for spec in keySpecs where !spec.flags.contains(.notKey) {
            if spec.begin == .unknown, spec.flags.contains(.overwrite) {
                spec.collectStored(request, start, &found)
                continue
            }
            guard spec.collect(request, start, &found) else { return nil }
        }
        return found.isEmpty ? nil : found
    }
}

extension KeySpec {
    /// Adds the keys that it finds; false when the request cannot be valid.
    fileprivate func collect(
        _ request: Arguments, _ start: Int, _ found: inout [KeyPosition]
    ) -> Bool {
        let count = request.count - start
        // An option that is not there, or a position that nobody knows, tells of no key.
        guard let begin = first(request, start, count) else { return true }
        var (first, last, step) = (begin, begin, 1)
        switch find {
        case .range(let reach, let pace, let limit):
            step = pace
            if reach >= 0 {
                last = first + reach
            } else {
                last = limit == 0 ? count + reach : first + (count - first) / limit + reach
            }
        case .number(let at, let offset, let pace):
            guard first + at < count,
                let number = request[start + first + at].canonicalInteger,
                let keys = Int(exactly: number), keys > 0, keys <= count
            else { return false }
            step = pace
            first += offset
            last = first + (keys - 1) * pace
        case .unknown:
            return true
        }
        guard first <= last, last < count else { return false }
        let flags = flags(in: request, start)
        for word in stride(from: first, through: last, by: step) {
            found.append(KeyPosition(word: word, flags: flags))
        }
        return true
    }

    /// Adds the key behind the last STORE of a SORT, which may stand anywhere among its options.
    fileprivate func collectStored(
        _ request: Arguments, _ start: Int, _ found: inout [KeyPosition]
    ) {
        let count = request.count - start
        var stored: Int?
        var word = 2
        while word < count {
            let text = request[start + word]
            if text.matches("LIMIT") {
                word += 2
            } else if text.matches("GET") || text.matches("BY") {
                word += 1
            } else if text.matches("STORE"), word + 1 < count {
                stored = word + 1
            }
            word += 1
        }
        if let stored { found.append(KeyPosition(word: stored, flags: flags)) }
    }

    /// The word that the search ends at, counted from the command's name.
    private func first(_ request: Arguments, _ start: Int, _ count: Int) -> Int? {
        switch begin {
        case .index(let word): return word
        case .unknown: return nil
        case .keyword(let token, let from):
            var word = from >= 0 ? from : count + from
            while word > 0 && word < count {
                if request[start + word].matches(upper: token) { return word + 1 }
                word += from >= 0 ? 1 : -1
            }
            return nil
        }
    }

    private func flags(in request: Arguments, _ start: Int) -> KeyFlags {
        let shown = flags.subtracting(.variableFlags)
        guard let variant else { return shown }
        for word in max(0, start + variant.from)..<max(request.count, start + variant.from) {
            for token in variant.tokens where request[word].matches(upper: token) { return shown }
        }
        return variant.flags
    }
}

extension RawSpan {
    /// True when the bytes are those of `word`, in capitals, but for the case of ASCII letters.
    func matches(upper word: String) -> Bool {
        guard byteCount == word.utf8.count else { return false }
        var offset = 0
        for byte in word.utf8 {
            if self[offset].asciiUppercased != byte { return false }
            offset += 1
        }
        return true
    }
}
