import Bytes
import Engine
import Grammar
import Testing
import Wire

/// A store with a clock that only tests move, driven by lines as one types them.
///
///     let node = TestNode()
///     #expect(node.send("SET a 1") == "+OK\r\n")
///     node.advance(milliseconds: 1500)
///
/// Lines are split by the rules of inline commands, so `"\x00"` is one NUL byte. Replies are the
/// bytes of the wire, each as the Unicode scalar of the same number, so that none is lost.
final class TestNode {
    var store: Store
    private(set) var now: Tick
    /// What sessions were sent outside the order of their requests, and have not looked at.
    private var inbox: [Int: String] = [:]

    /// A wall time in the middle of 2025, so that times of day and years are plain numbers.
    static let start = Tick(
        wall: Timestamp(milliseconds: 1_750_000_000_000), monotonic: Instant(nanoseconds: 1 << 40))

    init(
        flavour: Flavour = .redis70, seed: UInt64 = 1,
        commands: [Command<Store>] = AllCommands.list,
        clock: StepClock? = nil,
        settings change: (inout Settings) -> Void = { _ in }
    ) {
        var settings = Settings()
        settings.flavour = flavour
        change(&settings)
        now = TestNode.start
        store = Store(
            settings: settings, commands: commands, seed: seed, at: now,
            stopwatch: { clock?.read() ?? 0 })
        _ = store.open(.embedded)
    }

    /// Opens one more session and returns its number; the first, 0, is open from the start.
    func open(_ origin: ConnectionOrigin = .embedded) -> Int { store.open(origin) }

    /// Moves both clocks; nothing else happens until `send` or `tick`.
    func advance(milliseconds: Int64) { now = now.advanced(milliseconds: milliseconds) }

    /// Does the regular work once, at the present time.
    func tick() {
        store.latch(now)
        store.tick()
        collect()
    }

    /// Ends a session.
    func close(_ session: Int) {
        store.close(session: session)
        collect()
    }

    /// What a session was sent outside the order of its requests since the last look.
    func received(by session: Int) -> String { inbox.removeValue(forKey: session) ?? "" }

    /// The sessions that were sent something that nobody has looked at.
    var unread: [Int] { inbox.keys.sorted() }

    private func collect() {
        guard store.hasDeliveries else { return }
        var letters: [(Int, String)] = []
        store.takeDeliveries { letters.append(($0, TestNode.text($1))) }
        for (session, text) in letters { inbox[session, default: ""] += text }
    }

    private static func text(_ bytes: RawSpan) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes.copied() { text.append(Unicode.Scalar(byte)) }
        return String(text)
    }

    /// Runs one line and returns the raw reply.
    @discardableResult
    func send(_ line: String, from session: Int = 0) -> String {
        var words = ArgumentList()
        do {
            try InlineSplitter.split(Array(line.utf8).rawSpan, into: &words)
        } catch {
            Issue.record("the line cannot be split: \(line): \(error)")
        }
        return send(words, from: session)
    }

    /// Runs one request and returns the raw reply.
    @discardableResult
    func send(_ words: ArgumentList, from session: Int = 0) -> String {
        store.latch(now)
        var reply = ReplyWriter(version: store.version(session: session))
        store.call(words.arguments, session: session, reply: &reply)
        let text = TestNode.text(reply.buffer.bytes)
        collect()
        return text
    }

    /// The reply line by line, as transcripts show it: what is not printable is `\xHH`.
    func lines(_ line: String, from session: Int = 0) -> [String] {
        Transcript.lines(of: send(line, from: session))
    }
}
