import Bytes
import Wire

/// The bytes that go over the wire, made visible: what was sent behind `>`, what came back behind
/// `<`, a row for each line of the protocol.
enum WireText {
    /// The rows for a command and its reply.
    static func text(_ reply: RESPValue, to words: [[UInt8]]) -> [UInt8] {
        var output: [UInt8] = []
        if !words.isEmpty {
            rows(encoded(.array(words.map { .bulk(ByteString($0)) })), "> ", &output)
        }
        rows(encoded(reply), "< ", &output)
        return output
    }

    private static func rows(_ bytes: [UInt8], _ head: String, _ output: inout [UInt8]) {
        var start = 0
        for index in bytes.indices.dropFirst() {
            guard bytes[index] == 0x0A, bytes[index - 1] == 0x0D else { continue }
            output += Array(head.utf8)
            output += Quoting.escaped(Array(bytes[start...index]).rawSpan)
            output.append(0x0A)
            start = index + 1
        }
    }

    /// The reply as a server sends it.
    static func encoded(_ value: RESPValue) -> [UInt8] {
        switch value {
        case .simple(let text): return line("+", text.bytes)
        case .error(let text):
            let isLong = text.bytes.contains(0x0A) || text.bytes.contains(0x0D)
            return isLong ? string("!", text.bytes) : line("-", text.bytes)
        case .integer(let number): return line(":", number)
        case .bulk(let text): return string("$", text.bytes)
        case .verbatim(let format, let text):
            return string("=", format.bytes + [UInt8(ascii: ":")] + text.bytes)
        case .double(let text): return line(",", text.bytes)
        case .bigNumber(let text): return line("(", text.bytes)
        case .boolean(let truth): return line("#", Array((truth ? "t" : "f").utf8))
        case .null(.bulk): return line("$", -1)
        case .null(.array): return line("*", -1)
        case .null(.plain): return line("_", [])
        case .array(let elements): return line("*", elements.count) + elements.flatMap(encoded)
        case .set(let elements): return line("~", elements.count) + elements.flatMap(encoded)
        case .push(let elements): return line(">", elements.count) + elements.flatMap(encoded)
        case .map(let pairs): return line("%", pairs.count) + members(pairs)
        case .attributed(let remarks, let value):
            return line("|", remarks.count) + members(remarks) + encoded(value)
        }
    }

    private static func members(_ pairs: [RESPValue.Pair]) -> [UInt8] {
        pairs.flatMap { encoded($0.key) + encoded($0.value) }
    }

    private static func string(_ kind: String, _ text: [UInt8]) -> [UInt8] {
        line(kind, text.count) + text + [0x0D, 0x0A]
    }

    private static func line(_ kind: String, _ number: some BinaryInteger) -> [UInt8] {
        line(kind, Array(String(number).utf8))
    }

    private static func line(_ kind: String, _ text: [UInt8]) -> [UInt8] {
        Array(kind.utf8) + text + [0x0D, 0x0A]
    }
}
