import Bytes
import Client
import Grammar
import Terminal
import Testing
import Wire

@testable import Repl

/// Lines typed at an editor that has the assistant beside it, and the frames they gave.
private final class Typist: LineEditorDelegate {
    let assistant: TypingAssistant
    let history = LineHistory()
    var frames: [LineFrame] = []
    var bytes: [Int] = []
    var asked: [String] = []
    var channels = 2
    private let rows: RowPainter
    private let sink: Sink

    /// A command with a cost, as other servers have.
    private static let sample = Command<Int>(
        "HALL", .hash, [], since: "2.0.0", summary: "A sample.",
        complexity: "O(N) where N is the size of the hash.", arguments: [.key([.readOnly])]
    ) { _, _, _ throws(CommandError) in }.spec

    final class Sink {
        var bytes: [Int] = []
    }

    init(_ lines: [String] = [], keys: [String] = [], columns: Int = 120, isColored: Bool = true) {
        for line in lines { history.add(line) }
        let sink = Sink()
        self.sink = sink
        rows = RowPainter(
            isColored: isColored, size: { TerminalSize(rows: 24, columns: columns) },
            write: { sink.bytes.append($0.utf8.count) })
        assistant = TypingAssistant(
            own: Console.ownCommands.catalog.commands + Console.plainWords + [Self.sample],
            history: history,
            isSecret: Secrets.isSecret,
            painter: LinePainter(prompt: "larder> ", isColored: isColored, columns: columns))
        assistant.ask = { [unowned self] words in
            asked.append(words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
            if words[0] == Array("INFO".utf8) {
                return .bulk(ByteString("# Stats\r\npubsub_channels:\(channels)\r\n"))
            }
            if words[0] == Array("PUBSUB".utf8) { return .array([.bulk("news"), .bulk("chat")]) }
            let isScan = String(decoding: words[0], as: UTF8.self).hasSuffix("SCAN")
            if !isScan { return .integer(5) }
            return .array([.bulk("0"), .array(keys.map { .bulk(ByteString($0)) })])
        }
    }

    func type(_ keys: String, then more: [InputEvent] = []) throws -> String {
        let input = ScriptedInput(keys.utf8.map { .byte($0) } + more)
        let editor = try LineEditor(input: input, history: history)
        let outcome = editor.readLine(for: self)
        bytes = sink.bytes
        switch outcome {
        case .submit(let text): return text
        default: return "\(outcome) \(frames.last(where: { !$0.body.isEmpty })?.body.plain ?? "")"
        }
    }

    func paint(_ state: EditorState) {
        guard let frame = assistant.frame(state) else { return }
        if state.phase == .editing {
            frames.append(frame)
            rows.paint(frame)
        } else {
            rows.finish(frame)
        }
    }

    func intercept(_ key: Key, in editor: LineEditor) -> KeyDecision {
        assistant.intercept(key, in: editor)
    }

    func complete(in editor: LineEditor) { assistant.complete(in: editor) }

    func suggestion(for text: String) -> String? { assistant.suggestion(for: text) }
}

@Suite struct TypingTests {
    @Test func tabCompletesThenOpensTheMenu() throws {
        let typist = Typist(keys: ["user:1", "user:2", "user:30"])
        #expect(try typist.type("GET u\t\r") == "GET user:")
        // The second Tab opens the menu; Enter takes the word and the next Enter runs the line.
        #expect(try typist.type("GET u\t\t\r\r") == "GET user:1 ")
        #expect(try typist.type("GET u\t\t\t\t\r\r") == "GET user:30 ")
        #expect(try typist.type("GET u\t\t\u{1B}[B\r\r") == "GET user:2 ")
        #expect(try typist.type("GET u\t\t\u{1B}[A\r\r") == "GET user:30 ")
        #expect(try typist.type("GET u\t\t\u{1B}[Z\r\r") == "GET user:30 ")
        #expect(try typist.type("GET u\t\tx\r") == "GET user:x")
        #expect(try typist.type("gets\t\r") == "getset ")
        #expect(try typist.type("zzz\t\r") == "zzz")
        #expect(try typist.type(":he\t\r") == ":help ")
        #expect(try typist.type("help getr\t\r") == "help GETRANGE ")
        #expect(try typist.type("help @stri\t\r") == "help @string ")
    }

    @Test func keysAreThoseOfTheCommandsType() throws {
        let typist = Typist(keys: ["user:1"])
        #expect(try typist.type("HALL u\t\r") == "HALL user:1 ")
        #expect(typist.asked.first == "SCAN 0 MATCH u* COUNT 1000 TYPE hash")
        typist.asked = []
        #expect(try typist.type("GET u\t\r") == "GET user:1 ")
        #expect(typist.asked.first == "SCAN 0 MATCH u* COUNT 1000")
    }

    @Test func membersFieldsAndChannelsAreOffered() throws {
        let typist = Typist(keys: ["name", "v", "noon", "w"])
        #expect(try typist.type("HGET h n\t\r\r") == "HGET h name ")
        #expect(typist.asked.contains("HSCAN h 0 MATCH n* COUNT 1000"))
        typist.asked = []
        #expect(try typist.type("SREM s v\t\r\r") == "SREM s name ")
        #expect(typist.asked.contains("SSCAN s 0 MATCH v* COUNT 1000"))
        #expect(try typist.type("PUBLISH \t\r\r") == "PUBLISH chat ")
        typist.channels = 100_000
        typist.asked = []
        #expect(try typist.type("PUBLISH \t\r") == "PUBLISH ")
        #expect(!typist.asked.contains { $0.hasPrefix("PUBSUB") })
    }

    @Test func withoutAScanOnlyUsedNamesAreOffered() throws {
        let typist = Typist(keys: ["user:1"])
        typist.assistant.scansKeys = false
        #expect(try typist.type("GET u\t\r") == "GET u")
        typist.assistant.assistance.noteKeys(of: "SET used 1")
        #expect(try typist.type("GET u\t\r") == "GET used ")
        #expect(typist.asked.isEmpty)
    }

    @Test func aTabWaitsForAnAnswerThatIsOnItsWay() throws {
        let typist = Typist(keys: ["user:1"])
        typist.assistant.assistance.noteKeys(of: "SET used 1")
        var waits = true
        typist.assistant.isWaiting = { waits }
        #expect(try typist.type("GET u\t\r") == "GET u")
        let editor = try LineEditor(input: ScriptedInput(""), history: typist.history)
        editor.setText("GET us")
        typist.assistant.complete(in: editor)
        waits = false
        editor.setText("GET use")
        typist.assistant.answered(in: editor)
        #expect(editor.text == "GET use")
        waits = true
        typist.assistant.complete(in: editor)
        waits = false
        typist.assistant.answered(in: editor)
        #expect(typist.assistant.menu?.words == ["used", "user:1"])
    }

    @Test func configurationNamesEverywhere() throws {
        let typist = Typist()
        #expect(try typist.type(":config maxmemory-po\t\r") == ":config maxmemory-policy ")
        #expect(try typist.type(":explain maxmemory-po\t\r") == ":explain maxmemory-policy ")
        #expect(try typist.type(":explain used_memory_pea\t\r").contains("used_memory_peak"))
    }

    @Test func thePromptGoesByItsTemplate() {
        var facts = Prompt.Facts()
        #expect(Prompt.text(Prompt.usual, facts).plain == "larder> ")
        facts.isEmbedded = false
        facts.target = "prod:6379"
        facts.database = 3
        facts.queued = 2
        facts.subscriptions = 1
        #expect(Prompt.text(Prompt.usual, facts).plain == "prod:6379[3](TX 2)(sub 1)> ")
        facts.isProduction = true
        facts.hasFailed = true
        let text = Prompt.text("%e %t%p %v 100%% %q%", facts)
        #expect(text.plain == "! prod:6379(production) resp2 100% %q%")
        #expect(text.runs.contains { $0.string == "prod:6379" && $0.style.foreground == .red })
        facts.isReachable = false
        #expect(Prompt.text("%t%d> ", facts).plain == "not connected> ")
    }

    @Test func veryLongTextsAreLeftAlone() throws {
        let typist = Typist()
        let paste = String(repeating: "word ", count: 20_000)
        let text = try typist.type("\u{1B}[200~SET a '\(paste)'\u{1B}[201~\r")
        #expect(text.utf8.count == paste.utf8.count + "SET a ''".utf8.count)
        #expect(typist.frames.allSatisfy { $0.body.isEmpty })
    }

    @Test func escapeClosesTheMenu() throws {
        let typist = Typist(keys: ["user:1", "user:2"])
        let rest: [InputEvent] = [.byte(0x1B), .timeout, .byte(13)]
        #expect(try typist.type("GET user:\t", then: rest) == "GET user:")
        #expect(typist.frames.contains { $0.below.contains { $0.plain.contains("user:2") } })
        #expect(!(typist.frames.last?.below.contains { $0.plain.contains("user:2") } ?? true))
    }

    @Test func theGhostOfTheHistoryIsTakenOnlyWhenAsked() throws {
        let typist = Typist(["SET greeting hello"])
        #expect(try typist.type("SET g\r") == "SET g")
        #expect(typist.frames.last?.ghost.plain == "reeting hello")
        #expect(try typist.type("SET g\u{1B}[C\r") == "SET greeting hello")
        #expect(try typist.type("SET g\u{1B}[F\r") == "SET greeting hello")
        #expect(try typist.type("SET g\u{1B}[1;3C\r") == "SET greeting")
        #expect(try typist.type("SET g\u{1B}[1;3C\u{1B}[1;3C\r") == "SET greeting hello")
        #expect(try typist.type("SET g\u{2}\u{1B}[C\r") == "SET g")
    }

    @Test func secretsAreNeverGhosts() throws {
        let typist = Typist(["AUTH hunter2"])
        #expect(try typist.type("AU\u{1B}[C\r") == "AU")
        #expect(typist.frames.allSatisfy { !$0.ghost.plain.contains("hunter2") })
    }

    @Test func theHintAndTheRowBelow() throws {
        let typist = Typist()
        _ = try typist.type("OBJECT FREQ \r")
        #expect(typist.frames.last?.ghost.plain == "key")
        _ = try typist.type("STRLEN a \r")
        #expect(typist.frames.last?.below.first?.plain == "string · O(1) · since 2.2.0")
        _ = try typist.type("gte a\r")
        #expect(typist.frames.last?.below.first?.plain == "did you mean GET?")
        _ = try typist.type(":set \r")
        #expect(typist.frames.last?.below.isEmpty == false)
    }

    @Test func theCostIsThatOfThePresent() throws {
        let typist = Typist()
        func row(_ line: String) throws -> String {
            typist.asked = []
            _ = try typist.type(line + "\r")
            return typist.frames.last?.below.first?.plain ?? ""
        }
        #expect(try row("HALL a ") == "hash · O(N), N = 5 fields · since 2.0.0")
        #expect(typist.asked == ["HLEN a"])
        // Half a name is no key to ask for.
        #expect(try row("HALL a") == "hash · O(N) · since 2.0.0")
        #expect(typist.asked.isEmpty)
        #expect(try row("KEYS *").contains("O(N), N = 5 keys"))
        #expect(typist.asked == ["DBSIZE"])
        #expect(try row("MGET a b c ").contains("O(N), N = 3 keys"))
        // The length of what will be returned is not known before.
        #expect(try row("GETRANGE a 0 1 ") == "string · O(N) · since 2.4.0")
        #expect(typist.asked.isEmpty)
        #expect(PresentCost.short("O(log(N)) for each item added, where N") == "O(log(N))")
        #expect(PresentCost.short("O(1).") == "O(1)")
    }

    @Test func coloursGoByRole() throws {
        let typist = Typist()
        _ = try typist.type("SET a 1 EX 5 zz\r")
        let runs = typist.frames.last?.body.runs.filter { $0.style != .plain } ?? []
        #expect(runs.map(\.string) == ["SET", "a", "EX", "5", "zz"])
        #expect(
            runs.map(\.style) == [.command, .key, .token, .number, .wrong].map(LinePainter.style))
    }

    @Test func withoutColoursNothingLooksTyped() throws {
        let typist = Typist(["SET greeting hello"], keys: ["k1", "k2"], isColored: false)
        _ = try typist.type("SET g\r")
        #expect(typist.frames.allSatisfy { $0.ghost.isEmpty })
        #expect(typist.frames.last?.below.first?.plain.hasPrefix("value [NX | XX]") == true)
        _ = try typist.type("GET k\t\r\r")
        #expect(typist.frames.contains { $0.below.contains { $0.plain.contains(">k1") } })
    }

    @Test(arguments: [
        "SET greeting hello EX 60", "CONFIG GET \t\t\t\t", "\t\t\t\t", "GET user:\t\t\t",
        "SET a 1 \t\t\t", "5 MSET aaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbb cccccccccccc dddddd",
    ])
    func aRepaintIsAtMostAKilobyte(keys: String) throws {
        let names = (0..<300).map { "user:\($0):and:a:name:of:some:length" }
        let typist = Typist(["SET greeting hello EX 60 NX and more"], keys: names)
        _ = try typist.type(keys)
        #expect(typist.bytes.count >= keys.utf8.count)
        #expect(typist.bytes.max() ?? 0 <= 1024, "\(typist.bytes)")
    }
}
