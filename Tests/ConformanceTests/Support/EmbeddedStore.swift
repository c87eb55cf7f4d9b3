import Bytes
import Engine
import Grammar
import Wire

/// A store of the flavour that is compared, asked in the same way as a real server.
final class EmbeddedStore {
    private var store: Store
    private let session: Int

    init(flavour: Flavour = .redis70) {
        var settings = Settings()
        settings.flavour = flavour
        settings.debugPermission = .everybody
        let start = Tick(
            wall: Timestamp(milliseconds: 1_750_000_000_000),
            monotonic: Instant(nanoseconds: 1 << 40))
        store = Store(settings: settings, seed: 1, at: start, stopwatch: { 0 })
        session = store.open(.embedded)
    }

    /// Its table of commands.
    var commands: CommandTable<Store> { store.commands }

    /// Runs one request and gives the bytes of its reply.
    func call(_ words: [String]) -> [UInt8] { call(words.map { Array($0.utf8) }) }

    /// Runs one request and gives the bytes of its reply.
    func call(_ words: [[UInt8]]) -> [UInt8] {
        var reply = ReplyWriter(version: store.version(session: session))
        let list = ArgumentList(words)
        store.call(list.arguments, session: session, reply: &reply)
        return reply.buffer.bytes.copied()
    }

    /// Runs one request and gives its reply, decoded.
    func value(_ words: String...) -> WireValue { WireValue(reply: call(words)) }
}
