/// A decoded reply of RESP2 or RESP3: for tests that look into replies. Deliberately another
/// reader than the one under `Sources`, so that a mistake there cannot hide here.
indirect enum WireValue: Equatable {
    case simple(String)
    case error(String)
    case integer(Int)
    case double(String)
    case boolean(Bool)
    case bulk([UInt8])
    case verbatim(String)
    case bigNumber(String)
    case null
    case array([WireValue])
    case set([WireValue])
    case map([WireValue])
    case push([WireValue])

    /// Decodes one whole reply.
    init(reply: [UInt8]) {
        var offset = 0
        self = WireValue.decode(reply, &offset) ?? .error("(incomplete)")
    }

    /// A request as bytes.
    static func request(_ words: [[UInt8]]) -> [UInt8] {
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words {
            bytes += Array("$\(word.count)\r\n".utf8) + word + [13, 10]
        }
        return bytes
    }

    /// Where the first reply ends; nil while it is not there whole.
    static func endOfReply(in bytes: [UInt8]) -> Int? {
        var offset = 0
        return decode(bytes, &offset) == nil ? nil : offset
    }

    /// The replies that the bytes hold, one after the other; what is no whole reply comes last.
    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var replies: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            var end = start
            if decode(bytes, &end) == nil { end = bytes.count }
            replies.append(Array(bytes[start..<end]))
            start = end
        }
        return replies
    }

    /// The text of a string of any kind; nil for other values.
    var text: String? {
        switch self {
        case .simple(let text), .error(let text), .verbatim(let text): text
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// The elements of an aggregate; none for other values.
    var elements: [WireValue] {
        switch self {
        case .array(let all), .set(let all), .map(let all), .push(let all): all
        default: []
        }
    }

    /// What follows `key` in a map, or in an array that stands for one.
    subscript(key: String) -> WireValue? {
        let all = elements
        return stride(from: 0, to: all.count - 1, by: 2).first { all[$0].text == key }
            .map { all[$0 + 1] }
    }

    private static func line(_ bytes: [UInt8], _ offset: inout Int) -> String? {
        guard let end = bytes[offset...].firstIndex(of: 13), end + 1 < bytes.count else {
            return nil
        }
        defer { offset = end + 2 }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }

    private static func decode(_ bytes: [UInt8], _ offset: inout Int) -> WireValue? {
        guard offset < bytes.count else { return nil }
        let kind = Character(UnicodeScalar(bytes[offset]))
        offset += 1
        guard let head = line(bytes, &offset) else { return nil }
        switch kind {
        case "+": return .simple(head)
        case "-": return .error(head)
        case ":": return Int(head).map(WireValue.integer) ?? .error("not an integer: \(head)")
        case ",": return .double(head)
        case "#": return .boolean(head == "t")
        case "(": return .bigNumber(head)
        case "_": return .null
        case "$", "=", "!": return string(kind, Int(head) ?? -1, bytes, &offset)
        case "*", "~", ">", "%": return aggregate(kind, Int(head) ?? -1, bytes, &offset)
        default: return .error("unknown reply \(kind)\(head)")
        }
    }

    private static func string(
        _ kind: Character, _ length: Int, _ bytes: [UInt8], _ offset: inout Int
    ) -> WireValue? {
        if length < 0 { return .null }
        guard offset + length + 2 <= bytes.count else { return nil }
        let content = Array(bytes[offset..<offset + length])
        offset += length + 2
        switch kind {
        case "=": return .verbatim(String(decoding: content.dropFirst(4), as: UTF8.self))
        case "!": return .error(String(decoding: content, as: UTF8.self))
        default: return .bulk(content)
        }
    }

    private static func aggregate(
        _ kind: Character, _ count: Int, _ bytes: [UInt8], _ offset: inout Int
    ) -> WireValue? {
        if count < 0 { return .null }
        var elements: [WireValue] = []
        for _ in 0..<(kind == "%" ? count * 2 : count) {
            guard let element = decode(bytes, &offset) else { return nil }
            elements.append(element)
        }
        switch kind {
        case "~": return .set(elements)
        case ">": return .push(elements)
        case "%": return .map(elements)
        default: return .array(elements)
        }
    }
}
