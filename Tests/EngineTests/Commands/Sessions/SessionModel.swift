/// What a store with several sessions must do about WATCH, waiting and expiry, written a second
/// time and as plainly as can be: dictionaries, arrays, and a walk over everything each time.
///
/// It knows a dozen commands on lists, sorted sets and keys, and answers in RESP2. Keys that have
/// expired stay where they are until somebody looks; `present` looks.
final class SessionModel {
    enum Kind { case text, list, scored }

    struct Value {
        var kind: Kind
        /// The elements of a list; members of a sorted set, ascending by score; or one text.
        var items: [String]
        var scores: [Int] = []
        var expiry: Int64?
    }

    struct Wait {
        var number: Int
        var words: [String]
        var keys: [String]
        var kind: Kind
        var deadline: Int64?
        var nothing: String
    }

    struct Peer {
        /// The watched keys, and whether each had expired when it was watched.
        var watched: [String: Bool] = [:]
        var isDirty = false
        var queue: [[String]]?
        var isAborted = false
        var waiting: Wait?
    }

    /// What becomes of a command.
    enum Outcome: Equatable {
        case reply(String)
        case waits
    }

    private(set) var values: [String: Value] = [:]
    private(set) var peers: [Peer]
    private(set) var now: Int64
    /// What peers were sent outside the order of their requests.
    private(set) var letters: [Int: String] = [:]
    private var ready: [String] = []
    private var waits = 0
    private static let wrongType =
        "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n"

    init(peers count: Int, now: Int64) {
        peers = Array(repeating: Peer(), count: count)
        self.now = now
    }

    func takeLetters(of peer: Int) -> String { letters.removeValue(forKey: peer) ?? "" }

    // MARK: Time

    func advance(_ milliseconds: Int64) { now += milliseconds }

    /// Answers those whose time is over.
    func tick() {
        for peer in peers.indices {
            guard let wait = peers[peer].waiting, let deadline = wait.deadline, deadline <= now
            else { continue }
            peers[peer].waiting = nil
            letters[peer, default: ""] += wait.nothing
        }
    }

    /// Ends a session and begins another in its place.
    func reopen(_ peer: Int) {
        peers[peer] = Peer()
        letters[peer] = nil
    }

    // MARK: Keys

    private func hasExpired(_ key: String) -> Bool {
        values[key]?.expiry.map { $0 < now } ?? false
    }

    /// The value of a key; one that has expired goes.
    func present(_ key: String) -> Value? {
        guard hasExpired(key) else { return values[key] }
        values[key] = nil
        for peer in peers.indices {
            guard let wasExpired = peers[peer].watched[key] else { continue }
            if wasExpired { peers[peer].watched[key] = false } else { peers[peer].isDirty = true }
        }
        return nil
    }

    /// Gives a key a value, or takes it away when it is empty.
    private func put(_ key: String, _ value: Value?) {
        let isNew = present(key) == nil
        let isEmpty = value?.items.isEmpty ?? true
        values[key] = isEmpty ? nil : value
        for peer in peers.indices where peers[peer].watched[key] != nil {
            peers[peer].isDirty = true
        }
        if isNew, !isEmpty, value?.kind != .text { note(key) }
    }

    private func note(_ key: String) {
        let isWanted = peers.contains { $0.waiting?.keys.contains(key) ?? false }
        if isWanted, !ready.contains(key) { ready.append(key) }
    }

    // MARK: Sessions

    /// What a peer's request does; then those who wait are served.
    func call(_ words: [String], _ peer: Int) -> Outcome {
        let outcome = answer(words, peer)
        serve()
        return outcome
    }

    private func answer(_ words: [String], _ peer: Int) -> Outcome {
        switch words[0] {
        case "MULTI":
            peers[peer].queue = []
            return .reply("+OK\r\n")
        case "DISCARD":
            leaveTransaction(peer)
            return .reply("+OK\r\n")
        case "EXEC": return .reply(execute(peer))
        case "UNWATCH" where peers[peer].queue == nil:
            peers[peer].watched = [:]
            peers[peer].isDirty = false
            return .reply("+OK\r\n")
        case "WATCH":
            for key in words.dropFirst() where peers[peer].watched[key] == nil {
                peers[peer].watched[key] = hasExpired(key)
            }
            return .reply("+OK\r\n")
        case "NOSUCH":
            peers[peer].isAborted = peers[peer].queue != nil
            return .reply("-ERR unknown command 'NOSUCH', with args beginning with: \r\n")
        default: break
        }
        if peers[peer].queue != nil {
            peers[peer].queue?.append(words)
            return .reply("+QUEUED\r\n")
        }
        return run(words, peer, mayWait: true)
    }

    private func leaveTransaction(_ peer: Int) {
        peers[peer].queue = nil
        peers[peer].isAborted = false
        peers[peer].watched = [:]
        peers[peer].isDirty = false
    }

    private func execute(_ peer: Int) -> String {
        let queue = peers[peer].queue ?? []
        let hasExpired = peers[peer].watched.contains { !$0.value && self.hasExpired($0.key) }
        let (isAborted, isDirty) = (peers[peer].isAborted, peers[peer].isDirty || hasExpired)
        leaveTransaction(peer)
        if isAborted {
            return "-EXECABORT Transaction discarded because of previous errors.\r\n"
        }
        if isDirty { return "*-1\r\n" }
        var replies = "*\(queue.count)\r\n"
        for words in queue {
            guard case .reply(let reply) = run(words, peer, mayWait: false) else { continue }
            replies += reply
        }
        return replies
    }

    private func serve() {
        while !ready.isEmpty {
            let key = ready.removeFirst()
            let waiting = peers.indices
                .filter { peers[$0].waiting?.keys.contains(key) ?? false }
                .sorted { (peers[$0].waiting?.number ?? 0) < (peers[$1].waiting?.number ?? 0) }
            for peer in waiting {
                guard let wait = peers[peer].waiting, present(key)?.kind == wait.kind,
                    case .reply(let reply) = run(wait.words, peer, mayWait: true)
                else { continue }
                peers[peer].waiting = nil
                letters[peer, default: ""] += reply
            }
        }
    }

    /// Ends a peer's waiting as CLIENT UNBLOCK does.
    func unblock(_ peer: Int, byError: Bool) -> String {
        guard let wait = peers[peer].waiting else { return ":0\r\n" }
        peers[peer].waiting = nil
        letters[peer, default: ""] +=
            byError ? "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n" : wait.nothing
        return ":1\r\n"
    }

    // MARK: Commands

    private func run(_ words: [String], _ peer: Int, mayWait: Bool) -> Outcome {
        switch words[0] {
        case "LPUSH", "RPUSH": return .reply(push(words))
        case "LPOP", "RPOP": return .reply(pop(words))
        case "ZADD": return .reply(add(words))
        case "SET", "DEL", "PEXPIRE", "PERSIST", "RENAME": return .reply(change(words))
        case "UNWATCH": return .reply("+OK\r\n")
        case "BLPOP", "BRPOP":
            return take(words, .list, mayWait, peer) { $0.removeItem(atEnd: words[0] == "BRPOP") }
        case "BZPOPMIN", "BZPOPMAX":
            return take(words, .scored, mayWait, peer) {
                $0.removeItem(atEnd: words[0] == "BZPOPMAX")
            }
        case "BLMOVE": return move(words, mayWait, peer)
        default: preconditionFailure("a command that the model does not have: \(words)")
        }
    }

    private func push(_ words: [String]) -> String {
        var value = present(words[1]) ?? Value(kind: .list, items: [])
        guard value.kind == .list else { return SessionModel.wrongType }
        for item in words.dropFirst(2) {
            value.items.insert(item, at: words[0] == "LPUSH" ? 0 : value.items.count)
        }
        put(words[1], value)
        return ":\(value.items.count)\r\n"
    }

    private func pop(_ words: [String]) -> String {
        guard var value = present(words[1]) else { return "$-1\r\n" }
        guard value.kind == .list else { return SessionModel.wrongType }
        let item = value.removeItem(atEnd: words[0] == "RPOP")
        put(words[1], value)
        return item[0].bulk
    }

    /// Members are never added twice.
    private func add(_ words: [String]) -> String {
        var value = present(words[1]) ?? Value(kind: .scored, items: [])
        guard value.kind == .scored, let score = Int(words[2]) else {
            return SessionModel.wrongType
        }
        let place = value.items.indices.firstIndex {
            (value.scores[$0], value.items[$0]) > (score, words[3])
        }
        value.items.insert(words[3], at: place ?? value.items.count)
        value.scores.insert(score, at: place ?? value.scores.count)
        put(words[1], value)
        return ":1\r\n"
    }

    private func change(_ words: [String]) -> String {
        let key = words[1]
        if words[0] == "SET" {
            put(key, Value(kind: .text, items: [words[2]]))
            return "+OK\r\n"
        }
        guard var value = present(key) else {
            return words[0] == "RENAME" ? "-ERR no such key\r\n" : ":0\r\n"
        }
        switch words[0] {
        case "DEL": put(key, nil)
        case "PEXPIRE":
            let milliseconds = Int64(words[2]) ?? 0
            value.expiry = now + milliseconds
            put(key, milliseconds <= 0 ? nil : value)
        case "PERSIST":
            if value.expiry == nil { return ":0\r\n" }
            value.expiry = nil
            put(key, value)
        default:
            if words[2] == key { return "+OK\r\n" }
            put(key, nil)
            put(words[2], nil)
            put(words[2], value)
            return "+OK\r\n"
        }
        return ":1\r\n"
    }

    // MARK: Commands that wait

    private func take(
        _ words: [String], _ kind: Kind, _ mayWait: Bool, _ peer: Int,
        _ remove: (inout Value) -> [String]
    ) -> Outcome {
        let keys = Array(words[1..<words.count - 1])
        for key in keys {
            guard var value = present(key) else { continue }
            guard value.kind == kind else { return .reply(SessionModel.wrongType) }
            let parts = [key] + remove(&value)
            put(key, value)
            return .reply("*\(parts.count)\r\n" + parts.map(\.bulk).joined())
        }
        return wait(words, keys, kind, "*-1\r\n", mayWait, peer)
    }

    private func move(_ words: [String], _ mayWait: Bool, _ peer: Int) -> Outcome {
        let (source, target) = (words[1], words[2])
        guard var value = present(source) else {
            // Where nothing may wait, an element is missing; who has waited in vain gets no array.
            let nothing = mayWait ? "*-1\r\n" : "$-1\r\n"
            return wait(words, [source], .list, nothing, mayWait, peer)
        }
        guard value.kind == .list else { return .reply(SessionModel.wrongType) }
        guard present(target).map({ $0.kind == .list }) ?? true else {
            return .reply(SessionModel.wrongType)
        }
        let item = value.removeItem(atEnd: words[3] == "RIGHT")[0]
        if source != target { put(source, value) }
        var other =
            source == target ? value : present(target) ?? Value(kind: .list, items: [])
        other.items.insert(item, at: words[4] == "LEFT" ? 0 : other.items.count)
        put(target, other)
        return .reply(item.bulk)
    }

    private func wait(
        _ words: [String], _ keys: [String], _ kind: Kind, _ nothing: String, _ mayWait: Bool,
        _ peer: Int
    ) -> Outcome {
        guard mayWait else { return .reply(nothing) }
        if peers[peer].waiting != nil { return .waits }
        waits += 1
        let seconds = Double(words[words.count - 1]) ?? 0
        let deadline = seconds == 0 ? nil : now + Int64((seconds * 1000).rounded(.up))
        peers[peer].waiting = Wait(
            number: waits, words: words, keys: keys, kind: kind, deadline: deadline,
            nothing: nothing)
        return .waits
    }
}

extension SessionModel.Value {
    /// Takes an item off an end: its text, and its score where it has one.
    fileprivate mutating func removeItem(atEnd: Bool) -> [String] {
        let place = atEnd ? items.count - 1 : 0
        let item = items.remove(at: place)
        return kind == .scored ? [item, "\(scores.remove(at: place))"] : [item]
    }
}

extension String {
    /// The text as a bulk string.
    fileprivate var bulk: String { "$\(utf8.count)\r\n\(self)\r\n" }
}
