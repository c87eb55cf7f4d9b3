import Bytes
import Wire

// What a reply means, by the command it answers. RESP2 sends a map as a flat list, INFO and
// CLIENT LIST as text, and a number never says whether it is seconds or bytes; the formats that
// are more than the bare reply ask here. Errors, nothing and QUEUED stay what they are.

/// The meaning of a command's reply.
enum ReplyShape: Equatable {
    /// What it looks like.
    case plain
    /// The text of INFO.
    case info
    /// The text of CLIENT LIST and CLIENT INFO: `name=value` in each row.
    case clients
    /// Names and values.
    case pairs
    /// Names of settings and their values.
    case settings
    /// What is left to live, in units of which so many make a second.
    case timeToLive(perSecond: Int64)
    /// A length of time in seconds.
    case duration
    /// A point in time, in units of which so many make a second.
    case date(perSecond: Int64)
    /// Seconds and microseconds.
    case clock
    /// A number of bytes.
    case bytes
    /// What COMMAND INFO says.
    case commands
    /// Members of a sorted set with their scores.
    case scores
    /// The entries of the slow log.
    case slowLog
    /// Kinds of events that took long.
    case latencyEvents
    /// When an event took long.
    case latencySamples
    /// How the time of commands is spread.
    case latencyHistogram

    /// The meaning of what answers these words.
    static func of(_ words: [[UInt8]]) -> ReplyShape {
        func word(_ index: Int) -> String {
            guard index < words.count else { return "" }
            return String(decoding: words[index].map(\.asciiLowercased), as: UTF8.self)
        }
        switch (word(0), word(1)) {
        case ("info", _): return .info
        case ("client", "list"), ("client", "info"): return .clients
        case ("hgetall", _), ("command", "docs"), ("pubsub", "numsub"): return .pairs
        case ("hrandfield", _): return word(3) == "withvalues" ? .pairs : .plain
        case ("config", "get"), ("hello", _), ("memory", "stats"), ("module", "list"),
            ("xinfo", "stream"), ("acl", "getuser"), ("client", "trackinginfo"):
            return .settings
        case ("ttl", _): return .timeToLive(perSecond: 1)
        case ("pttl", _): return .timeToLive(perSecond: 1000)
        case ("object", "idletime"): return .duration
        case ("expiretime", _), ("lastsave", _): return .date(perSecond: 1)
        case ("pexpiretime", _): return .date(perSecond: 1000)
        case ("time", _): return .clock
        case ("memory", "usage"): return .bytes
        case ("slowlog", "get"): return .slowLog
        case ("latency", "latest"): return .latencyEvents
        case ("latency", "history"): return .latencySamples
        case ("latency", "histogram"): return .latencyHistogram
        case ("command", ""), ("command", "info"): return .commands
        case ("zpopmin", _), ("zpopmax", _): return .scores
        case (let name, _) where name.hasPrefix("z"):
            let isScored = words.dropFirst(2).contains { $0.rawSpan.matches("WITHSCORES") }
            return isScored && name != "zadd" ? .scores : .plain
        default: return .plain
        }
    }

    /// Members and scores of a reply: pairs with RESP3, a flat list with RESP2.
    static func scored(_ reply: RESPValue) -> [RESPValue.Pair]? {
        guard let elements = reply.elements, !elements.isEmpty else { return nil }
        if elements.allSatisfy({ $0.elements?.count == 2 }) {
            return elements.compactMap { $0.elements.map { .init($0[0], $0[1]) } }
        }
        return elements.contains { $0.elements != nil } ? nil : reply.pairs
    }

    /// The reply with its structure: maps where the bare reply has flat lists or text.
    static func structured(_ reply: RESPValue, to words: [[UInt8]]) -> RESPValue {
        if case .attributed(_, let value) = reply { return structured(value, to: words) }
        let shape = of(words)
        switch (shape, reply) {
        case (.info, .bulk(let text)), (.info, .verbatim(_, let text)):
            return info(text) ?? reply
        case (.clients, .bulk(let text)), (.clients, .verbatim(_, let text)):
            guard let records = clients(text) else { return reply }
            let kind = words[1]
            let isOne = kind.rawSpan.matches("INFO") && records.count == 1
            return isOne ? records[0] : .array(records)
        case (.pairs, .array), (.settings, .array):
            guard let pairs = reply.pairs, pairs.allSatisfy({ $0.key.bytes != nil }) else {
                return reply
            }
            return .map(pairs)
        default: return reply
        }
    }

    // MARK: Texts

    /// The sections of INFO with their fields; nil when the text is something else.
    static func info(_ text: ByteString) -> RESPValue? {
        var sections: [RESPValue.Pair] = []
        var name: [UInt8]?
        var fields: [RESPValue.Pair] = []
        func close() {
            guard let name else { return sections += fields }
            sections.append(.init(.bulk(ByteString(name)), .map(fields)))
        }
        for line in rows(text) {
            if line.first == UInt8(ascii: "#") {
                close()
                fields = []
                name = line.dropFirst().drop { $0 == 0x20 }.map(\.asciiLowercased)
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let key = Array(line[..<colon])
            let value = Array(line[(colon + 1)...])
            fields.append(.init(.bulk(ByteString(key)), field(value, of: key)))
        }
        close()
        return .map(sections)
    }

    /// Names of fields whose values may look like numbers and are none.
    private static let identifiers = ["_id", "_sha1", "replid", "replid2", "_version"]

    private static func field(_ value: [UInt8], of key: [UInt8]) -> RESPValue {
        let name = String(decoding: key, as: UTF8.self)
        let members = value.split(separator: UInt8(ascii: ","))
        if !members.isEmpty, members.allSatisfy({ $0.contains(UInt8(ascii: "=")) }) {
            return .map(members.compactMap { assignment($0) })
        }
        let isName = identifiers.contains { name.hasSuffix($0) } && name != "process_id"
        return isName ? .bulk(ByteString(value)) : typed(value)
    }

    /// One map for each row of CLIENT LIST; nil when the text is something else.
    static func clients(_ text: ByteString) -> [RESPValue]? {
        var records: [RESPValue] = []
        for line in rows(text) {
            let parts = line.split(separator: 0x20)
            let pairs = parts.compactMap { assignment($0) }
            guard pairs.count == parts.count else { return nil }
            records.append(.map(pairs))
        }
        return records
    }

    private static func assignment(_ text: ArraySlice<UInt8>) -> RESPValue.Pair? {
        guard let sign = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let value = Array(text[(sign + 1)...])
        return .init(.bulk(ByteString(Array(text[..<sign]))), typed(value))
    }

    /// A number if the text is one as JSON writes it, without an exponent: identifiers may
    /// contain the letter e.
    private static func typed(_ value: [UInt8]) -> RESPValue {
        if let number = value.rawSpan.canonicalInteger { return .integer(number) }
        let text = ByteString(value)
        let isDecimal =
            value.allSatisfy { $0.isASCIIDigit || $0 == 0x2E || $0 == 0x2D }
            && JSONText.isNumber(text)
        return isDecimal ? .double(text) : .bulk(text)
    }

    private static func rows(_ text: ByteString) -> [ArraySlice<UInt8>] {
        text.bytes.split { $0 == 0x0A || $0 == 0x0D }
    }
}
