import Bytes
import Client
import Grammar
import Wire

// `:peek KEY`: what a key is, without reading all of it. Every question asked here costs the same
// however big the value is: lengths are kept by the server, and only the ends of a value are read.
// How long the key has not been used is asked first, because looking at the value is a use.

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
        guard let type = try ask(console, ["TYPE"], key)?.plainBytes, type != Array("none".utf8)
        else {
            reply.buffer.append(utf8: "there is no such key\n")
            return
        }
        let name = String(decoding: type, as: UTF8.self)
        let idle = try ask(console, ["OBJECT", "IDLETIME"], key)?.number
        let frequency = idle == nil ? try ask(console, ["OBJECT", "FREQ"], key)?.number : nil
        let encoding = try ask(console, ["OBJECT", "ENCODING"], key)?.plainBytes
        var rows = [("type", name + (encoding.map { ", kept as \(text($0))" } ?? ""))]
        if let left = try ask(console, ["PTTL"], key)?.number {
            rows.append(("expires", left < 0 ? "never" : "in \(Durations.text(left))"))
        }
        if let size = sizes[name], let length = try ask(console, [size.command], key)?.number {
            rows.append(("size", "\(length) \(length == 1 ? size.one : size.one + "s")"))
        }
        if let bytes = try ask(console, ["MEMORY", "USAGE"], key, ["SAMPLES", "1"])?.number {
            rows.append(("memory", "\(bytes) bytes, estimated"))
        }
        if let idle { rows.append(("not used", "for \(Durations.text(idle * 1000))")) }
        if let frequency { rows.append(("frequency", "\(frequency) of 255")) }
        rows += try ends(of: name, key, console)
        for (label, value) in rows {
            let blanks = String(repeating: " ", count: max(1, 11 - label.count))
            reply.buffer.append(utf8: label + blanks + value + "\n")
        }
    }

    /// The commands that tell a value's length, and what they count.
    private static let sizes: [String: (command: String, one: String)] = [
        "string": ("STRLEN", "byte"), "list": ("LLEN", "element"), "set": ("SCARD", "member"),
        "zset": ("ZCARD", "member"), "hash": ("HLEN", "field"), "stream": ("XLEN", "entry"),
    ]

    /// The first and last parts of a value.
    private static func ends(
        of type: String, _ key: [UInt8], _ console: Console
    ) throws(CommandError) -> [(String, String)] {
        switch type {
        case "string":
            guard let start = try ask(console, ["GETRANGE"], key, ["0", "63"])?.plainBytes else {
                return []
            }
            return [(start.count == 64 ? "begins" : "value", quoted(start))]
        case "list":
            return try pair(console, key, ("LRANGE", ["0", "2"]), ("LRANGE", ["-3", "-1"]))
        case "zset":
            return try pair(
                console, key, ("ZRANGE", ["0", "2", "WITHSCORES"]),
                ("ZRANGE", ["-3", "-1", "WITHSCORES"]))
        case "stream":
            return try pair(
                console, key, ("XRANGE", ["-", "+", "COUNT", "1"]),
                ("XREVRANGE", ["+", "-", "COUNT", "1"]))
        case "set", "hash":
            // A small value may come whole: servers keep it in one piece and scan it in one go.
            let scan = type == "set" ? "SSCAN" : "HSCAN"
            guard case .array(let parts)? = try ask(console, [scan], key, ["0", "COUNT", "3"]),
                parts.count == 2
            else { return [] }
            let some = Array(parts[1].flattened.prefix(type == "set" ? 3 : 6))
            return [("some", joined(some, inPairs: type == "hash"))]
        default: return []
        }
    }

    private static func pair(
        _ console: Console, _ key: [UInt8], _ first: (String, [String]), _ last: (String, [String])
    ) throws(CommandError) -> [(String, String)] {
        var rows: [(String, String)] = []
        for (label, (name, range)) in [("first", first), ("last", last)] {
            guard let values = try ask(console, [name], key, range)?.flattened else { continue }
            rows.append((label, joined(values, inPairs: range.contains("WITHSCORES"))))
        }
        return rows
    }

    /// Values in a row; with a comma behind each pair where two belong together.
    private static func joined(_ values: [[UInt8]], inPairs: Bool) -> String {
        guard inPairs else { return values.map(quoted).joined(separator: " ") }
        return stride(from: 0, to: values.count - 1, by: 2).map { place in
            "\(quoted(values[place])) \(quoted(values[place + 1]))"
        }.joined(separator: ", ")
    }

    /// The reply to a question about a key; nil when it is an error, since not every server
    /// answers every question.
    private static func ask(
        _ console: Console, _ command: [String], _ key: [UInt8], _ rest: [String] = []
    ) throws(CommandError) -> RESPValue? {
        let words = command.map { Array($0.utf8) } + [key] + rest.map { Array($0.utf8) }
        let reply = try console.ask(words)
        if let error = reply.errorText, ["NOAUTH", "NOPERM"].contains(reply.errorCode?.text) {
            throw CommandError(error)
        }
        return reply.errorText == nil && !reply.isNull ? reply : nil
    }

    /// A value as it can be typed again, cut to what fits a row.
    private static func quoted(_ bytes: [UInt8]) -> String {
        let cut = bytes.prefix(64)
        let text = String(decoding: Quoting.quoted(Array(cut).rawSpan), as: UTF8.self)
        return cut.count < bytes.count ? text + "…" : text
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
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
