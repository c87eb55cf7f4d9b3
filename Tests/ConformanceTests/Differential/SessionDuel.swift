import Bytes
import Engine
import Glibc
import Grammar
import Nodes
import Testing

/// Several connections play in step at a node in this process and at a real redis-server: what
/// each connection is sent, whether it asked for it or not, is compared byte for byte.
///
/// In step means: before the next request, everything that the node has said must have come from
/// the real server too, and as many connections must be waiting there. So nothing is timed. Not
/// played is what the real server leaves to chance: the order in which all names are left at
/// once or listed, that of several patterns of one connection that match, that in which keys that
/// come with a whole database are looked at, and how changes are batched for those who follow
/// prefixes of keys. Nor does a transaction read lists and sorted sets: one that has, after it has
/// filled them for somebody who waits, must be told when that one takes from them, and Redis 7.0
/// does not tell. What others cause to be told is sent to one who sends nothing itself: some
/// commands of Redis 7.0 are answered before that, some after it.
final class SessionDuel {
    /// A connection to each side.
    private struct Player {
        var own: ConnectionID
        var real: RealConnection
        var ownNumber: Int
        var realNumber: Int
    }

    private let own: NodePeer
    private let server: RealServer
    private let control: RealConnection
    private let version: Int
    private let seed: UInt64
    private var dice: Dice
    private var players: [Player] = []
    private var history: [String] = []
    private var lines: [String] = []
    private var isPaused = false
    /// Who may be inside a transaction.
    private var queueing: Set<Int> = []
    /// Bytes that were compared, and how often a command began to wait.
    private(set) var tally = (bytes: 0, waits: 0)

    private static let count = 5

    init(_ kind: RealServer.Kind, version: Int, seed: UInt64) throws {
        self.version = version
        self.seed = seed
        own = NodePeer(kind.flavour, password: "", seed: seed)
        server = try RealServer(kind)
        control = try server.connect()
        dice = Dice(Random(seed: seed))
        let commands = EmbeddedStore(flavour: kind.flavour).commands
        for (weight, line) in SessionDuel.lines {
            let name = line.split(separator: " ")[0]
            if commands.entries.contains(where: { $0.spec.name == name }) {
                lines += Array(repeating: line, count: weight)
            }
        }
    }

    /// `{k}` is a key, `{l}` a list, `{v}` a value, `{c}` a channel, `{s}` a sharded one, `{p}` a
    /// pattern, `{id}` a connection's number, `{last}` that of the one that only listens.
    private static let lines: [(Int, String)] = [
        (10, "MULTI"), (14, "EXEC"), (2, "DISCARD"), (6, "WATCH {k}"), (2, "WATCH {k} {l}"),
        (1, "UNWATCH"), (1, "RESET"), (1, "EXEC x"), (1, "NOSUCH {k}"), (1, "GET"),
        (6, "SET {k} {v}"), (4, "GET {k}"), (3, "INCR {k}"), (2, "APPEND {k} {v}"),
        (3, "DEL {k}"), (1, "DEL {l}"), (1, "EXPIRE {k} 1000"), (1, "PERSIST {k}"),
        (2, "RENAME {k} {k}"), (2, "RENAME {l} {l}"), (1, "COPY {l} {l}"), (1, "COPY {k} {k}"),
        (1, "MOVE {l} 1"), (1, "FLUSHDB"), (1, "SELECT 1"), (2, "SELECT 0"),
        (1, "SETRANGE {k} 0 x"), (1, "GETDEL {k}"), (1, "GETEX {k} PERSIST"),
        (4, "SUBSCRIBE {c}"), (2, "UNSUBSCRIBE {c}"), (3, "PSUBSCRIBE {p}"),
        (2, "PUNSUBSCRIBE {p}"), (2, "SSUBSCRIBE {s}"), (1, "SUNSUBSCRIBE {s}"),
        (8, "PUBLISH {c} {v}"), (2, "SPUBLISH {s} {v}"), (1, "PUBSUB NUMSUB {c} {c}"),
        (1, "PUBSUB NUMPAT"), (1, "PUBSUB SHARDNUMSUB {s}"), (2, "PING"), (1, "PING {v}"),
        (2, "CLIENT UNBLOCK {id}"), (2, "CLIENT UNBLOCK {id} ERROR"), (1, "WAIT 0 0"),
        (1, "WAIT 1 0"),
        (8, "LPUSH {l} {v}"), (8, "RPUSH {l} {v} {v}"), (2, "LPOP {l}"), (2, "LLEN {l}"),
        (6, "BLPOP {l} 0"), (4, "BRPOP {l} 0"), (5, "BLMOVE {l} {l} LEFT RIGHT 0"),
        (2, "BRPOPLPUSH {l} {l} 0"), (4, "BLMPOP 0 1 {l} LEFT COUNT 2"), (2, "BLPOP {k} 0"),
        (4, "ZADD {z} 1 {v}"), (3, "BZPOPMIN {z} 0"), (3, "BZPOPMAX {z} 0"),
        (2, "BZMPOP 0 1 {z} MIN"),
        (5, "CLIENT TRACKING ON"), (1, "CLIENT TRACKING ON NOLOOP"),
        (1, "CLIENT TRACKING ON OPTIN"), (1, "CLIENT TRACKING ON OPTOUT"),
        (4, "CLIENT TRACKING ON REDIRECT {last}"), (2, "CLIENT TRACKING OFF"),
        (2, "CLIENT CACHING YES"), (1, "CLIENT CACHING NO"), (6, "GET {k}"), (3, "MGET {k} {k}"),
        (4, "LRANGE {l} 0 -1"), (2, "ZCARD {z}"), (1, "EXISTS {k} {l} {z}"),
    ]

    private static func readsCollections(_ line: String) -> Bool {
        ["LRANGE", "LLEN", "ZCARD", "EXISTS"].contains { line.hasPrefix($0) }
    }

    private func request(by index: Int) -> (own: Request, real: Request) {
        var ours: [String] = []
        var theirs: [String] = []
        var line = dice.pick(lines)
        // Redis 7.0 lets go of a command that a pause holds back, and holds it back again.
        while isPaused && line.hasPrefix("CLIENT UNBLOCK")
            || queueing.contains(index) && SessionDuel.readsCollections(line)
        { line = dice.pick(lines) }
        if line == "MULTI" { queueing.insert(index) }
        if ["EXEC", "DISCARD", "RESET"].contains(line) { queueing.remove(index) }
        for word in line.split(separator: " ") {
            var text = String(word)
            var other: String?
            switch word {
            case "{k}": text = dice.pick(["k1", "k2", "k3"])
            case "{l}": text = dice.pick(["l1", "l2"])
            case "{z}": text = dice.pick(["z1", "z2"])
            case "{v}": text = dice.pick(["1", "2", "x", "some text"])
            case "{c}": text = dice.pick(["a1", "a2", "b1"])
            case "{s}": text = dice.pick(["s1", "s2"])
            case "{p}": text = dice.pick(["a*", "b*"])
            case "{id}", "{last}":
                let player = word == "{id}" ? dice.pick(players) : players[players.count - 1]
                text = "\(player.ownNumber)"
                other = "\(player.realNumber)"
            default: break
            }
            ours.append(text)
            theirs.append(other ?? text)
        }
        return (
            Request(ours.map { Array($0.utf8) }), Request(theirs.map { Array($0.utf8) })
        )
    }

    /// Plays so many requests; gives an account of the first difference.
    func run(_ count: Int) throws -> String? {
        for _ in 0..<SessionDuel.count { players.append(try open()) }
        // The last of them only listens to what happens to keys.
        for words in [
            ["CONFIG", "SET", "notify-keyspace-events", "KEAn"], ["PSUBSCRIBE", "__key*"],
        ] {
            let request = Request(words.map { Array($0.utf8) })
            try players[SessionDuel.count - 1].real.send(request.bytes)
            own.post(request.bytes, on: players[SessionDuel.count - 1].own)
            _ = try players[SessionDuel.count - 1].real.receive()
        }
        _ = own.take(players[SessionDuel.count - 1].own)
        var played = 0
        while played < count {
            let free = players.indices.dropLast().filter { !own.isWaiting(players[$0].own) }
            guard let index = free.isEmpty ? nil : dice.pick(free) else {
                if let difference = try release() { return difference }
                continue
            }
            if dice.once(in: isPaused ? 10 : 60), let difference = try togglePause() {
                return difference
            }
            // Whether what stands behind a command that a pause holds back comes before the
            // commands of others is left to chance.
            let burst = dice.once(in: 3) && !isPaused ? 1 + dice.below(4) : 1
            let requests = (0..<burst).map { _ in request(by: index) }
            played += burst
            if let difference = try play(requests, on: index) { return difference }
        }
        // What the real server has for the others it sends before it answers this.
        _ = try control.call(["PING"])
        for (index, player) in players.enumerated() {
            let rest = player.real.receivePending()
            if !rest.isEmpty { return report(index, [], rest) }
        }
        return nil
    }

    private func open() throws -> Player {
        let real = try server.connect()
        let id = own.connect()
        let hello = Request("HELLO", "\(version)")
        try real.send(hello.bytes)
        _ = try real.receive()
        _ = own.send(hello.bytes, on: id)
        guard case .integer(let theirs) = try real.value("CLIENT", "ID"),
            case .integer(let ours) = WireValue(
                reply: own.send(Request("CLIENT", "ID").bytes, on: id))
        else { throw RealServerError("no numbers of connections") }
        return Player(own: id, real: real, ownNumber: ours, realNumber: theirs)
    }

    /// Lets go of one that waits, when all do.
    private func release() throws -> String? {
        let player = players[dice.below(SessionDuel.count - 1)]
        if isPaused, let difference = try togglePause() { return difference }
        return try another(
            ["CLIENT", "UNBLOCK", "\(player.ownNumber)"],
            ["CLIENT", "UNBLOCK", "\(player.realNumber)"])
    }

    /// Begins or ends a pause for all that writes.
    private func togglePause() throws -> String? {
        isPaused.toggle()
        let words = ["CLIENT"] + (isPaused ? ["PAUSE", "1000000", "WRITE"] : ["UNPAUSE"])
        return try another(words, words)
    }

    /// Sends a request from a connection that is not one of the players.
    private func another(_ ours: [String], _ theirs: [String]) throws -> String? {
        history.append("another: " + ours.joined(separator: " "))
        let helper = own.connect()
        let reply = own.send(Request(ours.map { Array($0.utf8) }).bytes, on: helper)
        let real = try control.call(theirs)
        own.close(helper)
        return reply == real ? try compareAll() : report(-1, reply, real)
    }

    private func play(_ requests: [(own: Request, real: Request)], on index: Int) throws -> String?
    {
        for request in requests { history.append("\(index): \(request.own.quoted)") }
        try players[index].real.send(requests.flatMap { $0.real.bytes })
        own.post(requests.flatMap { $0.own.bytes }, on: players[index].own)
        if own.isWaiting(players[index].own) { tally.waits += 1 }
        return try compareAll()
    }

    /// Compares what every connection was sent, and how many wait.
    private func compareAll() throws -> String? {
        for (index, player) in players.enumerated() {
            let ours = own.take(player.own)
            if ours.isEmpty { continue }
            let theirs = try player.real.receive(count: ours.count)
            tally.bytes += ours.count
            if ours != theirs { return report(index, ours, theirs) }
        }
        let waiting = players.count { own.isWaiting($0.own) }
        for _ in 0..<20_000 {
            let info = String(decoding: try control.call(["INFO", "clients"]), as: UTF8.self)
            if info.contains("blocked_clients:\(waiting)\r\n") { return nil }
        }
        return report(-1, Array("\(waiting) wait".utf8), Array("another number".utf8))
    }

    private func report(_ index: Int, _ ours: [UInt8], _ theirs: [UInt8]) -> String {
        """
        sessions, RESP\(version), seed \(seed), request \(history.count)
        connection \(index)
        node:  \(Request.quoted(ours))
        redis: \(Request.quoted(theirs))
        before it:
        \(history.suffix(40).map { "  " + $0 }.joined(separator: "\n"))
        """
    }
}
