import Bytes

/// A request of a differential run: its words, and the bytes that are sent for them.
struct Request {
    let words: [[UInt8]]
    let bytes: [UInt8]

    /// An array of bulk strings, as clients send.
    init(_ words: [[UInt8]]) {
        self.words = words
        bytes = WireValue.request(words)
    }

    /// The same for text.
    init(_ words: String...) { self.init(words.map { Array($0.utf8) }) }

    /// A line, as people type.
    init(inline words: [[UInt8]], _ dice: inout Dice) {
        self.words = words
        var line: [UInt8] = []
        for (index, word) in words.enumerated() {
            if index > 0 { line += Array(dice.pick([" ", " ", "  ", "\t", " \t "]).utf8) }
            line += Request.typed(word, &dice)
        }
        bytes = line + (dice.once(in: 3) ? [10] : [13, 10])
    }

    /// The name in capitals.
    var name: String { String(decoding: words[0], as: UTF8.self).uppercased() }

    /// The second word in capitals.
    var second: String {
        words.count > 1 ? String(decoding: words[1], as: UTF8.self).uppercased() : ""
    }

    /// As one would type it: for reports.
    var quoted: String {
        words.map { Request.quoted($0) }.joined(separator: " ")
    }

    /// Bytes in quotes, all that is not plain as an escape.
    static func quoted(_ bytes: [UInt8]) -> String {
        let shown = bytes.prefix(600)
        var text = "\""
        for byte in shown {
            switch byte {
            case 13: text += "\\r"
            case 10: text += "\\n"
            case 34: text += "\\\""
            case 92: text += "\\\\"
            case 32...126: text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text + "\"" + (shown.count < bytes.count ? "… (\(bytes.count) bytes)" : "")
    }

    private static func typed(_ word: [UInt8], _ dice: inout Dice) -> [UInt8] {
        let isPlain =
            !word.isEmpty && word.allSatisfy { (48...57).contains($0) || $0 > 64 && $0 < 92 }
        if isPlain, !dice.once(in: 4) { return word }
        let isSingle = dice.once(in: 3) && !word.contains { $0 < 32 || $0 > 126 || $0 == 92 }
        guard isSingle else { return fullyQuoted(word) }
        var typed: [UInt8] = [39]
        for byte in word { typed += byte == 39 ? [92, 39] : [byte] }
        return typed + [39]
    }

    private static func fullyQuoted(_ word: [UInt8]) -> [UInt8] {
        var typed: [UInt8] = [34]
        for byte in word {
            switch byte {
            case 34, 92: typed += [92, byte]
            case 32...126: typed.append(byte)
            default:
                let digits = Array(String(byte, radix: 16).utf8)
                typed += [92, 120] + (digits.count == 1 ? [48] : []) + digits
            }
        }
        return typed + [34]
    }
}
