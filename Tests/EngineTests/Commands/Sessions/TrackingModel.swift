/// What CLIENT TRACKING must do, written a second time and as plainly as can be: for each key the
/// numbers of those who have read it, and a walk over all peers for each change.
///
/// It knows a few commands on strings. Keys that have expired stand until somebody looks.
final class TrackingModel {
    struct Mode {
        var broadcasts = false
        var optsIn = false
        var optsOut = false
        var skipsOwn = false
        var prefixes: [String] = []
        /// The number of the one that is told instead.
        var instead: Int?
        var isCaching = false
    }

    struct Peer {
        var number: Int
        var version: Int
        var isSubscribed = false
        var mode: Mode?
        var queue: [[String]]?
    }

    /// What was sent to whom because of one step.
    struct Outcome {
        var reply = ""
        /// What goes to the caller because others are told through it.
        var aside = ""
        /// What the caller is told of its own changes, behind the reply.
        var own = ""
        /// What goes to the others, by number.
        var letters: [Int: String] = [:]
    }

    var peers: [Peer]
    private(set) var values: [String: (text: String, expiry: Int64?)] = [:]
    var now: Int64
    private var readers: [String: Set<Int>] = [:]
    /// For each prefix the keys that have changed, with the number of who changed them last.
    private var changes: [String: [String: Int]] = [:]
    private var pending: [String?] = []
    private var outcome = Outcome()
    private var caller = 0
    /// Messages about keys so far.
    private(set) var told = 0

    init(peers: [Peer], now: Int64) {
        self.peers = peers
        self.now = now
    }

    /// How many keys are remembered, and for how many readers.
    var tableSizes: (Int, Int) { (readers.count, readers.values.reduce(0) { $0 + $1.count }) }

    // MARK: Steps

    func call(_ words: [String], _ peer: Int) -> Outcome {
        outcome = Outcome()
        caller = peers[peer].number
        outcome.reply = answer(words, peer)
        for key in pending { tell(peers[peer], key.map { [$0] }) { self.outcome.own += $0 } }
        pending = []
        if words[0] != "CLIENT", peers[peer].queue == nil { peers[peer].mode?.isCaching = false }
        caller = 0
        broadcast()
        return outcome
    }

    private func answer(_ words: [String], _ peer: Int) -> String {
        switch words[0] {
        case "MULTI":
            peers[peer].queue = []
            return "+OK\r\n"
        case "EXEC":
            let queue = peers[peer].queue ?? []
            peers[peer].queue = nil
            return "*\(queue.count)\r\n" + queue.map { run($0, peer) }.joined()
        default:
            guard peers[peer].queue != nil else { return run(words, peer) }
            peers[peer].queue?.append(words)
            return "+QUEUED\r\n"
        }
    }

    private func run(_ words: [String], _ peer: Int) -> String {
        switch words[0] {
        case "GET", "MGET":
            let keys = Array(words.dropFirst())
            let texts = keys.map { bulk(present($0), peers[peer].version) }
            remember(keys, peer)
            return (words[0] == "GET" ? "" : "*\(keys.count)\r\n") + texts.joined()
        case "SET":
            _ = present(words[1])
            let life = words.count > 3 ? Int64(words[4]) : nil
            values[words[1]] = (words[2], life.map { now + $0 })
            change(words[1])
            return "+OK\r\n"
        case "MSET":
            for place in stride(from: 1, to: words.count, by: 2) {
                _ = run(["SET", words[place], words[place + 1]], peer)
            }
            return "+OK\r\n"
        case "DEL":
            var count = 0
            for key in words.dropFirst() where present(key) != nil {
                values[key] = nil
                change(key)
                count += 1
            }
            return ":\(count)\r\n"
        case "FLUSHALL":
            flush()
            return "+OK\r\n"
        default:
            return client(words, peer)
        }
    }

    private func client(_ words: [String], _ peer: Int) -> String {
        switch (words[1], words[2]) {
        case ("CACHING", let choice):
            guard let mode = peers[peer].mode else { return TrackingModel.off }
            guard choice == "YES" ? mode.optsIn : mode.optsOut else {
                return choice == "YES" ? TrackingModel.noOptIn : TrackingModel.noOptOut
            }
            peers[peer].mode?.isCaching = true
        case (_, "OFF"):
            // Nobody is told what only this one has followed.
            let prefixes = peers[peer].mode?.prefixes ?? []
            peers[peer].mode = nil
            for prefix in prefixes where !peers.contains(where: { $0.follows(prefix) }) {
                changes[prefix] = nil
            }
        default:
            var mode = Mode()
            var place = 3
            while place < words.count {
                switch words[place] {
                case "BCAST": mode.broadcasts = true
                case "OPTIN": mode.optsIn = true
                case "OPTOUT": mode.optsOut = true
                case "NOLOOP": mode.skipsOwn = true
                case "PREFIX":
                    place += 1
                    mode.prefixes.append(words[place])
                default:
                    place += 1
                    mode.instead = Int(words[place])
                }
                place += 1
            }
            if mode.broadcasts, mode.prefixes.isEmpty { mode.prefixes = [""] }
            peers[peer].mode = mode
        }
        return "+OK\r\n"
    }

    /// Ends a peer; another one takes its place.
    func replace(_ peer: Int, by other: Peer) {
        _ = client(["CLIENT", "TRACKING", "OFF"], peer)
        peers[peer] = other
    }

    // MARK: Keys

    private func present(_ key: String) -> String? {
        guard let value = values[key] else { return nil }
        guard let expiry = value.expiry, expiry < now else { return value.text }
        values[key] = nil
        change(key, by: 0)
        return nil
    }

    private func remember(_ keys: [String], _ peer: Int) {
        guard let mode = peers[peer].mode, !mode.broadcasts else { return }
        if mode.optsIn && !mode.isCaching || mode.optsOut && mode.isCaching { return }
        for key in keys { readers[key, default: []].insert(peers[peer].number) }
    }

    private func change(_ key: String, by changer: Int? = nil) {
        for prefix in Set(peers.flatMap { $0.mode?.prefixes ?? [] }) where key.hasPrefix(prefix) {
            changes[prefix, default: [:]][key] = changer ?? caller
        }
        for number in (readers.removeValue(forKey: key) ?? []).sorted() {
            guard let peer = peers.first(where: { $0.number == number }), let mode = peer.mode,
                !mode.broadcasts
            else { continue }
            if number != caller {
                tell(peer, [key])
            } else if !mode.skipsOwn {
                pending.append(key)
            }
        }
    }

    private func flush() {
        values = [:]
        for peer in peers.sorted(by: { $0.number < $1.number }) where peer.mode != nil {
            if peer.number == caller { pending.append(nil) } else { tell(peer, nil) }
        }
        readers = [:]
    }

    private func broadcast() {
        for (prefix, keys) in changes.sorted(by: { $0.key < $1.key }) {
            // The caller is one of many here: no command is running any more.
            for peer in peers where peer.follows(prefix) {
                let skips = peer.mode?.skipsOwn ?? false
                let shown = keys.filter { !skips || $0.value != peer.number }.keys.sorted()
                if !shown.isEmpty { tell(peer, shown) }
            }
        }
        changes = [:]
    }

    // MARK: Telling

    private func tell(_ peer: Peer, _ keys: [String]?, own: ((String) -> Void)? = nil) {
        var text = "*\(keys?.count ?? 0)\r\n" + (keys ?? []).map { bulk($0, 3) }.joined()
        if keys == nil { text = bulk(nil, peer.version) }
        var target = peer
        if let instead = peer.mode?.instead {
            guard let other = peers.first(where: { $0.number == instead }) else {
                guard peer.version == 3 else { return }
                return send(
                    ">2\r\n" + bulk("tracking-redir-broken", 3) + ":\(instead)\r\n", peer, own)
            }
            target = other
        }
        if target.version == 3 {
            send(">2\r\n" + bulk("invalidate", 3) + text, target, own)
        } else if target.number != peer.number, target.isSubscribed {
            send(
                "*3\r\n" + bulk("message", 3) + bulk("__redis__:invalidate", 3) + text, target, own)
        }
    }

    private func send(_ text: String, _ peer: Peer, _ own: ((String) -> Void)?) {
        told += 1
        if peer.number != caller {
            outcome.letters[peer.number, default: ""] += text
        } else if let own {
            own(text)
        } else {
            outcome.aside += text
        }
    }

    private func bulk(_ text: String?, _ version: Int) -> String {
        guard let text else { return version == 3 ? "_\r\n" : "$-1\r\n" }
        return "$\(text.utf8.count)\r\n\(text)\r\n"
    }

    private static let off =
        """
        -ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or \
        OPTOUT mode enabled\r\n
        """
    private static let noOptIn =
        "-ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.\r\n"
    private static let noOptOut =
        "-ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.\r\n"
}

extension TrackingModel.Peer {
    fileprivate func follows(_ prefix: String) -> Bool { mode?.prefixes.contains(prefix) ?? false }
}
