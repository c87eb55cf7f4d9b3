import Bytes
import Client
public import Wire

// A session that becomes a scenario. What a reply depends on beyond the commands before it (time,
// chance, memory, numbers that a server hands out) cannot be expected again, so such values get a
// matcher. Some are known by their command; the others show themselves when the scenario is played
// once in a world of its own: wherever that answers otherwise, the line is made as open as it has
// to be. So a recording passes its test by the way it is made.

/// Takes down commands and replies, and makes a scenario of them.
public final class ScenarioRecording {
    private struct Entry {
        /// Nil where a secret was left out.
        var line: String?
        var reply: [String]
    }

    private let name: String
    private var entries: [Entry] = []

    /// A recording that will be called so.
    public init(named name: String) { self.name = name }

    /// How many commands were taken down.
    public var count: Int { entries.count }

    /// Takes a command and its reply; without words where they hold a secret.
    public func take(_ words: [[UInt8]]?, _ reply: RESPValue) {
        guard let words else { return entries.append(Entry(line: nil, reply: [])) }
        entries.append(
            Entry(line: Self.line(words), reply: Stage.lines(of: reply, to: words)))
    }

    /// The words as they are typed.
    private static func line(_ words: [[UInt8]]) -> String {
        words.map { word in
            let isBare =
                !word.isEmpty
                && word.allSatisfy { 0x21...0x7E ~= $0 && $0 != 0x22 && $0 != 0x27 && $0 != 0x5C }
            return isBare
                ? String(decoding: word, as: UTF8.self)
                : String(decoding: Quoting.quoted(word.rawSpan), as: UTF8.self)
        }.joined(separator: " ")
    }

    /// The text of the scenario.
    public func text() -> String {
        let expected = entries.map { entry in
            entry.line.map { Volatile.expectation(of: entry.reply, to: $0) } ?? []
        }
        let first = text(expected)
        guard let replies = Self.played(first) else { return first }
        var mended = expected
        var number = 0
        for (index, entry) in entries.enumerated() where entry.line != nil {
            defer { number += 1 }
            guard number < replies.count else { continue }
            let lines = expected[index].map { Self.expectation($0) }
            if TranscriptMatch.compare(replies[number], lines).isMatch { continue }
            mended[index] = Volatile.open(expected[index], for: replies[number])
        }
        return text(mended)
    }

    private func text(_ expected: [[String]]) -> String {
        var text = """
            ---
            title: "\(name)"
            id: \(Self.id(name))
            minutes: 1
            ---
            # \(name)

            A session at the prompt, taken down.

            ## What was typed

            ```redis

            """
        for (entry, lines) in zip(entries, expected) {
            guard let line = entry.line else {
                text += "// a line with a secret was left out\n"
                continue
            }
            text += "> \(line)\n" + lines.map { $0 + "\n" }.joined()
        }
        return text + "```\n"
    }

    static func id(_ name: String) -> String {
        let letters = name.lowercased().map { letter in
            letter.isASCII && (letter.isLetter || letter.isNumber) ? letter : "-"
        }
        let parts = String(letters).split(separator: "-")
        return parts.isEmpty ? "recording" : parts.joined(separator: "-")
    }

    /// The line of a transcript as the format reads it.
    private static func expectation(_ line: String) -> Expectation {
        let text = "```redis\n> PING\n\(line)\n```\n"
        var parser = ScenarioParser(
            source: 0, name: "", lines: text.split(separator: "\n").map(String.init))
        parser.parse(hasFront: false)
        for element in parser.elements {
            if case .fence(let fence) = element.kind, case .transcript(let lines) = fence.block,
                let command = lines.commands.first, let first = command.expected.first
            {
                return first
            }
        }
        return Expectation(
            text: line, matcher: .exact, literal: line, place: Place(line: 1, column: 1))
    }

    /// What a world of its own answers to each command; nil when it cannot be played.
    private static func played(_ text: String) -> [[String]]? {
        let loader = ScenarioLoader { _ in Array(text.utf8) }
        let loaded = loader.load("Scenarios/recording.md")
        var options = PerformanceOptions()
        options.keepsGoing = true
        guard let performance = try? Performance(loaded.scenario, options: options) else {
            return nil
        }
        var replies: [[String]] = []
        performance.emit = { event in
            guard event.kind == .reply,
                let lines = event.fields.first(where: { $0.0 == "lines" })?.1.array
            else { return }
            replies.append(lines.compactMap(\.string))
        }
        performance.run()
        return replies
    }
}

/// Replies that are another each time.
enum Volatile {
    /// How a reply is written into a transcript.
    static func expectation(of reply: [String], to line: String) -> [String] {
        let words = line.split(separator: " ").map { $0.lowercased() }
        let name = words.first ?? ""
        let second = words.count > 1 ? words[1] : ""
        if let number = integer(reply) {
            switch name {
            case "ttl": if number > 0 { return ["(integer) \(number)  (in 0..\(number + 60))"] }
            case "pttl":
                if number > 0 { return ["(integer) \(number)  (in 0..\(number + 60_000))"] }
            case "expiretime", "pexpiretime", "lastsave", "memory":
                if number > 0 { return [any(reply[0])] }
            case "object" where ["idletime", "freq"].contains(second): return [any(reply[0])]
            case "client" where second == "id": return [any(reply[0])]
            default: break
            }
        }
        let isOpen =
            ["info", "time", "scan", "hscan", "sscan", "zscan", "randomkey", "role", "monitor"]
            .contains(name) || name == "client" && ["list", "info"].contains(second)
            || ["latency", "slowlog", "debug", "command"].contains(name)
            || ["srandmember", "spop", "hrandfield", "zrandmember"].contains(name)
        if isOpen { return reply.count == 1 ? [any(reply[0])] : ["..."] }
        let isUnordered = ["keys", "smembers", "sinter", "sunion", "sdiff"].contains(name)
        if isUnordered, reply.count > 1 {
            return reply.map { row in
                let digits = row.drop { $0 == " " }.drop { $0.isNumber }
                return String(digits.dropFirst(2)) + "  (unordered)"
            }
        }
        return reply.isEmpty ? [] : reply.map(escaped)
    }

    /// The lines made as open as a reply needs that differs from them.
    static func open(_ lines: [String], for reply: [String]) -> [String] {
        guard lines.count == reply.count else { return ["..."] }
        return zip(lines, reply).map { line, other in
            line == other || line.hasSuffix(")") && line.contains("  (") ? line : any(line)
        }
    }

    private static func any(_ line: String) -> String { line + "  (any)" }

    private static func integer(_ reply: [String]) -> Int? {
        guard reply.count == 1, reply[0].hasPrefix("(integer) ") else { return nil }
        return Int(reply[0].dropFirst("(integer) ".count))
    }

    /// A line that would be read as something else gets a mark before it.
    static func escaped(_ line: String) -> String {
        let word = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
        let rest = line.dropFirst(word.count)
        let isPrompt =
            rest.hasPrefix("> ") || rest.hasPrefix("< ") || line.hasPrefix(".. ")
            || line.hasPrefix("// ") || line == "..." || line.hasPrefix("\\")
        let isFence = line.hasPrefix("```")
        return isPrompt || isFence ? "\\" + line : line
    }
}
