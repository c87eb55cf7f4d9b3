import Bytes
import Grammar
import Testing

@testable import Engine

/// CLIENT TRACKING against a model: several sessions at one store, some of them told in another's
/// stead, in both versions of the protocol, and every byte that anybody is sent compared. A
/// failure prints its seed and what led to it.
@Suite("Tracking against a model")
struct TrackingModelTests {
    @Test("Everybody is told what they must know, once", arguments: 1...12)
    func play(seed: UInt64) {
        let game = TrackingGame(seed: seed)
        for _ in 0..<1500 {
            game.step()
            if let difference = game.difference {
                Issue.record(Comment(rawValue: difference))
                return
            }
        }
        // A game in which nothing happened would prove nothing.
        #expect(game.model.told > 100, "seed \(seed): \(game.droppedCopies) copies dropped")
    }
}

/// One game: a store, its model, and dice.
private final class TrackingGame {
    private let node: TestNode
    let model: TrackingModel
    private let flavour: Flavour
    private let seed: UInt64
    private var random: Random
    private var sessions: [Int] = []
    private var log: [String] = []
    private var serial = 0
    /// What each session would have as a cache, for those who remember what they read.
    private var copies: [[String: String]] = []
    private(set) var droppedCopies = 0
    private(set) var difference: String?

    /// Those who play; the other two only listen, one in each version of the protocol.
    private static let players = 4
    private static let keys = ["a", "ab", "abc", "b", "c"]

    init(seed: UInt64) {
        self.seed = seed
        random = Random(seed: seed)
        flavour = seed % 2 == 0 ? .redis70 : .redis72
        node = TestNode(flavour: flavour)
        model = TrackingModel(peers: [], now: node.now.wall.milliseconds)
        for place in 0..<TrackingGame.players + 2 {
            sessions.append(0)
            copies.append([:])
            model.peers.append(open(place))
        }
    }

    private func open(_ place: Int) -> TrackingModel.Peer {
        sessions[place] = node.open()
        let number = Int(node.store.sessions[sessions[place]]?.id ?? 0)
        let isListener = place == TrackingGame.players
        let version = isListener ? 2 : place == TrackingGame.players + 1 ? 3 : 2 + dice(2)
        var peer = TrackingModel.Peer(number: number, version: version)
        if version == 3 { node.send("HELLO 3", from: sessions[place]) }
        if isListener {
            node.send("SUBSCRIBE __redis__:invalidate", from: sessions[place])
            peer.isSubscribed = true
        }
        return peer
    }

    private func dice(_ bound: Int) -> Int { random.next(below: bound) }

    private func once(in count: Int) -> Bool { dice(count) == 0 }

    // MARK: Steps

    func step() {
        if once(in: 40) {
            let milliseconds = Int64(1 + dice(60))
            log.append("advance \(milliseconds)")
            node.advance(milliseconds: milliseconds)
            model.now += milliseconds
        } else if once(in: 60) {
            reopen(dice(TrackingGame.players + 2))
        } else {
            request(dice(TrackingGame.players))
        }
    }

    private func reopen(_ place: Int) {
        log.append("\(place) closes")
        node.close(sessions[place])
        copies[place] = [:]
        model.replace(place, by: open(place))
    }

    private func request(_ place: Int) {
        let words = nextWords(of: model.peers[place])
        let line = words.joined(separator: " ")
        log.append("\(place): \(line)")
        let reply = node.send(
            words.map { $0.isEmpty ? "\"\"" : $0 }.joined(separator: " "), from: sessions[place])
        if words[0] == "CLIENT", words[1] == "TRACKING" { copies[place] = [:] }
        let outcome = model.call(words, place)
        let expected =
            flavour == .redis70
            ? outcome.aside + outcome.reply + outcome.own
            : outcome.reply + outcome.own + outcome.aside
        // Inside EXEC what is said aside stands in front of the reply of its command.
        if words[0] != "EXEC" || outcome.aside.isEmpty {
            compare(reply, expected, line)
        } else {
            compare(String(reply.sorted()), String(expected.sorted()), line)
        }
        let isOrdered = !model.peers.contains {
            $0.mode?.broadcasts == true && $0.mode?.instead != nil
        }
        for (other, peer) in model.peers.enumerated() {
            let letters = node.received(by: sessions[other])
            let wanted = outcome.letters[peer.number] ?? ""
            // Who follow a prefix are told in no particular order, which is seen when one is
            // told in the stead of two.
            compare(
                isOrdered ? letters : String(letters.sorted()),
                isOrdered ? wanted : String(wanted.sorted()), "sent to \(other) by \(line)")
            forget(letters, place: other)
        }
        forget(outcome.own, place: place)
        if words[0] == "GET", model.peers[place].queue == nil { keep(words[1], place) }
        checkCopies()
        let (keys, items) = model.tableSizes
        compare("\(node.store.tracking.count)", "\(keys)", "keys remembered")
        compare("\(node.store.tracking.itemCount)", "\(items)", "readers remembered")
    }

    /// A cache without REDIRECT and OPTIN must never hold what is not so any more.
    private func keep(_ key: String, _ place: Int) {
        guard let mode = model.peers[place].mode, model.peers[place].version == 3,
            mode.instead == nil, !mode.optsIn, !mode.optsOut, !mode.skipsOwn, !mode.broadcasts
        else { return }
        copies[place][key] = model.values[key]?.text ?? ""
    }

    private func forget(_ letters: String, place: Int) {
        guard letters.contains("invalidate") else { return }
        if letters.contains("_\r\n") { copies[place] = [:] }
        for key in TrackingGame.keys where letters.contains("\r\n\(key)\r\n") {
            if copies[place].removeValue(forKey: key) != nil { droppedCopies += 1 }
        }
    }

    private func checkCopies() {
        for (place, copies) in copies.enumerated() {
            for (key, text) in copies {
                let value = model.values[key]
                // Nobody has looked at one that has expired.
                if let expiry = value?.expiry, expiry < model.now { continue }
                compare(value?.text ?? "", text, "the copy of \(key) that \(place) has")
            }
        }
    }

    private func compare(_ own: String, _ expected: String, _ what: String) {
        guard difference == nil, own != expected else { return }
        difference = """
            seed \(seed), \(flavour): \(what)
            store: \(own.debugDescription)
            model: \(expected.debugDescription)
            before it:
            \(log.suffix(40).map { "  " + $0 }.joined(separator: "\n"))
            """
    }

    // MARK: Requests

    private func nextWords(of peer: TrackingModel.Peer) -> [String] {
        let key = TrackingGame.keys[dice(TrackingGame.keys.count)]
        let other = TrackingGame.keys[dice(TrackingGame.keys.count)]
        serial += 1
        switch dice(40) {
        case 0..<12: return ["GET", key]
        case 12..<16: return ["MGET", key, other]
        case 16..<24: return ["SET", key, "v\(serial)"]
        case 24, 25: return ["SET", key, "v\(serial)", "PX", "\(1 + dice(100))"]
        case 26, 27: return ["MSET", key, "v\(serial)", other, "w\(serial)"]
        case 28..<31: return ["DEL", key]
        case 31: return once(in: 3) ? ["FLUSHALL"] : ["DEL", key, other]
        case 32, 33: return peer.queue == nil ? ["MULTI"] : ["EXEC"]
        case 34: return peer.queue == nil ? ["GET", key] : ["EXEC"]
        case 35, 36: return ["CLIENT", "CACHING", peer.mode?.optsOut == true ? "NO" : "YES"]
        default:
            // What is queued would be checked against another state than that of now.
            if peer.queue != nil { return ["EXEC"] }
            if peer.mode == nil { return begin() }
            return once(in: 4) ? ["CLIENT", "TRACKING", "OFF"] : ["GET", key]
        }
    }

    private func begin() -> [String] {
        var words = ["CLIENT", "TRACKING", "ON"]
        switch dice(6) {
        case 0: words += ["OPTIN"]
        case 1: words += ["OPTOUT"]
        case 2: words += ["BCAST"]
        case 3: words += ["BCAST", "PREFIX", "ab", "PREFIX", "b"]
        default: break
        }
        if once(in: 3) { words += ["NOLOOP"] }
        if once(in: 3) { words += ["REDIRECT", "\(model.peers[dice(6)].number)"] }
        return words
    }
}

@Suite("Tracking")
struct TrackingTests {
    private static let push = ">2\r\n$10\r\ninvalidate\r\n"

    @Test("Keys that were read are forgotten when there are too many of them")
    func limit() {
        let node = TestNode { $0.maximumTrackedKeys = 10 }
        node.send("HELLO 3")
        node.send("CLIENT TRACKING ON")
        for number in 0..<10 { #expect(node.send("GET k\(number)") == "_\r\n") }
        #expect(node.send("GET k10").hasPrefix("_\r\n" + TrackingTests.push))
        #expect(node.trackedKeys == 10)
        // A change of the setting is acted upon, in shares.
        node.send("CONFIG SET tracking-table-max-keys 0")
        for number in 0..<1000 { #expect(node.send("GET m\(number)") == "_\r\n") }
        var told = node.send("CONFIG SET tracking-table-max-keys 20")
        #expect(told.split(separator: ">").count == 101)
        #expect(node.trackedKeys == 910)
        for _ in 0..<3 { told += node.send("PING") }
        node.tick()
        told += node.received(by: 0)
        #expect(node.trackedKeys == 20)
        #expect(told.split(separator: ">").count == 1 + 990)
        #expect(node.lines("INFO stats").contains("tracking_total_items:20"))
    }

    @Test("Nothing is kept for sessions that have gone")
    func gone() {
        let node = TestNode()
        let (reader, follower) = (node.open(), node.open())
        node.send("CLIENT TRACKING ON", from: reader)
        node.send("CLIENT TRACKING ON BCAST PREFIX a", from: follower)
        node.send("MGET a b", from: reader)
        #expect(node.lines("INFO stats").contains("tracking_total_prefixes:1"))
        #expect(node.lines("INFO stats").contains("tracking_total_items:2"))
        #expect(node.lines("INFO clients").contains("tracking_clients:2"))
        node.close(reader)
        node.close(follower)
        #expect(node.lines("INFO clients").contains("tracking_clients:0"))
        #expect(node.lines("INFO stats").contains("tracking_total_prefixes:0"))
        #expect(node.hasObservers)
        node.send("MSET a 1 b 1")
        #expect(!node.hasObservers)
        #expect(node.lines("INFO stats").contains("tracking_total_keys:0"))
    }

    @Test("A change that happens while nobody runs a command")
    func byTime() {
        let node = TestNode()
        let reader = node.open()
        node.send("HELLO 3", from: reader)
        node.send("CLIENT TRACKING ON", from: reader)
        for number in 0..<300 { node.send("SET k\(number) v PX 50") }
        for number in 0..<300 { node.send("GET k\(number)", from: reader) }
        node.advance(milliseconds: 60)
        for _ in 0..<100 { node.tick() }
        var keys: [String] = []
        for message in node.received(by: reader).split(separator: ">") {
            keys.append(String(message.split(separator: "\r\n").last ?? ""))
        }
        #expect(keys.sorted() == (0..<300).map { "k\($0)" }.sorted())
    }

    @Test("What CLIENT LIST shows")
    func shown() {
        let node = TestNode()
        let other = node.open()
        node.send("CLIENT TRACKING ON BCAST REDIRECT 2")
        #expect(node.send("CLIENT INFO").contains(" flags=tB "))
        #expect(node.send("CLIENT INFO").contains(" redir=2 "))
        node.close(other)
        node.send("SET a 1")
        #expect(node.send("CLIENT INFO").contains(" flags=tRB "))
        node.send("CLIENT TRACKING OFF")
        #expect(node.send("CLIENT INFO").contains(" flags=N "))
        #expect(node.send("CLIENT INFO").contains(" redir=-1 "))
    }
}

extension TestNode {
    /// Keys that are remembered for those who have read them.
    fileprivate var trackedKeys: Int { store.tracking.count }
    /// True while anybody is asked about each change.
    fileprivate var hasObservers: Bool { store.hasObservers }
}
