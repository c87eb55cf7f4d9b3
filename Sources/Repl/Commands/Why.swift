import Bytes
import Client
import Grammar
import Server
import Wire

// `:why KEY`: why a key is not there. A node of this kind knows, when it was told to note it; any
// other server has only counters, so what they allow and what they rule out is told, and how to
// find out the next time.

enum Why {
    static var commands: [Command<Console>] { [why] }

    static let why = Command<Console>(
        ":WHY", .connection, [], since: "1.0.0",
        summary: """
            Tells why a key is not there: deleted by which command, expired when, evicted under \
            which policy. At servers that do not note it, tells what can be known.
            """, complexity: "", arguments: [.key(.readOnly)],
        examples: [":why greeting"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let key = call[1].copied()
        let answer = try console.ask([Array("LARDER".utf8), Array("WHY".utf8), key])
        let text: String
        if answer.errorText == nil, let state = answer["state"]?.bytes?.text {
            text = try Self.text(answer, state, key, console)
        } else {
            text = try guess(key, console)
        }
        reply.buffer.append(utf8: text)
    }

    // MARK: A node that notes it

    private static func text(
        _ answer: RESPValue, _ state: String, _ key: [UInt8], _ console: Console
    ) throws(CommandError) -> String {
        let now = try clock(console)
        let departure = answer["departure"].flatMap { WhyDeparture($0) }
        let whole = answer["whole-database"].flatMap { WhyDeparture($0) }
        switch state {
        case "present":
            var text = "it is there; :peek shows what it is\n"
            if let departure {
                text += row("before", "\(departure.headline), \(departure.ago(now))")
            }
            return text
        case "unrecorded":
            return "there is no such key, and this node does not note why keys leave\n"
                + row("from now", "CONFIG SET larder-departures 10000 notes it for that many keys")
        case "left":
            var text = departure?.rows(now) ?? ""
            if let whole, whole.time >= departure?.time ?? .min {
                text += departure == nil ? "" : row("after that", "")
                text += whole.rows(now)
                if departure == nil {
                    text += row("the key", "whether it was among them is not noted")
                }
            }
            return text
        default:
            return unseen(answer, now)
        }
    }

    private static func unseen(_ answer: RESPValue, _ now: Int64) -> String {
        let since = answer["recorded-since"]?.integer ?? 0
        let complete = answer["complete-since"]?.integer ?? since
        let noted = Units.duration(milliseconds: max(0, now - since))
        if complete <= since {
            return "never seen: no such key has left since this node began to note it, "
                + "\(noted) ago\n"
        }
        let kept = Units.duration(milliseconds: max(0, now - complete))
        return "there is no such key, and none has left in the last \(kept)\n"
            + row("before", "what left earlier may be forgotten; noted for \(noted)")
    }

    /// The server's wall clock in milliseconds, so that two clocks are not compared.
    private static func clock(_ console: Console) throws(CommandError) -> Int64 {
        let parts = try console.ask("TIME").elements ?? []
        guard parts.count == 2, let seconds = parts[0].integer, let rest = parts[1].integer
        else { return SystemClock.tick().wall.milliseconds }
        return seconds * 1000 + rest / 1000
    }

    static func row(_ label: String, _ value: String) -> String {
        label + String(repeating: " ", count: max(1, 11 - label.count)) + value + "\n"
    }

    // MARK: Other servers

    private static func guess(
        _ key: [UInt8], _ console: Console
    ) throws(CommandError) -> String {
        let exists = try console.ask([Array("EXISTS".utf8), key])
        if let error = exists.errorText { throw CommandError(error) }
        if exists.number ?? 0 > 0 { return "it is there; :peek shows what it is\n" }
        let info = try InfoFields(console)
        var text = "there is no such key; this server does not note why keys leave\n"
        text += row("evicted", evictions(info))
        text += row("expired", expirations(info))
        let calls = info.calls([
            "del", "unlink", "getdel", "flushdb", "flushall", "rename", "move", "spop", "lpop",
            "rpop", "srem", "hdel", "zrem",
        ])
        text += row(
            "deleted",
            calls.isEmpty ? "no: no command ran that deletes" : "perhaps: \(calls) ran so far")
        text += row("never set", "perhaps: that leaves no trace")
        return text + "\n" + advice(key, console)
    }

    private static func evictions(_ info: InfoFields) -> String {
        guard let evicted = info.number("evicted_keys") else { return "not known" }
        let policy = info["maxmemory_policy"] ?? "unknown"
        if evicted > 0 {
            return "perhaps: \(Grouped.text(evicted)) keys were, policy \(policy)"
        }
        return "no: no key was since the counters began, policy \(policy)"
    }

    private static func expirations(_ info: InfoFields) -> String {
        guard let expired = info.number("expired_keys") else { return "not known" }
        if expired > 0 { return "perhaps: \(Grouped.text(expired)) keys have" }
        return "no: no key has since the counters began"
    }

    /// How to find out the next time.
    private static func advice(_ key: [UInt8], _ console: Console) -> String {
        let database = console.endpoint.state.database
        let name = String(decoding: Quoting.quoted(key.rawSpan), as: UTF8.self)
        return """
            To see it the next time, let the server publish what happens to keys, and listen:
              CONFIG SET notify-keyspace-events KA
              PSUBSCRIBE __keyspace@\(database)__:*
            The message for \(name) is then del, expired, evicted, rename_from and so on.

            """
    }
}

/// A departure as LARDER tells it.
private struct WhyDeparture {
    let reason: String
    let time: Int64
    private let reply: RESPValue

    init?(_ reply: RESPValue) {
        guard let reason = reply["reason"]?.bytes?.text, let time = reply["time"]?.integer else {
            return nil
        }
        self.reason = reason
        self.time = time
        self.reply = reply
    }

    private func text(_ name: StaticString) -> String? { reply[name]?.bytes?.text }
    private func number(_ name: StaticString) -> Int64? { reply[name]?.integer }

    func ago(_ now: Int64) -> String {
        let passed = max(0, now - time)
        return passed < 1000 ? "just now" : "\(Units.duration(milliseconds: passed)) ago"
    }

    private var command: String { text("command") ?? "a command" }

    /// What happened, in a few words.
    var headline: String {
        switch reason {
        case "deleted": "deleted by \(command)"
        case "emptied": "gone with its last element, taken by \(command)"
        case "expired": "expired"
        case "evicted": "evicted under \(text("policy") ?? "a policy that is not known")"
        case "renamed": "renamed" + (text("target").map { " to \($0)" } ?? "")
        case "moved": "moved" + (text("target").map { " to database \($0)" } ?? "")
        case "flushed":
            "all \(Grouped.text(Int(number("keys") ?? 0))) keys of the database deleted by "
                + command
        case "swapped": "exchanged with database \(text("target") ?? "?") by \(command)"
        default: reason
        }
    }

    /// All that is known, in rows.
    func rows(_ now: Int64) -> String {
        var text = "\(headline), \(ago(now))\n"
        text += Why.row("when", Units.date(seconds: time / 1000))
        if let client = number("client") {
            let isCause = ["expired", "evicted"].contains(reason)
            text += Why.row(
                "client", "\(client)" + (isCause ? ", whose \(command) met it" : ""))
        } else if reason == "expired" {
            text += Why.row("client", "none: the node looks for what has expired by itself")
        }
        if let type = self.text("type") {
            text += Why.row("it was", "a \(type) of \(Units.bytes(number("bytes") ?? 0))")
        }
        if let idle = number("idle") {
            text += Why.row("last used", idle == 0 ? "just before" : "\(age(idle)) before")
        }
        if let uses = number("frequency") {
            text += Why.row("frequency", "\(uses) of 255")
        }
        return text + expiryRow
    }

    private func age(_ seconds: Int64) -> String { Units.duration(seconds: seconds) }

    private var expiryRow: String {
        guard let expiry = number("expiry") else { return "" }
        if reason == "expired" {
            let late = max(0, time - expiry)
            return Why.row(
                "its time",
                "was over at \(Units.date(seconds: expiry / 1000))"
                    + (late < 1000 ? "" : ", noticed \(Units.duration(milliseconds: late)) later"))
        }
        return Why.row("it had", "\(Units.duration(milliseconds: max(0, expiry - time))) to live")
    }
}

/// The fields of INFO.
struct InfoFields {
    private var fields: [String: String] = [:]

    /// Asks for them.
    init(_ console: Console) throws(CommandError) {
        let reply = try console.ask("INFO", "all")
        if let error = reply.errorText { throw CommandError(error) }
        let text = String(decoding: reply.plainBytes ?? [], as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
    }

    /// A field's value.
    subscript(name: String) -> String? { fields[name] }

    /// A field's value as a number.
    func number(_ name: String) -> Int? { fields[name].flatMap { Int($0) } }

    /// Those of the commands that have run, with how often.
    func calls(_ names: [String]) -> String {
        names.compactMap { name -> String? in
            guard let stat = fields["cmdstat_" + name], stat.hasPrefix("calls="),
                let count = Int(stat.dropFirst(6).prefix { $0.isNumber }), count > 0
            else { return nil }
            return "\(Grouped.text(count)) \(name.uppercased())"
        }.joined(separator: ", ")
    }
}
