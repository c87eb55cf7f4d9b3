import Bytes
import Client
import Grammar
import Wire

// `:peek KEY`: what a key is, in rows. The questions are those of KeyLook.

enum Peek {
    static var commands: [Command<Console>] { [peek] }

    static let peek = Command<Console>(
        ":PEEK", .connection, [], since: "1.0.0",
        summary: """
            Shows what a key is: type, encoding, time to live, size, use, and the ends of its \
            value. Never reads a whole value.
            """, complexity: "", arguments: [.key(.readOnly)],
        examples: [":peek greeting"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let key = call[1].copied()
        let look = try KeyLook.look(at: key) { words throws(CommandError) in
            let reply = try console.ask(words)
            // Not every server answers every question, but one that lets nobody in is told of.
            if let error = reply.errorText, ["NOAUTH", "NOPERM"].contains(reply.errorCode?.text) {
                throw CommandError(error)
            }
            return reply
        }
        guard let look else {
            reply.buffer.append(utf8: "there is no such key\n")
            return
        }
        for (label, value) in rows(look) {
            let blanks = String(repeating: " ", count: max(1, 11 - label.count))
            reply.buffer.append(utf8: label + blanks + value + "\n")
        }
    }

    private static func rows(_ look: KeyLook) -> [(String, String)] {
        let encoding = look.encoding.isEmpty ? "" : ", kept as \(look.encoding)"
        var rows = [("type", look.type + encoding)]
        if let left = look.left {
            rows.append(("expires", left < 0 ? "never" : "in \(Durations.text(left))"))
        }
        if let count = look.count {
            rows.append(("size", "\(count) \(look.noun(count))"))
        }
        if let bytes = look.bytes { rows.append(("memory", "\(bytes) bytes, estimated")) }
        if let idle = look.idle { rows.append(("not used", "for \(Durations.text(idle * 1000))")) }
        if let frequency = look.frequency { rows.append(("frequency", "\(frequency) of 255")) }
        return rows
            + look.ends.map { end in
                let isPaired = end.elements.contains { $0.partner != nil }
                let values = end.elements.map { element in
                    quoted(element.bytes, element.isCut)
                        + (element.partner.map { " " + quoted($0, false) } ?? "")
                }
                return (end.label, values.joined(separator: isPaired ? ", " : " "))
            }
    }

    /// A value as it can be typed again, with a mark where it was cut.
    private static func quoted(_ bytes: [UInt8], _ isCut: Bool) -> String {
        String(decoding: Quoting.quoted(bytes.rawSpan), as: UTF8.self) + (isCut ? "…" : "")
    }
}

/// Durations as people say them.
enum Durations {
    /// The two biggest units of a number of milliseconds: `2 d 3 h`, `1 m 5 s`, `250 ms`.
    static func text(_ milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        var rest = milliseconds / 1000
        var parts: [String] = []
        for (unit, seconds) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
            if rest >= seconds { parts.append("\(rest / seconds) \(unit)") }
            rest %= seconds
        }
        return parts.prefix(2).joined(separator: " ")
    }
}
