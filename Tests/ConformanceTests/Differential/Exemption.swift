/// Replies of two servers that need not be equal byte for byte, and what must be equal instead.
/// Errors always have to be equal, whatever is said here.
struct Exemption: Sendable {
    /// How much of a reply can be compared.
    enum Measure: Sendable {
        /// The elements, in any order.
        case unordered
        /// A walk from cursor 0 to cursor 0: its elements in any order. Of an unfinished walk
        /// only the shape counts.
        case walk
        /// The same kind of reply.
        case kind
        /// The same kind of reply, with as many elements of the same kinds.
        case shape
        /// Whole numbers that may be this far apart.
        case within(Int)
        /// As `within`, but the absolute times that the generators use are equal exactly.
        case time(Int)
        /// Whole numbers, either of which is right.
        case either(Int, Int)
        /// Lines of `name=value` with the same names; the values of these may differ.
        case fields(Set<String>)
        /// A map in which what follows these names may differ.
        case entries(Set<String>)
    }

    /// The commands that it is about, in capitals; a subcommand with its container.
    let commands: [String]
    let measure: Measure
    let reason: String

    /// All there are. What is not listed is compared byte for byte.
    static let all: [Exemption] = [
        Exemption(
            commands: ["KEYS"], measure: .unordered,
            reason: "the order of keys is that of a hash table with a secret seed"),
        Exemption(
            commands: ["SCAN"], measure: .walk,
            reason: "cursors and the order of keys are those of a hash table with a secret seed"),
        Exemption(
            commands: ["HGETALL", "HKEYS", "HVALS"], measure: .unordered,
            reason: "the order of a large hash is that of a hash table with a secret seed"),
        Exemption(
            commands: ["HSCAN"], measure: .walk,
            reason: "the order of a large hash is that of a hash table with a secret seed"),
        Exemption(
            commands: ["HRANDFIELD"], measure: .shape,
            reason: "the fields are drawn at random; how many there are is compared"),
        Exemption(
            commands: ["SMEMBERS", "SINTER", "SUNION", "SDIFF"], measure: .unordered,
            reason: "the order of a large set is that of a hash table with a secret seed, and "
                + "none is promised of what sets are combined to"),
        Exemption(
            commands: ["SSCAN"], measure: .walk,
            reason: "the order of a large set is that of a hash table with a secret seed"),
        Exemption(
            commands: ["SPOP", "SRANDMEMBER"], measure: .shape,
            reason: "the members are drawn at random; how many there are is compared, and that "
                + "they are members and differ where they must is a test of its own"),
        Exemption(
            commands: ["RANDOMKEY"], measure: .kind,
            reason: "the key is drawn at random; whether there is one is compared"),
        Exemption(
            commands: ["ZRANDMEMBER"], measure: .shape,
            reason: "the members are drawn at random; how many there are is compared"),
        Exemption(
            commands: ["ZSCAN"], measure: .walk,
            reason: "cursors and the order of members are those of a hash table with a secret seed"
        ),
        Exemption(
            commands: ["TTL"], measure: .within(5),
            reason: "the two servers run a command at slightly different times"),
        Exemption(
            commands: ["PTTL"], measure: .within(5000),
            reason: "the two servers run a command at slightly different times"),
        Exemption(
            commands: ["EXPIRETIME"], measure: .time(5),
            reason: "a time that was given relative to now depends on when now was"),
        Exemption(
            commands: ["PEXPIRETIME"], measure: .time(5000),
            reason: "a time that was given relative to now depends on when now was"),
        Exemption(
            commands: ["OBJECT IDLETIME"], measure: .kind,
            reason: "in Redis all keys with the same small integer share the time of its last use; "
                + "tests on a moved clock compare it otherwise"),
        Exemption(
            commands: ["OBJECT REFCOUNT"], measure: .either(1, 2_147_483_647),
            reason: "a small integer is a shared object in Redis, except when COPY has made it; "
                + "here no integer is an object"),
        Exemption(
            commands: ["OBJECT HELP", "CLIENT HELP"], measure: .kind,
            reason: "help is in words of Larder's own"),
        Exemption(
            commands: ["HELLO"], measure: .entries(["id"]),
            reason: "numbers of connections count all that ever were"),
        Exemption(
            commands: ["CLIENT ID"], measure: .kind,
            reason: "numbers of connections count all that ever were"),
        Exemption(
            commands: ["CLIENT INFO", "CLIENT LIST"],
            measure: .fields([
                "id", "addr", "laddr", "fd", "age", "idle", "qbuf", "qbuf-free", "argv-mem",
                "rbs", "rbp", "obl", "oll", "omem", "tot-mem", "events",
            ]),
            reason: "addresses, ages and memory of the connections are the servers' own"),
    ]

    /// Absolute times that the generators use lie from here on, in seconds: in the year 2100.
    static let absoluteSeconds = 4_102_444_800

    private static let byCommand: [String: Exemption] = Dictionary(
        uniqueKeysWithValues: all.flatMap { exemption in
            exemption.commands.map { ($0, exemption) }
        })

    /// The exemption for a request, if there is one.
    static func of(_ words: [[UInt8]]) -> Exemption? {
        guard let first = words.first else { return nil }
        let name = String(decoding: first, as: UTF8.self).uppercased()
        if let exemption = byCommand[name] { return exemption }
        guard words.count > 1 else { return nil }
        return byCommand[name + " " + String(decoding: words[1], as: UTF8.self).uppercased()]
    }

    /// True when what can be compared of two replies is equal.
    func allows(_ own: WireValue, _ real: WireValue, _ words: [[UInt8]]) -> Bool {
        if own == real { return true }
        guard own.kind == real.kind, own.kind != "error" else { return false }
        switch measure {
        case .kind: return true
        case .shape: return own.outline == real.outline
        case .unordered: return Exemption.sorted(own) == Exemption.sorted(real)
        case .walk:
            // The cursor follows the key, where there is one.
            let place = words[0].count == 4 ? 1 : 2
            return sameWalk(own.elements, real.elements, isWhole: words[place] == [48])
        case .within(let distance):
            return near(own, real, distance)
        case .time(let distance):
            return !isAbsolute(own) && !isAbsolute(real) && near(own, real, distance)
        case .either(let first, let second):
            return [own, real].allSatisfy { $0 == .integer(first) || $0 == .integer(second) }
        case .fields(let free):
            return lines(own, free) == lines(real, free)
        case .entries(let free):
            return entries(own.elements, free) == entries(real.elements, free)
        }
    }

    private static func sorted(_ value: WireValue) -> [String] {
        value.elements.map { "\($0)" }.sorted()
    }

    private func sameWalk(_ own: [WireValue], _ real: [WireValue], isWhole: Bool) -> Bool {
        guard own.count == 2, real.count == 2, own[0].kind == "bulk", real[0].kind == "bulk",
            own[1].kind == real[1].kind
        else { return false }
        guard isWhole, own[0].text == "0", real[0].text == "0" else { return true }
        return Exemption.sorted(own[1]) == Exemption.sorted(real[1])
    }

    private func near(_ own: WireValue, _ real: WireValue, _ distance: Int) -> Bool {
        // Negative numbers have meanings of their own, and those are not near each other.
        guard case .integer(let left) = own, case .integer(let right) = real,
            left >= 0, right >= 0
        else { return false }
        return left.distance(to: right).magnitude <= UInt(distance)
    }

    private func isAbsolute(_ value: WireValue) -> Bool {
        guard case .integer(let time) = value else { return false }
        let seconds = Exemption.absoluteSeconds
        return (seconds...seconds + 10).contains(time)
            || (seconds * 1000...seconds * 1000 + 10_000).contains(time)
    }

    /// What is compared of a reply, for a report.
    func comparable(_ value: WireValue) -> String? {
        if case .fields(let free) = measure {
            return lines(value, free).joined(separator: "\n")
        }
        return nil
    }

    private func lines(_ value: WireValue, _ free: Set<String>) -> [String] {
        (value.text ?? "").split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: " ").map { field in
                let name = field.prefix { $0 != "=" }
                return free.contains(String(name)) ? name + "=" : field
            }.joined(separator: " ")
        }
    }

    private func entries(_ elements: [WireValue], _ free: Set<String>) -> [WireValue] {
        elements.indices.map { index in
            let isFree = index % 2 == 1 && free.contains(elements[index - 1].text ?? "")
            return isFree ? .null : elements[index]
        }
    }
}

/// What is not played at all, since the two servers deliberately or by chance differ in it.
struct Unplayed: Sendable {
    let what: String
    let reason: String

    /// All there is.
    static let all: [Unplayed] = [
        Unplayed(
            what: "times less than some hours from now, past or to come",
            reason: "the two servers' clocks would decide"),
        Unplayed(
            what: "SCAN and RANDOMKEY while keys are there whose time has passed",
            reason: "they remove such keys as chance has it; a walk over all keys is played "
                + "before, which removes all of them"),
        Unplayed(
            what: "active expiry", reason: "what it has removed at a moment depends on time"),
        Unplayed(
            what: "commands that the real server has and the family does not name",
            reason: "other tests compare them, or they do not exist here yet"),
        Unplayed(
            what: "ranges of members of sorted sets whose scores differ",
            reason: "the order of members is then that of the scores first, and what is found "
                + "depends on the way that the search takes"),
        Unplayed(
            what: "streams with a NUL outside of bulk strings",
            reason: "Redis looks for the end of a line as in C strings and waits for ever at a "
                + "line with a NUL; a node reads on and answers"),
        Unplayed(
            what: "lines and counts of more than 64 kilobytes that end",
            reason: "whether they are refused before their end comes depends on how they arrive; "
                + "those without end are played"),
        Unplayed(
            what: "QUIT and CLIENT KILL while CLIENT REPLY has switched replies off",
            reason: "Redis 7.0 closes when the last reply is sent, and keeps a connection open "
                + "that is owed none; a node closes it"),
        Unplayed(
            what: "POST and Host: behind other requests",
            reason: "Redis drops the replies that are not sent yet, which depends on time; a "
                + "node sends them"),
        Unplayed(
            what: "more than 1024 bytes of replies at once without authentication",
            reason: "Debian's redis-server closes the connection when they do not fit its "
                + "buffer, whose size depends on time; the node's host bounds what waits"),
        Unplayed(
            what: "SORT of weights that are out of a number's range, too large or too small",
            reason: "Redis takes the error of an earlier conversion for one of its own, and then "
                + "refuses good weights too; a transcript shows that only these are refused"),
        Unplayed(
            what: "SORT BY with ALPHA",
            reason: "Redis leaves elements with the same text under their keys in any order; "
                + "transcripts show different texts"),
        Unplayed(
            what: "SORT of sets and of sorted sets",
            reason: "unsorted sets have no order to compare; transcripts show the others"),
        Unplayed(
            what: "SETRANGE far behind the end, up to the half gigabyte that is legal",
            reason: "it takes time and memory; that more is refused is compared"),
    ]
}

extension WireValue {
    /// What kind of reply it is, and of what kinds its elements are.
    var outline: String { kind + elements.map { "[" + $0.outline + "]" }.joined() }

    /// What kind of reply it is.
    var kind: String {
        switch self {
        case .simple: "simple"
        case .error: "error"
        case .integer: "integer"
        case .double: "double"
        case .boolean: "boolean"
        case .bulk: "bulk"
        case .verbatim: "verbatim"
        case .bigNumber: "big number"
        case .null: "null"
        case .array: "array"
        case .set: "set"
        case .map: "map"
        case .push: "push"
        }
    }
}
