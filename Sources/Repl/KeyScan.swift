import Bytes
import Client
import Grammar
import Server
import Terminal
import Wire

// Looking at all keys of a server that does not watch them itself: SCAN in pages, and what is to
// be known of the keys of a page in one go. After each page the server is left alone for four
// times as long as the page took, so that at most a fifth of its time is spent on this; KEYS is
// never sent. How far it has come stands in the last row; Ctrl-C ends it, and what was found so
// far is shown.

/// A walk over the keys of the selected database.
struct KeyScan {
    /// Keys of a page.
    static let page = 100
    /// The least rest between two pages, in nanoseconds.
    private static let leastRest: UInt64 = 2_000_000

    /// Keys that were looked at.
    private(set) var seen = 0
    /// True when Ctrl-C has ended it.
    private(set) var wasInterrupted = false
    private let console: Console

    init(_ console: Console) { self.console = console }

    /// Walks over all keys. `look` gets the keys of a page, none twice within it.
    mutating func run(
        _ look: ([[UInt8]]) throws(CommandError) -> Void
    ) throws(CommandError) {
        let total = try console.ask("DBSIZE").number ?? 0
        var cursor = Array("0".utf8)
        defer { erase() }
        repeat {
            let began = SystemClock.monotonicNanoseconds()
            do throws(CommandError) {
                let keys = try page(&cursor)
                try look(keys)
                seen += keys.count
            } catch {
                guard error == KeyScan.interrupted else { throw error }
                wasInterrupted = true
                return
            }
            if cursor == Array("0".utf8) { return }
            show(total)
            let now = SystemClock.monotonicNanoseconds()
            let rest = max(KeyScan.leastRest, (now - began) * 4)
            wasInterrupted = console.rest(until: now + rest)
        } while !wasInterrupted
    }

    /// What Ctrl-C during a question comes out as.
    static let interrupted = CommandError("interrupted")

    private func page(_ cursor: inout [UInt8]) throws(CommandError) -> [[UInt8]] {
        let reply = try console.ask([
            Array("SCAN".utf8), cursor, Array("COUNT".utf8), Array("\(KeyScan.page)".utf8),
        ])
        if let error = reply.errorText { throw CommandError(error) }
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].plainBytes else {
            throw CommandError("the server's SCAN cannot be read")
        }
        cursor = next
        return parts[1].flattened
    }

    private func show(_ total: Int) {
        guard console.isInteractive, console.output.isTerminal else { return }
        let share = total > 0 ? " of about \(Grouped.text(total))" : ""
        let text = "\(Grouped.text(seen))\(share) keys, Ctrl-C shows what was found so far"
        console.output.show("\r" + text + ANSI.eraseRow)
    }

    private func erase() {
        guard console.isInteractive, console.output.isTerminal else { return }
        console.output.show("\r" + ANSI.eraseRow)
    }

    /// What the walk covered, in a row.
    var summary: String {
        let noun = seen == 1 ? "key" : "keys"
        let end = wasInterrupted ? ", then ended by Ctrl-C" : ""
        return "\(Grouped.text(seen)) \(noun) looked at\(end)\n"
    }
}

extension Console {
    /// The replies to several questions, asked together.
    func askAll(_ commands: [[[UInt8]]]) throws(CommandError) -> [RESPValue] {
        if endpoint.state.queued != nil {
            throw CommandError("not inside a transaction: EXEC or DISCARD ends it")
        }
        switch endpoint.callAll(commands) {
        case .success(let replies): return replies
        case .failure(let interrupted):
            switch interrupted.outcome {
            case .failed(.cannotConnect(let reason)), .failed(.refused(let reason)),
                .failed(.lost(let reason)), .failed(.protocolError(let reason)):
                throw CommandError(reason)
            default: throw KeyScan.interrupted
            }
        }
    }

    /// Waits until a point in time; true when Ctrl-C came first.
    func rest(until end: UInt64) -> Bool {
        guard let wake = attention?.wakeDescriptor else {
            let now = SystemClock.monotonicNanoseconds()
            if end > now {
                _ = Descriptor.wait(for: [], milliseconds: Int((end - now) / 1_000_000) + 1)
            }
            return false
        }
        while true {
            let now = SystemClock.monotonicNanoseconds()
            guard now < end else { return false }
            let left = Int((end - now + 999_999) / 1_000_000)
            guard case .ready = Descriptor.wait(for: [wake], milliseconds: left) else { continue }
            if attention?.takeSignals().contains(.interrupted) == true { return true }
        }
    }
}

/// The best of what is handed over, a bounded number of them.
struct Best<Element> {
    private var kept: [(rank: Int, element: Element)] = []
    private let limit: Int

    init(_ limit: Int) { self.limit = limit }

    /// Keeps an element if its rank is among the highest.
    mutating func offer(_ rank: Int, _ element: @autoclosure () -> Element) {
        if kept.count == limit, rank <= kept.last?.rank ?? .max { return }
        let place = kept.firstIndex { $0.rank < rank } ?? kept.count
        kept.insert((rank, element()), at: place)
        if kept.count > limit { kept.removeLast() }
    }

    /// What was kept, the highest first.
    var elements: [Element] { kept.map(\.element) }
}
