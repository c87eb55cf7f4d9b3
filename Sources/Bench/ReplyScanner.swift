import Bytes

// Counts replies in a stream of RESP2 or RESP3 without keeping any of it. The generator needs to
// know only when a batch is answered and whether an answer was an error, so the scanner holds a
// handful of numbers instead of a buffer and may be interrupted between any two bytes.

/// A reply counter for one connection.
struct ReplyScanner {
    private enum State {
        case type
        case line
        case payload
    }

    /// No length of a reply has this many bytes or elements.
    private static let longest = 1 << 40

    private var state = State.type
    private var kind: UInt8 = 0
    private var number = 0
    private var isNegative = false
    /// Bytes of a bulk payload, its line end included, that are still to come.
    private var payload = 0
    /// Elements of the present reply that are still to come.
    private var elements = 1
    private var isPush = false

    /// Error replies so far.
    private(set) var errors = 0
    /// Where in the last scanned bytes the text of the last error began.
    private(set) var errorOffset = 0
    /// Whether a byte was met that starts no reply; nothing after it is understood.
    private(set) var isMalformed = false

    /// Reads on and returns how many replies were completed by these bytes.
    mutating func scan(_ bytes: RawSpan) -> Int {
        var completed = 0
        var index = 0
        let end = bytes.byteCount
        while index < end {
            switch state {
            case .type:
                begin(bytes[index], at: index)
                if isMalformed { return completed }
                index += 1
            case .line:
                let byte = bytes[index]
                index += 1
                if byte == 0x0A {
                    if endLine() { completed += 1 }
                    if isMalformed { return completed }
                } else if byte &- 0x30 < 10 {
                    // Digits of a simple string or a double are added too; nobody reads them.
                    if number < Self.longest { number = number * 10 + Int(byte &- 0x30) }
                } else if byte == 0x2D {
                    isNegative = true
                }
            case .payload:
                let step = min(payload, end - index)
                index += step
                payload -= step
                if payload == 0 && endElement(adding: 0) { completed += 1 }
            }
        }
        return completed
    }

    private mutating func begin(_ byte: UInt8, at offset: Int) {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "!"):
            errors += 1
            errorOffset = offset
        case UInt8(ascii: ">"):
            // A push between replies belongs to no request.
            if elements == 1 { isPush = true }
        case UInt8(ascii: "+"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"),
            UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "("),
            UInt8(ascii: "="), UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: "|"):
            break
        default:
            isMalformed = true
        }
        kind = byte
        number = 0
        isNegative = false
        state = .line
    }

    /// Acts on a complete first line; true if it completed a reply.
    private mutating func endLine() -> Bool {
        guard number < Self.longest else {
            // Digits that no length has: harmless in an integer or a text, senseless elsewhere.
            number = 0
            switch kind {
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: ","),
                UInt8(ascii: "("):
                return endElement(adding: 0)
            default:
                isMalformed = true
                return false
            }
        }
        switch kind {
        case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
            if isNegative { return endElement(adding: 0) }
            payload = number + 2
            state = .payload
            return false
        case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"):
            return endElement(adding: isNegative ? 0 : number)
        case UInt8(ascii: "%"):
            return endElement(adding: 2 * number)
        case UInt8(ascii: "|"):
            // Attributes precede the element that they describe and do not replace it.
            return endElement(adding: 2 * number + 1)
        default:
            return endElement(adding: 0)
        }
    }

    private mutating func endElement(adding more: Int) -> Bool {
        state = .type
        elements += more - 1
        guard elements == 0 else { return false }
        elements = 1
        defer { isPush = false }
        return !isPush
    }
}
