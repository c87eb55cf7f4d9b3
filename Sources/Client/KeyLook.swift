import Bytes
public import Wire

// What a key is, without reading all of it. Every question asked here costs the same however big
// the value is: lengths are kept by the server, and only the ends of a value are read. How long
// the key has not been used is asked first, because looking at the value is a use.

/// What is known of a key at one moment.
public struct KeyLook: Equatable, Sendable {
    /// Its type, as TYPE names it.
    public var type: String
    /// How it is kept, as OBJECT ENCODING names it; empty when that is not told.
    public var encoding = ""
    /// Milliseconds to live; negative for ever, nil when not told.
    public var left: Int?
    /// Elements of the value, of a string its bytes; nil when not told.
    public var count: Int?
    /// Bytes that it takes, by MEMORY USAGE; nil when not told.
    public var bytes: Int?
    /// Seconds since it was last used; nil under a policy that counts uses instead.
    public var idle: Int?
    /// How often it is used, from 0 to 255, under a policy that counts that.
    public var frequency: Int?
    /// The ends of the value.
    public var ends: [End] = []

    /// A key of a type, of which nothing else is known.
    public init(type: String) { self.type = type }

    /// A stretch of the value.
    public struct End: Equatable, Sendable {
        /// Which one: `value` for all of it, else `begins`, `first`, `last` or `some`.
        public var label: String
        /// Its elements, each cut.
        public var elements: [Element]

        /// A stretch.
        public init(label: String, elements: [Element]) {
            self.label = label
            self.elements = elements
        }
    }

    /// An element of a value.
    public struct Element: Equatable, Sendable {
        /// Its bytes, at most ``KeyLook/cut`` of them.
        public var bytes: [UInt8]
        /// True when there were more.
        public var isCut: Bool
        /// What belongs to it: the value of a field, the score of a member.
        public var partner: [UInt8]?

        /// An element.
        public init(bytes: [UInt8], isCut: Bool = false, partner: [UInt8]? = nil) {
            self.bytes = bytes
            self.isCut = isCut
            self.partner = partner
        }
    }

    /// How many bytes of an element are kept.
    public static let cut = 64

    /// What so many elements of the value are called.
    public func noun(_ count: Int) -> String {
        let size = Self.sizes[type]
        return count == 1 ? size?.one ?? "element" : size?.many ?? "elements"
    }

    /// Looks at a key.
    ///
    /// - Parameters:
    ///   - withValue: false leaves the value alone, so that looking is no use of the key.
    ///   - ask: sends a command; nil for errors and for no answer.
    /// - Returns: nil when there is no such key.
    public static func look<Failure: Error>(
        at key: [UInt8], withValue: Bool = true,
        ask: (_ words: [[UInt8]]) throws(Failure) -> RESPValue?
    ) throws(Failure) -> KeyLook? {
        func answer(
            _ command: [String], _ rest: [String] = []
        ) throws(Failure) -> RESPValue? {
            let reply = try ask(
                command.map { Array($0.utf8) } + [key] + rest.map { Array($0.utf8) })
            guard let reply, reply.errorText == nil, !reply.isNull else { return nil }
            return reply
        }
        let name = try answer(["TYPE"])?.plainBytes.map { String(decoding: $0, as: UTF8.self) }
        guard let name, name != "none" else { return nil }
        var look = KeyLook(type: name)
        look.idle = try answer(["OBJECT", "IDLETIME"])?.number
        if look.idle == nil { look.frequency = try answer(["OBJECT", "FREQ"])?.number }
        look.encoding =
            try answer(["OBJECT", "ENCODING"])?.plainBytes
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
        look.left = try answer(["PTTL"])?.number
        look.bytes = try answer(["MEMORY", "USAGE"], ["SAMPLES", "1"])?.number
        guard withValue else { return look }
        if let size = sizes[name] { look.count = try answer([size.command])?.number }
        for (label, command, range) in windows[name] ?? [] {
            guard let reply = try answer([command], range) else { continue }
            look.ends.append(End(label: label, elements: elements(reply, name, range)))
        }
        if name == "string", (look.count ?? 0) > cut, !look.ends.isEmpty {
            look.ends[0].label = "begins"
        }
        return look
    }

    /// The commands that tell a value's length, and what they count.
    private static let sizes: [String: (command: String, one: String, many: String)] = [
        "string": ("STRLEN", "byte", "bytes"), "list": ("LLEN", "element", "elements"),
        "set": ("SCARD", "member", "members"), "zset": ("ZCARD", "member", "members"),
        "hash": ("HLEN", "field", "fields"), "stream": ("XLEN", "entry", "entries"),
    ]

    /// The commands that read the ends of a value.
    private static let windows: [String: [(label: String, command: String, range: [String])]] = [
        "string": [("value", "GETRANGE", ["0", "\(cut)"])],
        "list": [("first", "LRANGE", ["0", "2"]), ("last", "LRANGE", ["-3", "-1"])],
        "zset": [
            ("first", "ZRANGE", ["0", "2", "WITHSCORES"]),
            ("last", "ZRANGE", ["-3", "-1", "WITHSCORES"]),
        ],
        "stream": [
            ("first", "XRANGE", ["-", "+", "COUNT", "1"]),
            ("last", "XREVRANGE", ["+", "-", "COUNT", "1"]),
        ],
        // A small value may come whole: servers keep it in one piece and scan it in one go.
        "set": [("some", "SSCAN", ["0", "COUNT", "3"])],
        "hash": [("some", "HSCAN", ["0", "COUNT", "3"])],
    ]

    private static func elements(
        _ reply: RESPValue, _ type: String, _ range: [String]
    ) -> [Element] {
        var values = reply.flattened
        if type == "set" || type == "hash" {
            guard let parts = reply.elements, parts.count == 2 else { return [] }
            values = parts[1].flattened
        }
        let isPaired = type == "zset" || type == "hash"
        let kept = values.prefix(type == "stream" ? 12 : isPaired ? 6 : 3)
        guard isPaired else { return kept.map { element($0) } }
        return stride(from: 0, to: kept.count - 1, by: 2).map { place in
            var element = element(kept[place])
            element.partner = Array(kept[place + 1].prefix(cut))
            return element
        }
    }

    private static func element(_ bytes: [UInt8]) -> Element {
        Element(bytes: Array(bytes.prefix(cut)), isCut: bytes.count > cut)
    }
}
