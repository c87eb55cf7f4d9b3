import Bytes
import Nodes

/// Plays the same random requests at a node in this process and at a real redis-server, batch by
/// batch, and compares what they answer.
///
/// Keys whose time has passed are removed by neither server of its own accord, only when they are
/// asked for, so that even DBSIZE is comparable.
final class Duel {
    /// How a run differs from others.
    struct Plan: Sendable, CustomStringConvertible {
        var server = RealServer.Kind.redis
        var family: Family
        /// 2 or 3.
        var version: Int
        var password = ""
        var seed: UInt64
        var count: Int

        var description: String {
            let locked = password.isEmpty ? "" : ", with a password"
            let what = "\(server.rawValue), \(family.name)\(locked), RESP\(version)"
            return "\(what), seed \(seed), \(count) commands"
        }
    }

    /// A connection to each side.
    private struct Pair {
        var own: ConnectionID
        var real: RealConnection
        var number = 0
    }

    private let plan: Plan
    private let own: NodePeer
    private let server: RealServer
    private var source: RequestSource
    private var pairs: [Pair] = []
    private var opened = 0
    /// How much greater the real server's numbers of connections are.
    private var numberShift = 0
    private var firstOwnNumber = 0
    /// Names of commands that the real server has and the family does not play.
    private var foreign: Set<String> = []
    private var history: [(index: Int, request: Request)] = []
    private var played = 0
    private var batches = 0
    /// What was compared: all replies, those that are errors, those that an exemption excuses.
    private(set) var tally = (replies: 0, errors: 0, excused: 0)

    init(_ plan: Plan) throws {
        self.plan = plan
        own = NodePeer(plan.server.flavour, password: plan.password, seed: plan.seed)
        let lock = plan.password.isEmpty ? [] : ["--requirepass", plan.password]
        server = try RealServer(plan.server, options: lock)
        source = RequestSource(plan.family, seed: plan.seed)
    }

    /// Plays all; gives an account of the first difference, or nil when there is none.
    func run() throws -> String? {
        try prepare()
        for _ in 0..<plan.family.connections { pairs.append(try open()) }
        var next = 10_000
        while played < plan.count {
            if let difference = try playBatch() { return difference }
            if played >= next {
                next += 10_000
                if let difference = try compareKeyspaces() { return difference }
            }
        }
        return try compareKeyspaces()
    }

    // MARK: Connections

    private func prepare() throws {
        let real = try server.connect()
        let id = own.connect()
        for words in hello(isFirst: true) {
            _ = try real.call(words)
            _ = own.send(Request(words.map { Array($0.utf8) }).bytes, on: id)
        }
        _ = try real.call(["DEBUG", "SET-ACTIVE-EXPIRE", "0"])
        if !plan.family.settings.isEmpty {
            let words = ["CONFIG", "SET"] + plan.family.settings
            _ = try real.call(words)
            _ = own.send(Request(words.map { Array($0.utf8) }).bytes, on: id)
        }
        guard case .integer(let theirs) = try real.value("CLIENT", "ID"),
            case .integer(let ours) = WireValue(
                reply: own.send(Request("CLIENT", "ID").bytes, on: id))
        else { throw RealServerError("no numbers of connections") }
        firstOwnNumber = ours
        numberShift = theirs - ours
        for name in try real.value("COMMAND", "LIST").elements.compactMap(\.text) {
            foreign.insert(name.uppercased())
        }
        for subcommand in try real.value("COMMAND", "INFO", "client", "object").elements
            .flatMap({ $0.elements.last?.elements ?? [] })
        {
            let name = subcommand.elements.first?.text ?? ""
            foreign.insert(name.uppercased().split(separator: "|").joined(separator: " "))
        }
        foreign = foreign.filter { !plan.family.plays($0) }
        foreign.subtract(["CLIENT", "OBJECT"])
        own.close(id)
        real.finishSending()
        _ = try real.receiveUntilClosed()
    }

    /// What a connection begins with.
    private func hello(isFirst: Bool) -> [[String]] {
        var words: [[String]] = []
        let isShy = !isFirst && plan.family.isAboutConnections && source.dice.once(in: 5)
        if !plan.password.isEmpty, !isShy { words.append(["AUTH", plan.password]) }
        words.append(["HELLO", "\(plan.version)"])
        return words
    }

    private func open() throws -> Pair {
        opened += 1
        let pair = Pair(
            own: own.connect(), real: try server.connect(), number: firstOwnNumber + opened)
        for words in hello(isFirst: false) {
            _ = try pair.real.call(words)
            _ = own.send(Request(words.map { Array($0.utf8) }).bytes, on: pair.own)
        }
        return pair
    }

    /// The words for one side: placeholders of connections become that side's numbers.
    private func resolve(_ request: Request, real: Bool) -> [UInt8] {
        // Only behind ID: other words come back in errors.
        guard request.name == "CLIENT", ["KILL", "LIST"].contains(request.second) else {
            return request.bytes
        }
        var words = request.words
        var isChanged = false
        var isBehindID = false
        for (index, word) in request.words.enumerated().dropFirst(2) {
            let text = String(decoding: word, as: UTF8.self)
            let place = pairs.indices.first { String(Family.firstPlaceholder + $0) == text }
            if isBehindID, let place {
                words[index] = Array(String(pairs[place].number + (real ? numberShift : 0)).utf8)
                isChanged = true
            } else {
                isBehindID = text.uppercased() == "ID"
            }
        }
        return isChanged ? WireValue.request(words) : request.bytes
    }

    // MARK: Batches

    private func isPlayable(_ request: Request) -> Bool {
        if foreign.contains(request.name) { return false }
        return !foreign.contains(request.name + " " + request.second)
    }

    private func playBatch() throws -> String? {
        if plan.family.isAboutConnections, source.dice.once(in: 4) { return try playStream() }
        // Few replies at once where a connection may not be authenticated: see `Unplayed.all`.
        let limit = !plan.password.isEmpty ? 2 : plan.family.isAboutConnections ? 40 : 300
        let size = min(1 + source.dice.below(limit), plan.count - played)
        var requests: [Request] = []
        // What belongs together is played together: keyspaces may be compared behind a batch.
        while requests.count < size || source.isInTheMiddle {
            let request = source.next()
            if isPlayable(request) { requests.append(request) }
        }
        let isSilenced = requests.contains { $0.second == "REPLY" }
        if isSilenced { requests.removeAll(where: Duel.endsConnections) }
        if !plan.password.isEmpty, let reset = requests.first(where: { $0.name == "RESET" }) {
            // It ends the authentication, so no replies may wait before it.
            requests = [reset]
        }
        let place = source.dice.below(pairs.count)
        for request in requests {
            history.append((played, request))
            played += 1
        }
        if history.count > 4000 { history.removeFirst(2000) }
        if plan.family.isAboutConnections { requests.append(Request("CLIENT", "REPLY", "ON")) }
        let difference = try exchange(
            requests, pairs[place], inOneGo: !isSilenced && source.dice.once(in: 2))
        return try difference ?? mend(place)
    }

    /// True for requests that are not played where replies are off: see `Unplayed.all`.
    private static func endsConnections(_ request: Request) -> Bool {
        request.name == "QUIT" || request.name == "CLIENT" && request.second == "KILL"
    }

    /// Sends the requests to both and compares their replies.
    private func exchange(_ requests: [Request], _ pair: Pair, inOneGo: Bool) throws -> String? {
        batches += 1
        let mark = Request("end-of-batch-\(batches)")
        let last = "-ERR unknown command 'end-of-batch-\(batches)', with args beginning with: \r\n"
        try pair.real.send(requests.flatMap { resolve($0, real: true) } + mark.bytes)
        var replies: [(request: Int, bytes: [UInt8])] = []
        if inOneGo {
            let bytes = own.send(
                requests.flatMap { resolve($0, real: false) } + mark.bytes, on: pair.own)
            replies = WireValue.split(bytes).enumerated().map { ($0.offset, $0.element) }
        } else {
            for (index, request) in (requests + [mark]).enumerated() {
                let bytes = own.send(resolve(request, real: false), on: pair.own)
                replies += WireValue.split(bytes).map { (index, $0) }
            }
        }
        let answer = try pair.real.receive(until: Array(last.utf8))
        let theirs = WireValue.split(answer.bytes)
        let all = requests + [mark]
        let answers = theirs.filter { $0 != Array(last.utf8) }
        tally.replies += answers.count
        tally.errors += answers.count { $0.first == UInt8(ascii: "-") }
        for (reply, real) in zip(replies, theirs) where reply.bytes != real {
            let request = all[min(reply.request, all.count - 1)]
            guard let exemption = Exemption.of(request.words),
                exemption.allows(
                    WireValue(reply: reply.bytes), WireValue(reply: real), request.words)
            else { return report(all, reply.request, reply.bytes, real) }
            tally.excused += 1
        }
        let shared = min(replies.count, theirs.count)
        guard replies.count == theirs.count, answer.isClosed == own.isClosed(pair.own) else {
            let place = shared < replies.count ? replies[shared].request : shared
            return report(
                all, min(place, all.count - 1),
                shared < replies.count ? replies[shared].bytes : [],
                shared < theirs.count ? theirs[shared] : [],
                "closed: own \(own.isClosed(pair.own)), real \(answer.isClosed)")
        }
        return nil
    }

    /// Opens anew what requests have closed, on both sides.
    private func mend(_ place: Int) throws -> String? {
        for index in pairs.indices where own.isClosed(pairs[index].own) {
            if index != place {
                let rest = try pairs[index].real.receive(until: [0])
                guard rest.isClosed, rest.bytes.isEmpty else {
                    return "\(plan): connection \(index) is closed only by the node"
                }
            }
            own.close(pairs[index].own)
            pairs[index] = try open()
        }
        return nil
    }

    /// Sends a stream that may break the protocol to a new connection.
    private func playStream() throws -> String? {
        let stream = RawStream.next(&source.dice)
        played += 1
        let pair = try open()
        try pair.real.send(stream)
        pair.real.finishSending()
        var ours: [UInt8] = []
        var rest = stream[...]
        let piece = source.dice.pick([1, 2, 7, 100, 1_000_000])
        while !rest.isEmpty {
            ours += own.send(Array(rest.prefix(max(piece, stream.count / 200))), on: pair.own)
            rest = rest.dropFirst(max(piece, stream.count / 200))
        }
        let theirs = try pair.real.receiveUntilClosed()
        own.close(pair.own)
        if ours == theirs { return nil }
        let (left, right) = (WireValue.split(ours), WireValue.split(theirs))
        let hello = Exemption.of([Array("HELLO".utf8)])
        let isHello =
            left.count == right.count
            && zip(left, right).allSatisfy { own, real in
                own == real
                    || hello?.allows(WireValue(reply: own), WireValue(reply: real), []) == true
            }
        if isHello { return nil }
        return """
            \(plan)
            at command \(played), a stream in pieces of \(piece):
            \(Request.quoted(stream))
            node:  \(Request.quoted(ours))
            redis: \(Request.quoted(theirs))
            """
    }

    // MARK: Keyspaces

    /// What reads all of a value, by the type; keys of other types are answered with an error.
    private static let readers: [[String]] = [
        ["LRANGE", "0", "-1"], ["ZRANGE", "0", "-1", "WITHSCORES"],
    ]

    /// Compares every key of every database: its value, type, encoding and time.
    private func compareKeyspaces() throws -> String? {
        let pair = Pair(own: own.connect(), real: try server.connect())
        opened += 1
        for words in hello(isFirst: true) {
            _ = try pair.real.call(words)
            _ = own.send(Request(words.map { Array($0.utf8) }).bytes, on: pair.own)
        }
        for database in 0..<16 {
            let select = Request("SELECT", "\(database)")
            if let difference = try exchange(
                [select, Request("KEYS", "*"), Request("DBSIZE")], pair, inOneGo: true)
            {
                return difference
            }
            let keys = WireValue(reply: own.send(Request("KEYS", "*").bytes, on: pair.own))
            let questions = keys.elements.flatMap { key -> [Request] in
                guard case .bulk(let key) = key else { return [] }
                return ["TYPE", "GET", "HGETALL", "SMEMBERS", "PTTL", "PEXPIRETIME"].map {
                    Request([Array($0.utf8), key])
                }
                    + Duel.readers.map {
                        Request([Array($0[0].utf8), key] + $0[1...].map { Array($0.utf8) })
                    }
                    + ["ENCODING", "REFCOUNT"].map {
                        Request([Array("OBJECT".utf8), Array($0.utf8), key])
                    }
            }
            if let difference = try exchange(questions, pair, inOneGo: false) {
                return difference
            }
            if let difference = try compareWalks(pair) { return difference }
            if let difference = try comparePayloads(keys.elements, pair) { return difference }
        }
        if let difference = try exchange([Request("DEBUG", "DIGEST")], pair, inOneGo: true) {
            return difference
        }
        own.close(pair.own)
        pair.real.finishSending()
        _ = try pair.real.receiveUntilClosed()
        return nil
    }

    /// Compares what a whole walk by SCAN meets on each side.
    private func compareWalks(_ pair: Pair) throws -> String? {
        let ours = try walk { own.send($0, on: pair.own) }
        let theirs = try walk { bytes in
            try pair.real.send(bytes)
            return try pair.real.receive()
        }
        if ours == theirs { return nil }
        return "\(plan): SCAN meets \(ours.sorted()) in the node, \(theirs.sorted()) in redis"
    }

    private func walk(_ call: ([UInt8]) throws -> [UInt8]) throws -> Set<String> {
        var cursor = "0"
        var met: Set<String> = []
        repeat {
            let reply = WireValue(reply: try call(Request("SCAN", cursor, "COUNT", "3").bytes))
            guard reply.elements.count == 2 else { return ["\(reply)"] }
            cursor = reply.elements[0].text ?? "0"
            for key in reply.elements[1].elements { met.insert("\(key)") }
        } while cursor != "0"
        return met
    }

    /// Lets each side restore what the other gives of its values; the digests of the copies must
    /// be those of the values. The payloads themselves may differ, since tables have no order.
    private func comparePayloads(_ keys: [WireValue], _ pair: Pair) throws -> String? {
        let copy = Array("a copy from the other side".utf8)
        for key in keys {
            guard case .bulk(let key) = key else { continue }
            let dump = Request([Array("DUMP".utf8), key])
            try pair.real.send(dump.bytes)
            guard case .bulk(let ours) = WireValue(reply: own.send(dump.bytes, on: pair.own)),
                case .bulk(let theirs) = WireValue(reply: try pair.real.receive())
            else { return "\(plan): no payload of \(Request.quoted(key))" }
            let words = [Array("RESTORE".utf8), copy, Array("0".utf8)]
            let taken = own.send(Request(words + [theirs]).bytes, on: pair.own)
            try pair.real.send(Request(words + [ours]).bytes)
            let given = try pair.real.receive()
            guard taken == given else {
                return """
                    \(plan): payloads of \(Request.quoted(key)): the node answers \
                    \(Request.quoted(taken)), redis answers \(Request.quoted(given))
                    """
            }
            let digest = Request([Array("DEBUG".utf8), Array("DIGEST-VALUE".utf8), copy])
            let remove = Request([Array("DEL".utf8), copy])
            if let difference = try exchange([digest, remove], pair, inOneGo: true) {
                return "of \(Request.quoted(key)): \(difference)"
            }
        }
        return nil
    }

    // MARK: Reports

    private func report(
        _ requests: [Request], _ place: Int, _ ours: [UInt8], _ theirs: [UInt8],
        _ note: String = ""
    ) -> String {
        let request = requests[place]
        let words = Set(request.words.dropFirst().filter { Dice.keys.contains($0) })
        let index = history.count - requests.count + 1 + place
        let isClosing = ours.isEmpty || theirs.isEmpty
        let exemption = Exemption.of(request.words)
        let shown = [ours, theirs].map { reply in
            exemption?.comparable(WireValue(reply: reply)) ?? Request.quoted(reply)
        }
        let before = (history.prefix(max(0, index)).map(\.request) + requests.prefix(place))
            .filter {
                isClosing
                    ? Duel.endsConnections($0)
                    : words.isEmpty || !words.isDisjoint(with: $0.words.dropFirst())
            }
        return """
            \(plan)
            at command \(max(0, played - requests.count + 1 + place)): \(request.quoted)
            node:  \(shown[0])
            redis: \(shown[1]) \(note)
            before it \(isClosing ? "about connections" : "on these keys"):
            \(before.suffix(8).map { "  " + $0.quoted }.joined(separator: "\n"))
            """
    }
}
