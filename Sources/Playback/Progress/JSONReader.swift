// Reads JSON. The file of progress is small and ours, so this reads what RFC 8259 allows and
// nothing more; a depth of 64 is enough for anybody's file and keeps a hostile one from ending the
// program.

extension JSONValue {
    /// Reads a text; nil when it is no JSON.
    init?(parsing text: String) {
        var reader = JSONReader(bytes: Array(text.utf8))
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        guard reader.isAtEnd else { return nil }
        self = value
    }

    /// A member of a map.
    subscript(name: String) -> JSONValue? { members?.first { $0.0 == name }?.1 }

    var string: String? { if case .text(let text) = self { text } else { nil } }
    var bool: Bool? { if case .truth(let flag) = self { flag } else { nil } }
    var integer: Int? { if case .number(let value) = self { Int(exactly: value) } else { nil } }
    var array: [JSONValue]? { if case .list(let values) = self { values } else { nil } }
    var members: [(String, JSONValue)]? {
        if case .map(let members) = self { members } else { nil }
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }
    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func takes(_ word: String) -> Bool {
        guard bytes[place...].starts(with: word.utf8) else { return false }
        place += word.utf8.count
        return true
    }

    mutating func value(depth: Int) -> JSONValue? {
        guard depth < 64 else { return nil }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return map(depth)
        case UInt8(ascii: "["): return list(depth)
        case UInt8(ascii: "\""): return string().map(JSONValue.text)
        default:
            if takes("true") { return .truth(true) }
            if takes("false") { return .truth(false) }
            if takes("null") { return .null }
            return number()
        }
    }

    private mutating func map(_ depth: Int) -> JSONValue? {
        place += 1
        var members: [(String, JSONValue)] = []
        skipBlanks()
        if takes("}") { return .map([]) }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\""), let name = string() else { return nil }
            skipBlanks()
            guard takes(":"), let value = value(depth: depth + 1) else { return nil }
            members.append((name, value))
            skipBlanks()
            if takes("}") { return .map(members) }
            guard takes(",") else { return nil }
        }
    }

    private mutating func list(_ depth: Int) -> JSONValue? {
        place += 1
        var values: [JSONValue] = []
        skipBlanks()
        if takes("]") { return .list([]) }
        while true {
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
            skipBlanks()
            if takes("]") { return .list(values) }
            guard takes(",") else { return nil }
        }
    }

    private mutating func number() -> JSONValue? {
        let start = place
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { place += 1 }
        return Double(String(decoding: bytes[start..<place], as: UTF8.self)).map(JSONValue.number)
    }

    private mutating func string() -> String? {
        place += 1
        var result: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
            case 0..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else { return nil }
                result += Array(String(scalar).utf8)
            default: result.append(byte)
            }
        }
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        guard let byte = next else { return nil }
        place += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return nil }
            guard unit & 0xFC00 == 0xD800 else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
            // The second half of a pair stands behind another mark.
            guard takes("\\u"), let low = hexadecimal(), low & 0xFC00 == 0xDC00 else {
                return "\u{FFFD}"
            }
            return Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
        default: return Unicode.Scalar(byte)
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
        place += 4
        return UInt32(digits, radix: 16)
    }
}
