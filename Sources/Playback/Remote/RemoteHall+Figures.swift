import Bytes
import Simulation
import Wire

// Figures at a real server. They are of three kinds: what the server tells of one of the lesson's
// keys or channels, what the hall has counted of what the lesson itself sent and received, and the
// clock. All are measured. Whatever else there is belongs to the simulated world, or counts what
// others do at the server too, and is lacking here.

extension RemoteHall {
    /// What a figure is at this moment; nil when there is no such figure here.
    func figure(_ call: FigureCall, _ arguments: [Value]) -> Reading? {
        let words = arguments.map(WorldFigures.word)
        let start =
            switch call.window {
            case .step: stepStart
            case .run: 0 as UInt64
            case .last(let nanoseconds): now - min(now, nanoseconds)
            }
        let sent = log.filter { $0.time >= start }
        let value: Value
        switch call.name {
        case "clock.now": value = .number(Double(now) / 1e9, .time, .seconds)
        case "clock.elapsed": value = .number(Double(now - start) / 1e9, .time, .seconds)
        case "cache.ops": value = Self.count(sent.count)
        case "net.round_trips": value = Self.count(sent.count { $0.isRoundTrip })
        case "cache.keys":
            value = names().map { Self.count($0.count) } ?? .missing("the server does not answer")
        case "cmd.calls", "cmd.p50", "cmd.p99":
            let name = words[0].lowercased().split(separator: " ").joined(separator: "|")
            let own = sent.filter { $0.name == name }
            value =
                call.name == "cmd.calls"
                ? Self.count(own.count)
                : Self.percentile(call.name == "cmd.p50" ? 50 : 99, own.map(\.took))
        case "pubsub.received":
            value = Self.count(received[words[1]]?[ByteString(words[0])] ?? 0)
        case "pubsub.subscribers":
            let channel = keys.prefix + Array(words[0].utf8)
            let reply = ask([Array("PUBSUB".utf8), Array("NUMSUB".utf8), channel])
            value = Self.number(reply?.elements?.last)
        case "key.exists", "key.type", "key.ttl", "key.len", "key.value":
            value = key(call.name, keys.prefix + Array(words[0].utf8))
        case "key.element":
            value = element(words[1], of: keys.prefix + Array(words[0].utf8))
        default: return nil
        }
        return Reading(value, .measured)
    }

    private static func count(_ count: Int) -> Value { .number(Double(count), .none, nil) }

    private static func number(_ reply: RESPValue?) -> Value {
        guard let number = reply?.integer else { return .missing("the server does not answer") }
        return .number(Double(number), .none, nil)
    }

    private static func percentile(_ percent: Int, _ times: [UInt64]) -> Value {
        guard !times.isEmpty else { return .missing("nothing to tell yet") }
        let place = max(1, (times.count * percent + 99) / 100) - 1
        return .number(Double(times.sorted()[place]) / 1e9, .time, .seconds)
    }

    private func key(_ name: String, _ key: [UInt8]) -> Value {
        func asked(_ command: String) -> RESPValue? { ask([Array(command.utf8), key]) }
        guard let type = asked("TYPE")?.bytes?.text else {
            return .missing("the server does not answer")
        }
        switch name {
        case "key.exists": return .truth(type != "none")
        case "key.type": return .text(type)
        case "key.ttl": return Self.number(asked("TTL"))
        case "key.len":
            let commands = [
                "string": "STRLEN", "list": "LLEN", "set": "SCARD", "zset": "ZCARD",
                "hash": "HLEN", "stream": "XLEN",
            ]
            return commands[type].map { Self.number(asked($0)) } ?? Self.count(0)
        default:
            guard type == "string", let text = asked("GET")?.bytes else {
                return .missing("nothing to tell yet")
            }
            return .text(text.text)
        }
    }

    private func element(_ name: String, of key: [UInt8]) -> Value {
        guard let type = ask([Array("TYPE".utf8), key])?.bytes?.text else {
            return .missing("the server does not answer")
        }
        let commands = ["hash": "HGET", "zset": "ZSCORE", "list": "LINDEX", "set": "SISMEMBER"]
        guard let command = commands[type] else { return .text("") }
        let reply = ask([Array(command.utf8), key, Array(name.utf8)])
        if type == "set" { return .text(reply?.integer == 1 ? name : "") }
        return .text(reply?.bytes?.text ?? "")
    }

    // MARK: The workbench

    /// Why a line of the workbench or the shop cannot be said here; nil when it can.
    static func refusal(of line: String, session: String) -> String? {
        if session == "app" { return "it needs the simulated shop" }
        let words = line.split(separator: " ").map { $0.lowercased() }
        switch words.first {
        case nil, "help", "set", "figure", "flush", "go": return nil
        case "clock":
            guard words.count > 2, words[1] == "advance",
                let time = Quantity(words[2])?.nanoseconds, time > longestAdvance
            else { return nil }
            return "it lets \(words[2]) pass, and the clock of a real server is not virtual"
        case let first?: return "'\(first)' acts on the simulated world"
        }
    }
}
