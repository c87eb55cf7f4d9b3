import Bytes
import Wire

// Replies as JSON (RFC 8259). Every reply has a form: errors are objects with one member, so
// that they can be told from strings; numbers that JSON does not know (inf, nan) are strings;
// keys of objects that are no text are written as the JSON they would be. Strings of bytes that
// are no UTF-8 have U+FFFD in place of what cannot be told; the quoted style has every byte.

/// Writes replies as JSON.
enum JSONText {
    /// How it is laid out.
    enum Style {
        /// A row for each member.
        case indented
        /// One line.
        case compact
        /// One line, and strings as they would be typed between double quotes.
        case quoted
    }

    /// The document, line end included.
    static func text(_ value: RESPValue, _ style: Style) -> [UInt8] {
        var writer = Writer(style: style)
        writer.append(value)
        return writer.output + [0x0A]
    }

    /// The document in one line without its end, for a field of another format.
    static func field(_ value: RESPValue) -> [UInt8] {
        var writer = Writer(style: .compact)
        writer.append(value)
        return writer.output
    }

    /// True for `-?int[.frac][exp]`, the numbers of JSON.
    static func isNumber(_ text: ByteString) -> Bool {
        var rest = text.bytes[...]
        func takeDigits() -> Int {
            let digits = rest.prefix(while: \.isASCIIDigit)
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let isZero = rest.first == UInt8(ascii: "0")
        let whole = takeDigits()
        guard whole > 0, !isZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest.removeFirst()
            }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private struct Writer {
        var style: Style
        var output: [UInt8] = []
        var depth = 0

        mutating func append(_ value: RESPValue) {
            switch value {
            case .simple(let text), .bulk(let text), .verbatim(_, let text): string(text)
            case .error(let text):
                members([RESPValue.Pair(.simple("error"), .simple(text))])
            case .integer(let number): output += Array(String(number).utf8)
            case .double(let text), .bigNumber(let text):
                if isNumber(text) { output += text.bytes } else { string(text) }
            case .boolean(let truth): output += Array((truth ? "true" : "false").utf8)
            case .null: output += Array("null".utf8)
            case .array(let elements), .set(let elements), .push(let elements):
                enclosed("[", "]", elements.count) { $0.append(elements[$1]) }
            case .map(let pairs): members(pairs)
            case .attributed(_, let value): append(value)
            }
        }

        private mutating func members(_ pairs: [RESPValue.Pair]) {
            enclosed("{", "}", pairs.count) { writer, index in
                let pair = pairs[index]
                switch pair.key {
                case .integer(let number): writer.string(ByteString(String(number)))
                default: writer.string(pair.key.bytes ?? ByteString(field(pair.key)))
                }
                writer.output.append(UInt8(ascii: ":"))
                if writer.style == .indented { writer.output.append(0x20) }
                writer.append(pair.value)
            }
        }

        private mutating func enclosed(
            _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ count: Int,
            _ body: (inout Writer, Int) -> Void
        ) {
            output.append(UInt8(ascii: opening))
            depth += 1
            for index in 0..<count {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                breakRow()
                body(&self, index)
            }
            depth -= 1
            if count > 0 { breakRow() }
            output.append(UInt8(ascii: closing))
        }

        private mutating func breakRow() {
            guard style == .indented else { return }
            output.append(0x0A)
            output += [UInt8](repeating: 0x20, count: depth * 2)
        }

        mutating func string(_ text: ByteString) {
            output.append(UInt8(ascii: "\""))
            let shown = style == .quoted ? Quoting.body(text.rawSpan) : text.bytes
            for scalar in String(decoding: shown, as: UTF8.self).unicodeScalars {
                switch scalar {
                case "\"": output += Array("\\\"".utf8)
                case "\\": output += Array("\\\\".utf8)
                case "\n": output += Array("\\n".utf8)
                case "\r": output += Array("\\r".utf8)
                case "\t": output += Array("\\t".utf8)
                default:
                    if scalar.isASCII ? 0x20...0x7E ~= scalar.value : Quoting.isVisible(scalar) {
                        output += Array(String(scalar).utf8)
                    } else {
                        for unit in String(scalar).utf16 { escape(unit) }
                    }
                }
            }
            output.append(UInt8(ascii: "\""))
        }

        private mutating func escape(_ unit: UInt16) {
            output += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
            for shift in [12, 8, 4, 0] {
                output.append(Quoting.digit(UInt8(unit >> UInt16(shift) & 15)))
            }
        }
    }
}
