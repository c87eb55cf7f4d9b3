public import Bytes

// Names of keys for completion, at a bounded price. Those that the session has named itself cost
// nothing. Others come from SCAN, a fixed number of calls of a fixed size, so that what a Tab
// costs does not grow with the number of keys; KEYS is never sent.

/// What a word names that only the server knows.
public enum ElementPlace: Equatable, Sendable {
    /// A field or member of the value of a key: the command that goes through it in steps, the
    /// key, and whether a value or a score stands behind each name.
    case element(String, ByteString, hasValues: Bool)
    /// A channel.
    case channel
}

/// The names of keys that are known to a session.
public struct KeyNames: Sendable {
    /// How much of a keyspace one question may touch.
    public struct Budget: Equatable, Sendable {
        /// How many calls of SCAN.
        public var calls: Int
        /// The COUNT of each.
        public var count: Int

        /// A budget.
        public init(calls: Int, count: Int) {
            self.calls = calls
            self.count = count
        }

        /// For an engine in this process.
        public static let embedded = Budget(calls: 3, count: 1000)
        /// For a server elsewhere.
        public static let remote = Budget(calls: 3, count: 100)
    }

    /// Sends a command and gives its reply; nil when there is none, or none in time.
    public typealias Ask = ([[UInt8]]) -> ScanPart?

    /// One reply of SCAN.
    public struct ScanPart: Equatable, Sendable {
        /// Where to go on; "0" at the end.
        public var cursor: ByteString
        /// The names.
        public var names: [ByteString]

        /// A reply.
        public init(cursor: ByteString, names: [ByteString]) {
            self.cursor = cursor
            self.names = names
        }
    }

    private var seen: [ByteString] = []
    private static let limit = 500

    /// No names yet.
    public init() {}

    /// Takes note of a name that was used.
    public mutating func note(_ name: ByteString) {
        seen.removeAll { $0 == name }
        seen.insert(name, at: 0)
        if seen.count > Self.limit { seen.removeLast() }
    }

    /// Forgets all names, when another server is asked.
    public mutating func forget() { seen = [] }

    /// Names of the session that begin with `prefix`, the latest in front.
    public func used(beginning prefix: ByteString) -> [ByteString] {
        seen.filter { $0.bytes.starts(with: prefix.bytes) }
    }

    /// Names that begin with `prefix`: those of the session first, the latest of them in front.
    public func names(
        beginning prefix: ByteString, budget: Budget, ask: Ask
    ) -> [ByteString] {
        var found = used(beginning: prefix)
        var more: Set<ByteString> = []
        var cursor = ByteString("0")
        for _ in 0..<budget.calls {
            let words: [[UInt8]] = [
                Array("SCAN".utf8), cursor.bytes, Array("MATCH".utf8),
                Self.pattern(prefix.bytes), Array("COUNT".utf8),
                Array(String(budget.count).utf8),
            ]
            guard let part = ask(words) else { break }
            more.formUnion(part.names)
            cursor = part.cursor
            if cursor == ByteString("0") { break }
        }
        more.subtract(found)
        found += more.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return found
    }

    /// Names within one value that begin with `prefix`, by the command that goes through it in
    /// steps.
    ///
    /// - Parameter hasValues: true when a value or a score stands behind each name.
    public static func elements(
        of key: ByteString, command: String, hasValues: Bool, beginning prefix: ByteString,
        budget: Budget, ask: Ask
    ) -> [ByteString] {
        var found: Set<ByteString> = []
        var cursor = ByteString("0")
        for _ in 0..<budget.calls {
            let words: [[UInt8]] = [
                Array(command.utf8), key.bytes, cursor.bytes, Array("MATCH".utf8),
                pattern(prefix.bytes), Array("COUNT".utf8), Array(String(budget.count).utf8),
            ]
            guard let part = ask(words) else { break }
            for (index, name) in part.names.enumerated()
            where !hasValues || index.isMultiple(of: 2) {
                found.insert(name)
            }
            cursor = part.cursor
            if cursor == ByteString("0") { break }
        }
        return found.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// A glob pattern for everything that begins with `prefix`.
    public static func pattern(_ prefix: [UInt8]) -> [UInt8] {
        prefix.flatMap { byte -> [UInt8] in
            "*?[]\\".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        } + [UInt8(ascii: "*")]
    }
}
