import Bytes
import Client
public import Wire

// A session that becomes a scenario. What a reply depends on beyond the commands before it (time,
// chance, memory, numbers that a server hands out) cannot be expected again, so such values get a
// matcher. Some are known by their command; the others show themselves when the scenario is played
// in a world of its own: wherever that answers otherwise, the line is made as open as it has to be.
// Messages are expected where they came. Those that somebody else published are published by a
// session of the scenario, since nobody else is there; what does not come at all is a remark. So a
// recording passes its test by the way it is made.

/// Takes down commands, replies and messages, and makes a scenario of them.
public final class ScenarioRecording {
    private enum Entry {
        /// A line and what came back; nothing is expected where that is nil.
        case command(line: String, words: [[UInt8]], reply: [String]?)
        /// What came by itself.
        case message(RecordedMessage)
        /// Something that cannot be repeated.
        case remark(String)
    }

    private let name: String
    private var entries: [Entry] = []

    /// A recording that will be called so.
    public init(named name: String) { self.name = name }

    /// How many commands were taken down that somebody has typed.
    public private(set) var count = 0

    /// Takes a command and its reply; without words where they hold a secret.
    public func take(_ words: [[UInt8]]?, _ reply: RESPValue) {
        count += 1
        guard let words else {
            return entries.append(.remark("a line with a secret was left out"))
        }
        guard Self.name(words) != "monitor" else {
            return entries.append(.remark("here MONITOR showed what others did"))
        }
        entries.append(
            .command(line: Self.line(words), words: words, reply: Stage.lines(of: reply, to: words))
        )
    }

    /// Takes a command whose reply is not known.
    public func send(_ words: [[UInt8]]) {
        entries.append(.command(line: Self.line(words), words: words, reply: nil))
    }

    /// Takes what came by itself.
    public func push(_ value: RESPValue) {
        guard let message = RecordedMessage(value) else { return }
        guard message.isAcknowledgement else { return entries.append(.message(message)) }
        // A subscription to several names is acknowledged for each; the first was the reply.
        let index = entries.lastIndex { entry in
            guard case .command(_, let words, _) = entry else { return false }
            return Self.name(words).hasSuffix("subscribe")
        }
        guard let index, case .command(let line, let words, let reply?) = entries[index] else {
            return
        }
        entries[index] = .command(
            line: line, words: words, reply: reply + Stage.lines(of: value, to: words))
    }

    private static func name(_ words: [[UInt8]]) -> String {
        words.first.map { String(decoding: $0, as: UTF8.self).lowercased() } ?? ""
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

    // MARK: The text

    /// The text of the scenario.
    public func text() -> String {
        var items = items
        // Each time that it is played something may be made more open; that ends, since nothing
        // is ever closed again.
        for _ in 0..<8 {
            guard let run = RecordedRun(text(items)), !run.isAsExpected else { break }
            items = items.indices.map { run.mended(items[$0], line: line(of: $0, in: items)) }
        }
        return text(items)
    }

    /// What stands in the transcript, part by part.
    private var items: [RecordedItem] {
        var items: [RecordedItem] = []
        var published: [RecordedMessage.Publication] = []
        for entry in entries {
            switch entry {
            case .remark(let text): items.append(.remark(text))
            case .command(let line, let words, let reply):
                if let own = RecordedMessage.Publication(words) { published.append(own) }
                items.append(
                    .command(
                        session: nil, line: line,
                        expected: reply.map { Volatile.expectation(of: $0, to: line) } ?? []))
            case .message(let message):
                if !message.take(from: &published), let words = message.publishing {
                    // Somebody else said it; in the scenario that is a session of its own.
                    published.append(RecordedMessage.Publication(words, seenBy: message))
                    items.append(
                        .command(session: "other", line: Self.line(words), expected: []))
                }
                items.append(.push(message.line))
            }
        }
        return items
    }

    private static let opening = 12

    /// The line of the file on which an item stands.
    private func line(of number: Int, in items: [RecordedItem]) -> Int {
        items[..<number].reduce(Self.opening) { $0 + $1.lines.count } + 1
    }

    private func text(_ items: [RecordedItem]) -> String {
        // What would end the quotes of the title, or its line, is a blank there.
        var name = String(name.map { $0 == "\"" || $0 == "\\" || $0.isNewline ? " " : $0 })
        if name.allSatisfy({ $0 == " " }) { name = "Recording" }
        let opening = """
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
        return opening + items.flatMap(\.lines).map { $0 + "\n" }.joined() + "```\n"
    }

    static func id(_ name: String) -> String {
        let letters = name.lowercased().map { letter in
            letter.isASCII && (letter.isLetter || letter.isNumber) ? letter : "-"
        }
        // The number of a file is no part of its id.
        let parts = String(letters).split(separator: "-").drop { $0.allSatisfy(\.isNumber) }
        let id = parts.joined(separator: "-")
        return id.first?.isLetter == true ? id : "recording" + (id.isEmpty ? "" : "-" + id)
    }
}

/// A part of the transcript that a recording becomes.
enum RecordedItem {
    /// A line that is typed, by another session than the usual where one is named.
    case command(session: String?, line: String, expected: [String])
    /// Something that is expected to come by itself.
    case push(String)
    /// Words for the reader.
    case remark(String)

    /// As it stands in the file.
    var lines: [String] {
        switch self {
        case .command(let session, let line, let expected):
            ["\(session ?? "")> \(line)"] + expected
        case .push(let line): ["r< \(line)"]
        case .remark(let text): ["// \(text)"]
        }
    }
}

/// What a world of its own makes of a recording.
struct RecordedRun {
    /// The replies to commands by the lines on which these stand.
    private var replies: [Int: [String]] = [:]
    /// The lines whose expectations were not met.
    private var failed: Set<Int> = []

    /// True when all came as it is expected.
    var isAsExpected: Bool { failed.isEmpty }

    /// Plays a text; nil when it cannot be played.
    init?(_ text: String) {
        let loader = ScenarioLoader { _ in Array(text.utf8) }
        let loaded = loader.load("Scenarios/recording.md")
        var options = PerformanceOptions()
        options.keepsGoing = true
        guard let performance = try? Performance(loaded.scenario, options: options) else {
            return nil
        }
        var replies: [Int: [String]] = [:]
        performance.emit = { event in
            guard event.kind == .reply,
                let lines = event.fields.first(where: { $0.0 == "lines" })?.1.array
            else { return }
            replies[event.place.line] = lines.compactMap(\.string)
        }
        performance.run()
        self.replies = replies
        failed = Set(performance.failures.map(\.place.line))
    }

    /// An item as open as it has to be.
    func mended(_ item: RecordedItem, line: Int) -> RecordedItem {
        guard failed.contains(line) else { return item }
        switch item {
        case .command(let session, let text, let expected):
            guard let reply = replies[line] else { return item }
            return .command(
                session: session, line: text, expected: Volatile.open(expected, for: reply))
        case .push(let text): return .remark("came by itself: \(text)")
        case .remark: return item
        }
    }
}
