import Bytes
import Client
import Engine
import Grammar
import Wire

// At a real server a lesson is a guest: there are keys and channels of others. Every key and
// channel that the lesson names gets a prefix that no other run has, and loses it again in what
// comes back. Where the keys of a command are its declaration says, so a command without a
// declaration is not sent. Commands without keys are sent only when they are known to touch
// nobody else; the others need the permission of whoever began the run.

/// How the requests of a lesson are made ready for a server with keys of others.
struct LessonKeys {
    /// What becomes of a request.
    enum Sending: Equatable {
        /// It goes out like this; `waits` when its reply may be long in coming.
        case request([[UInt8]], waits: Bool)
        /// The number of the lesson's keys is the reply.
        case count
        /// Those of the lesson's keys that match a pattern are the reply.
        case list([UInt8])
        /// It is not sent, and why.
        case refused(String)
    }

    /// What the lesson's keys and channels begin with.
    let prefix: [UInt8]
    /// True when commands may be sent that change more than the lesson's own keys.
    let allowsDestructive: Bool

    private static let table = CommandTable<Store>(AllCommands.list, flavour: .valkey80)

    /// A prefix for one run of a lesson.
    init(lesson: String, run: UInt64, allowsDestructive: Bool = false) {
        let name = lesson.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        prefix = Array("larder:lesson:\(name):\(String(run, radix: 16)):".utf8)
        self.allowsDestructive = allowsDestructive
    }

    /// The command of a request: its name as one types it, in capitals, and its declaration.
    private static func entry(
        of words: [[UInt8]]
    ) -> (name: String, entry: CommandTable<Store>.Entry)? {
        guard let first = words.first else { return nil }
        guard var number = table.find(first.rawSpan) else { return nil }
        if table.entries[number].isContainer, words.count > 1 {
            let second = words[1]
            number = table.findSubcommand(of: number, second.rawSpan) ?? number
        }
        let entry = table.entries[number]
        return (entry.spec.typedName.uppercased(), entry)
    }

    /// The name of a request's command as figures have it: `zadd`, `config|get`.
    static func name(of words: [[UInt8]]) -> String {
        guard let found = entry(of: words) else {
            return String(decoding: words.first ?? [], as: UTF8.self).lowercased()
        }
        return found.name.lowercased().split(separator: " ").joined(separator: "|")
    }

    // MARK: Requests

    /// What becomes of a request.
    func sending(_ words: [[UInt8]]) -> Sending {
        guard let (name, entry) = Self.entry(of: words) else {
            let word = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
            return .refused("where the keys of '\(word)' stand is not known")
        }
        // A request with too few or too many words is answered with an error, whatever it names.
        guard entry.accepts(words.count) else { return .request(words, waits: false) }
        if let reason = Self.never[name] { return .refused("\(name) \(reason)") }
        if let own = listing(name, words) ?? channels(name, words) { return own }
        if let reason = beyond(name, words), !allowsDestructive {
            return .refused("\(name) \(reason); --allow-destructive permits it")
        }
        guard entry.hasKeys else {
            if allowsDestructive || Self.harmless.contains(name) || name.hasSuffix(" HELP") {
                return .request(words, waits: false)
            }
            return .refused(
                "\(name) concerns more than the lesson's own keys; --allow-destructive permits it")
        }
        var list = ArgumentList()
        for word in words { list.append(word.rawSpan) }
        var request = words
        let positions = entry.keys(of: list.arguments)
        if positions == nil, entry.flags.contains(.write) {
            return .refused("which keys '\(name)' changes here is not known")
        }
        for position in positions ?? [] {
            request[position.word] = prefix + request[position.word]
        }
        return .request(request, waits: entry.flags.contains(.blocking))
    }

    /// Commands that would end what a run rests on: one reply for each request, one database.
    private static let never = [
        "MONITOR": "tells what others do", "SYNC": "is for replicas", "PSYNC": "is for replicas",
        "REPLCONF": "is for replicas", "CLIENT REPLY": "ends the replies that a lesson compares",
        "SELECT": "leads to a database in which the lesson's keys would be left",
        "MOVE": "leads to a database in which the lesson's keys would be left",
        "MIGRATE": "leads to another server",
    ]

    /// Commands without keys that change nothing of others and show nothing of them.
    private static let harmless: Set<String> = [
        "PING", "ECHO", "TIME", "HELLO", "RESET", "QUIT", "MULTI", "EXEC", "DISCARD", "UNWATCH",
        "INFO", "LOLWUT", "ROLE", "LASTSAVE", "WAIT", "WAITAOF", "COMMAND", "COMMAND COUNT",
        "COMMAND DOCS", "COMMAND INFO", "COMMAND LIST", "COMMAND GETKEYS",
        "COMMAND GETKEYSANDFLAGS", "CLIENT ID", "CLIENT GETNAME", "CLIENT SETNAME",
        "CLIENT SETINFO", "CLIENT INFO", "CONFIG GET",
    ]

    /// How a command with keys can reach others than those that it names; nil when it cannot.
    private func beyond(_ name: String, _ words: [[UInt8]]) -> String? {
        let rest = words.dropFirst().map { String(decoding: $0, as: UTF8.self).uppercased() }
        switch name {
        case "EVAL", "EVAL_RO", "EVALSHA", "EVALSHA_RO", "FCALL", "FCALL_RO":
            return "can touch keys that it does not name"
        case "SORT", "SORT_RO":
            let isFar = zip(rest, rest.dropFirst()).contains {
                ["BY", "GET"].contains($0) && $1.contains("*")
            }
            return isFar ? "reads keys by a pattern" : nil
        case "COPY" where rest.dropFirst(2).contains("DB"): return "leads to another database"
        default: return nil
        }
    }

    /// Commands that go through all keys.
    private func listing(_ name: String, _ words: [[UInt8]]) -> Sending? {
        switch name {
        case "DBSIZE": return .count
        case "KEYS": return .list(words[1])
        case "RANDOMKEY": return .refused("RANDOMKEY gives keys of others too")
        case "SCAN":
            var request = words
            let options = stride(from: 2, to: words.count - 1, by: 2)
            let match = Array("MATCH".utf8)
            guard let word = options.first(where: { words[$0].map(\.asciiUppercased) == match })
            else {
                request += [match, pattern(Array("*".utf8))]
                return .request(request, waits: false)
            }
            request[word + 1] = pattern(words[word + 1])
            return .request(request, waits: false)
        default: return nil
        }
    }

    /// Commands about channels.
    private func channels(_ name: String, _ words: [[UInt8]]) -> Sending? {
        let first: Int
        let last: Int
        switch name {
        case "PUBLISH", "SPUBLISH": (first, last) = (1, 1)
        case "SUBSCRIBE", "SSUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "SUNSUBSCRIBE",
            "PUNSUBSCRIBE":
            (first, last) = (1, words.count - 1)
        case "PUBSUB NUMSUB", "PUBSUB SHARDNUMSUB": (first, last) = (2, words.count - 1)
        case "PUBSUB CHANNELS", "PUBSUB SHARDCHANNELS":
            let all = words.count == 2 ? words + [Array("*".utf8)] : words
            return .request(all.prefix(2) + [pattern(all[2])], waits: false)
        case "PUBSUB NUMPAT": return .refused("PUBSUB NUMPAT counts the patterns of others too")
        default: return nil
        }
        guard first <= last else { return .request(words, waits: false) }
        if words[first...last].contains(where: { $0.starts(with: "__key".utf8) }) {
            return .refused("notifications tell of keys of others too")
        }
        var request = words
        for word in first...last { request[word] = prefix + request[word] }
        return .request(request, waits: false)
    }

    /// A pattern for names of the lesson.
    func pattern(_ own: [UInt8]) -> [UInt8] { KeyNames.pattern(prefix).dropLast() + own }

    // MARK: Replies

    /// A reply without the prefix.
    func bare(_ reply: RESPValue) -> RESPValue {
        func pairs(_ pairs: [RESPValue.Pair]) -> [RESPValue.Pair] {
            pairs.map { RESPValue.Pair(bare($0.key), bare($0.value)) }
        }
        return switch reply {
        case .simple(let text): .simple(bare(text))
        case .error(let text): .error(bare(text))
        case .bulk(let text): .bulk(bare(text))
        case .verbatim(let format, let text): .verbatim(format: format, text: bare(text))
        case .array(let elements): .array(elements.map(bare))
        case .set(let elements): .set(elements.map(bare))
        case .push(let elements): .push(elements.map(bare))
        case .map(let elements): .map(pairs(elements))
        case .attributed(let remarks, let value): .attributed(pairs(remarks), bare(value))
        case .integer, .double, .bigNumber, .boolean, .null: reply
        }
    }

    /// A text without the prefix, wherever in it that stands.
    func bare(_ text: ByteString) -> ByteString {
        let bytes = text.bytes
        guard bytes.count >= prefix.count else { return text }
        var kept: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place] == prefix[0], bytes[place...].starts(with: prefix) {
                place += prefix.count
            } else {
                kept.append(bytes[place])
                place += 1
            }
        }
        return kept.count == bytes.count ? text : ByteString(kept)
    }
}
