import Bytes
import Grammar
import Testing

@testable import Engine

/// WATCH, waiting and expiry together: several sessions at one store, a clock that only the test
/// moves, and every reply and delivery compared with the model's. No text is ever pushed twice and
/// the model hands each out once, so equal replies mean that nothing is taken twice; and after
/// each step nobody may wait for a key that holds what they wait for. A failure prints its seed
/// and what led to it.
@Suite("Sessions against a model")
struct SessionModelTests {
    @Test("Nobody misses what they wait for, and nothing is taken twice", arguments: 1...20)
    func play(seed: UInt64) {
        let game = SessionGame(seed: seed)
        for _ in 0..<4000 {
            game.step()
            if let difference = game.difference {
                Issue.record(Comment(rawValue: difference))
                return
            }
        }
        // A game in which nothing happened would prove nothing.
        #expect(game.tally.woken > 2 && game.tally.timedOut > 0, "\(game.tally)")
        #expect(game.tally.executed > 5 && game.tally.discarded > 0, "\(game.tally)")
    }
}

/// One game: a store, its model, and dice.
private final class SessionGame {
    /// A flavour that serves who waits from the first of the keys that has something, as the model
    /// does; Redis 7.0 serves from the key that has come.
    private let node = TestNode(flavour: .redis72)
    private let model: SessionModel
    private let seed: UInt64
    private var random: Random
    private var sessions: [Int]
    private var numbers: [String] = []
    private var serial = 0
    private var log: [String] = []
    private(set) var difference: String?
    private(set) var tally = (woken: 0, timedOut: 0, executed: 0, discarded: 0)

    private static let peers = 6
    private static let keys = ["a", "b", "c", "d"]

    init(seed: UInt64) {
        self.seed = seed
        random = Random(seed: seed)
        model = SessionModel(peers: SessionGame.peers, now: node.now.wall.milliseconds)
        // The first session watches the game and never plays.
        sessions = []
        for _ in 0..<SessionGame.peers { sessions.append(node.open()) }
        numbers = sessions.map { SessionGame.number(node.send("CLIENT ID", from: $0)) }
    }

    private static func number(_ reply: String) -> String {
        String(reply.drop { $0 == ":" }.prefix { $0.isNumber })
    }

    // MARK: Steps

    func step() {
        switch random.next(below: 20) {
        case 0, 1: advance()
        case 2: unblock()
        case 3 where random.next(below: 4) == 0: reopen()
        default: request()
        }
        checkDeliveries()
        checkWaiting()
        if random.next(below: 10) == 0 { checkKeys() }
    }

    private func advance() {
        let milliseconds = Int64([1, 5, 20, 100, 400][random.next(below: 5)])
        log.append("advance \(milliseconds)")
        node.advance(milliseconds: milliseconds)
        model.advance(milliseconds)
        guard random.next(below: 3) > 0 else { return }
        log.append("tick")
        let before = model.letters.count
        node.tick()
        model.tick()
        tally.timedOut += model.letters.count - before
    }

    private func unblock() {
        let peer = random.next(below: SessionGame.peers)
        let byError = random.next(below: 2) == 0
        let line = "CLIENT UNBLOCK \(numbers[peer]) \(byError ? "ERROR" : "TIMEOUT")"
        log.append(line)
        compare(node.send(line), model.unblock(peer, byError: byError), line)
    }

    /// Ends a session in whatever state it is and opens another.
    private func reopen() {
        let peer = random.next(below: SessionGame.peers)
        log.append("\(peer) closes")
        node.close(sessions[peer])
        sessions[peer] = node.open()
        numbers[peer] = SessionGame.number(node.send("CLIENT ID", from: sessions[peer]))
        model.reopen(peer)
    }

    private func request() {
        let idle = model.peers.indices.filter { model.peers[$0].waiting == nil }
        guard !idle.isEmpty else { return }
        let peer = idle[random.next(below: idle.count)]
        let words = nextWords(of: model.peers[peer])
        let line = words.joined(separator: " ")
        log.append("\(peer): \(line)")
        let reply = node.send(line, from: sessions[peer])
        if line == "EXEC" {
            if reply == "*-1\r\n" { tally.discarded += 1 } else { tally.executed += 1 }
        }
        switch model.call(words, peer) {
        case .reply(let expected): compare(reply, expected, line)
        case .waits: compare(reply, "", line)
        }
    }

    // MARK: Requests

    private func nextWords(of peer: SessionModel.Peer) -> [String] {
        if peer.queue != nil {
            switch random.next(below: 8) {
            case 0, 1: return ["EXEC"]
            case 2: return random.next(below: 4) == 0 ? ["DISCARD"] : ["EXEC"]
            case 3: return random.next(below: 12) == 0 ? ["NOSUCH"] : command()
            default: return command()
            }
        }
        switch random.next(below: 12) {
        case 0: return ["WATCH"] + someKeys()
        case 1: return ["MULTI"]
        case 2: return peer.watched.isEmpty ? command() : ["MULTI"]
        case 3: return random.next(below: 6) == 0 ? ["UNWATCH"] : command()
        default: return command()
        }
    }

    /// A command that the store has.
    private func command() -> [String] {
        while true {
            let words = anyCommand()
            let name = Array(words[0].utf8)
            if node.store.commands.find(name.rawSpan) != nil { return words }
        }
    }

    private func anyCommand() -> [String] {
        switch random.next(below: 17) {
        case 0, 1, 2: return [pick(["LPUSH", "RPUSH"]), key()] + fresh(1 + random.next(below: 3))
        case 3: return [pick(["LPOP", "RPOP"]), key()]
        case 4, 5: return ["ZADD", key(), "\(random.next(below: 9))"] + fresh(1)
        case 6: return ["DEL", key()]
        case 7: return ["PEXPIRE", key(), pick(["1", "10", "50", "300", "-1"])]
        case 8: return random.next(below: 3) == 0 ? ["PERSIST", key()] : ["DEL", key()]
        case 9: return random.next(below: 2) == 0 ? ["SET", key(), "x"] : ["DEL", key()]
        case 10: return ["RENAME", key(), key()]
        case 11, 12, 13: return [pick(["BLPOP", "BRPOP"])] + someKeys() + [timeout()]
        case 14: return [pick(["BZPOPMIN", "BZPOPMAX"])] + someKeys() + [timeout()]
        default:
            let ends = ["LEFT", "RIGHT"]
            return ["BLMOVE", key(), key(), pick(ends), pick(ends), timeout()]
        }
    }

    private func pick(_ all: [String]) -> String { all[random.next(below: all.count)] }

    private func key() -> String { pick(SessionGame.keys) }

    private func someKeys() -> [String] {
        (0..<1 + random.next(below: 3)).map { _ in key() }
    }

    private func timeout() -> String { pick(["0", "0", "0.01", "0.05", "0.2", "1.5"]) }

    /// Texts that no key has ever held.
    private func fresh(_ count: Int) -> [String] {
        (0..<count).map { _ in
            serial += 1
            return "item\(serial)"
        }
    }

    // MARK: Checks

    private func compare(_ own: String, _ expected: String, _ what: String) {
        guard own != expected, difference == nil else { return }
        difference = """
            seed \(seed): \(what)
            store: \(own.debugDescription)
            model: \(expected.debugDescription)
            \(log.suffix(40).joined(separator: "\n"))
            """
    }

    private func checkDeliveries() {
        for peer in model.peers.indices {
            let own = node.received(by: sessions[peer])
            compare(own, model.takeLetters(of: peer), "delivered to \(peer)")
            if own.hasPrefix("*") || own.hasPrefix("$") { tally.woken += 1 }
        }
    }

    /// Nobody waits for what is there.
    private func checkWaiting() {
        let waiting = model.peers.compactMap(\.waiting)
        compare("\(node.store.blockedSessions)", "\(waiting.count)", "the number that wait")
        for wait in waiting {
            let type = wait.kind == .list ? "+list\r\n" : "+zset\r\n"
            for key in wait.keys where node.send("TYPE \(key)") == type {
                compare("waits", "is served", "\(wait.words) while \(key) is there")
            }
        }
    }

    /// Both hold the same.
    private func checkKeys() {
        for key in SessionGame.keys {
            let value = model.present(key)
            let own: String
            switch value?.kind {
            case .list: own = node.send("LRANGE \(key) 0 -1")
            case .scored: own = node.send("ZRANGE \(key) 0 -1")
            case .text, nil: own = node.send("EXISTS \(key)")
            }
            var expected = value == nil ? ":0\r\n" : ":1\r\n"
            if let value, value.kind != .text {
                expected = "*\(value.items.count)\r\n"
                for item in value.items { expected += "$\(item.utf8.count)\r\n\(item)\r\n" }
            }
            compare(own, expected, "what \(key) holds")
        }
    }
}
