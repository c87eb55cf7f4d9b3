import Bytes
import Client
import Grammar
import Wire

// `:hotkeys`, `:bigkeys`, `:memkeys` and `:keystats`. An engine that watches its keys answers at
// once, from what it has counted all along. Elsewhere all keys are walked over in small steps
// (KeyScan.swift), and what cannot be known is said with the reason.

enum KeyFigures {
    static var commands: [Command<Console>] { [hotKeys, bigKeys, memKeys, keyStats] }

    /// Keys that are shown when nobody says how many.
    private static let usual = 10

    static let hotKeys = Command<Console>(
        ":HOTKEYS", .connection, [], since: "1.0.0",
        summary: """
            Lists the keys that are asked for most. Elsewhere than at an engine that counts it, \
            this goes by the counters of an LFU policy.
            """, complexity: "", arguments: [.integer("count").optional],
        examples: [":hotkeys", ":hotkeys 3"], run: runHotKeys)

    static let bigKeys = Command<Console>(
        ":BIGKEYS", .connection, [], since: "1.0.0",
        summary: "Lists the biggest keys of each type, with their elements and bytes.",
        complexity: "", arguments: [.integer("count").optional],
        examples: [":bigkeys", ":bigkeys 1"], run: runBigKeys)

    static let memKeys = Command<Console>(
        ":MEMKEYS", .connection, [], since: "1.0.0",
        summary: "Lists the keys that take most memory.", complexity: "",
        arguments: [.integer("count").optional], examples: [":memkeys", ":memkeys 20"],
        run: runMemKeys)

    static let keyStats = Command<Console>(
        ":KEYSTATS", .connection, [], since: "1.0.0",
        summary: """
            Tells how the keys are made up: of each type how many, their bytes and how these are \
            spread, and how many keys expire. Walks over all keys in small steps.
            """, complexity: "", examples: [":keystats"], run: runKeyStats)

    /// The number that a command was given.
    private static func count(_ call: borrowing Call) throws(CommandError) -> Int {
        guard call.count > 1 else { return usual }
        guard let number = call[1].canonicalInteger, 1...1000 ~= number else {
            throw CommandError("how many keys? a number from 1 to 1000")
        }
        return Int(number)
    }

    // MARK: Hot keys

    private static func runHotKeys(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let count = try count(call)
        let answer = try console.ask("LARDER", "HOTKEYS", "COUNT", "\(count)")
        if let keys = answer.elements {
            reply.buffer.append(utf8: table(ofHot: keys))
            return
        }
        let isOwn = answer.errorText?.text.contains("larder-hot-keys") == true
        let info = try InfoFields(console)
        guard info["maxmemory_policy"]?.contains("lfu") == true else {
            reply.buffer.append(utf8: explanation(isOwn, info["maxmemory_policy"] ?? "unknown"))
            return
        }
        reply.buffer.append(utf8: try frequencies(count, console))
    }

    private static func table(ofHot keys: [RESPValue]) -> String {
        if keys.isEmpty { return "no key was looked up in the last minutes\n" }
        var columns = Columns([
            ("key", .left), ("lookups/s", .right), ("share", .right), ("", .left),
        ])
        for key in keys {
            let rate = number(key["rate"])
            let share = number(key["share"])
            columns.add(
                name(key["key"]), decimal(rate),
                "\(Int((share * 100).rounded())) %", Bar.text(share))
        }
        return columns.text + "over about the last minute, counted as they are looked up\n"
    }

    /// Why there is nothing to tell.
    private static func explanation(_ isOwn: Bool, _ policy: String) -> String {
        if isOwn {
            return "this node does not count lookups; CONFIG SET larder-hot-keys yes does so "
                + "from then on\n"
        }
        return """
            This server does not know which keys are hot: only under an LFU policy does it count
            how often a key is used, and its policy is \(policy).
              CONFIG SET maxmemory-policy allkeys-lfu   counts from then on, and evicts by it
            What MONITOR shows is exact, and slows the server down while it runs.

            """
    }

    /// By the counters of an LFU policy.
    private static func frequencies(
        _ count: Int, _ console: Console
    ) throws(CommandError) -> String {
        var best = Best<[UInt8]>(count)
        var ranks: [[UInt8]: Int] = [:]
        var scan = KeyScan(console)
        try scan.run { keys throws(CommandError) in
            let replies = try console.askAll(keys.map { words(["OBJECT", "FREQ"], $0) })
            for (key, reply) in zip(keys, replies) {
                guard let frequency = reply.number else { continue }
                best.offer(frequency, key)
                ranks[key] = frequency
            }
            // Only those that are still among the best are remembered.
            let kept = best.elements
            ranks = ranks.filter { kept.contains($0.key) }
        }
        var columns = Columns([("key", .left), ("frequency", .right), ("", .left)])
        for key in best.elements {
            let frequency = ranks[key] ?? 0
            columns.add(shown(key), "\(frequency)", Bar.text(Double(frequency) / 255))
        }
        return columns.text + scan.summary
            + "the counters of OBJECT FREQ grow with the logarithm of use, up to 255\n"
    }

    // MARK: Big keys

    private static func runBigKeys(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let count = call.count > 1 ? try count(call) : 3
        var rows: [KeyRow] = []
        var end = ""
        let question = try console.ask("LARDER", "BIGKEYS", "COUNT", "1")
        if question.elements != nil {
            for type in KeyRow.types {
                let answer = try console.ask(
                    "LARDER", "BIGKEYS", "COUNT", "\(count)", "TYPE", type)
                rows += answer.elements?.compactMap { KeyRow($0) } ?? []
            }
            end = "as they are now, watched by the engine as they change\n"
        } else {
            var best: [String: Best<KeyRow>] = [:]
            var scan = KeyScan(console)
            // Asking for a length counts as a use of the key, which LRU and LFU go by.
            let isUntouched = try console.ask("CLIENT", "NO-TOUCH", "ON").errorText == nil
            defer {
                if isUntouched { _ = try? console.ask("CLIENT", "NO-TOUCH", "OFF") }
            }
            try scan.run { keys throws(CommandError) in
                for row in try KeyRow.rows(keys, console, counting: true) {
                    best[row.type, default: Best(count)].offer(row.count, row)
                }
            }
            rows = KeyRow.types.flatMap { best[$0]?.elements ?? [] }
            end = scan.summary
            if !isUntouched { end += "looking at them counted as a use of each key\n" }
        }
        reply.buffer.append(utf8: rows.isEmpty ? "there are no keys\n" : KeyRow.table(rows) + end)
    }

    private static func runMemKeys(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let count = try count(call)
        let answer = try console.ask("LARDER", "BIGKEYS", "COUNT", "\(min(count, 64))")
        var rows: [KeyRow] = []
        var end = ""
        if let keys = answer.elements {
            rows = keys.compactMap { KeyRow($0) }
            end = "as they are now, watched by the engine as they change\n"
        } else {
            var best = Best<KeyRow>(count)
            var scan = KeyScan(console)
            try scan.run { keys throws(CommandError) in
                for row in try KeyRow.rows(keys, console) { best.offer(row.bytes, row) }
            }
            rows = best.elements
            end = scan.summary + "by MEMORY USAGE, which estimates big values from samples\n"
        }
        reply.buffer.append(utf8: rows.isEmpty ? "there are no keys\n" : KeyRow.table(rows) + end)
    }

    // MARK: All keys

    private static func runKeyStats(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var sizes: [String: [Int]] = [:]
        var expiring = 0
        var scan = KeyScan(console)
        try scan.run { keys throws(CommandError) in
            for row in try KeyRow.rows(keys, console, withExpiry: true) {
                sizes[row.type, default: []].append(row.bytes)
                if row.expires { expiring += 1 }
            }
        }
        guard scan.seen > 0 else {
            reply.buffer.append(utf8: "there are no keys\n")
            return
        }
        var columns = Columns([
            ("type", .left), ("keys", .right), ("bytes", .right), ("share", .right),
            ("median", .right), ("99 %", .right), ("biggest", .right),
        ])
        let total = max(1, sizes.values.reduce(0) { $0 + $1.reduce(0, +) })
        for type in KeyRow.types {
            guard let all = sizes[type]?.sorted(), let biggest = all.last else { continue }
            let bytes = all.reduce(0, +)
            columns.add(
                type, Grouped.text(all.count),
                Units.bytes(Int64(bytes)), "\(bytes * 100 / total) %",
                Units.bytes(Int64(all[(all.count - 1) / 2])),
                Units.bytes(Int64(all[(all.count * 99 + 99) / 100 - 1])),
                Units.bytes(Int64(biggest)))
        }
        let share = expiring * 100 / scan.seen
        reply.buffer.append(
            utf8: columns.text + "\(Grouped.text(expiring)) keys expire (\(share) %), "
                + "\(Units.bytes(Int64(total))) in all\n" + scan.summary)
    }

    // MARK: Words and numbers

    static func words(_ command: [String], _ key: [UInt8], _ rest: [String] = []) -> [[UInt8]] {
        command.map { Array($0.utf8) } + [key] + rest.map { Array($0.utf8) }
    }

    /// A key as it can be typed again, where it is not plain text.
    static func shown(_ key: [UInt8]) -> String {
        let isPlain =
            !key.isEmpty && key.count <= 48
            && key.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x27 }
        if isPlain { return String(decoding: key, as: UTF8.self) }
        let cut = key.count <= 48 ? key : Array(key.prefix(47))
        let text = String(decoding: Quoting.quoted(cut.rawSpan), as: UTF8.self)
        return cut.count < key.count ? text + "…" : text
    }

    private static func name(_ value: RESPValue?) -> String { shown(value?.bytes?.bytes ?? []) }

    private static func number(_ value: RESPValue?) -> Double {
        value?.bytes.flatMap { Double($0.text) } ?? 0
    }

    /// `1,234`, and small numbers with a decimal.
    private static func decimal(_ number: Double) -> String {
        if number >= 10 { return Grouped.text(Int(number.rounded())) }
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

/// What is shown of a big key.
struct KeyRow {
    let key: [UInt8]
    let type: String
    let bytes: Int
    let count: Int
    var expires = false

    /// The types in the order in which they are shown.
    static let types = ["string", "list", "set", "zset", "hash", "stream"]

    private static let sizes = [
        "string": "STRLEN", "list": "LLEN", "set": "SCARD", "zset": "ZCARD", "hash": "HLEN",
        "stream": "XLEN",
    ]
    private static let units = [
        "string": "bytes", "list": "elements", "set": "members", "zset": "members",
        "hash": "fields", "stream": "entries",
    ]

    /// A key as LARDER BIGKEYS tells it.
    init?(_ reply: RESPValue) {
        guard let key = reply["key"]?.bytes, let type = reply["type"]?.bytes,
            let bytes = reply["bytes"]?.number, let count = reply["count"]?.number
        else { return nil }
        self.init(key: key.bytes, type: type.text, bytes: bytes, count: count)
        expires = reply["expiry"] != nil
    }

    private init(key: [UInt8], type: String, bytes: Int, count: Int) {
        self.key = key
        self.type = type
        self.bytes = bytes
        self.count = count
    }

    /// What there is to know of the keys of a page, in two turns of questions. Keys that have
    /// gone meanwhile are left out. Nothing that is asked counts as a use of a key, unless their
    /// elements are counted.
    static func rows(
        _ keys: [[UInt8]], _ console: Console, counting: Bool = false, withExpiry: Bool = false
    ) throws(CommandError) -> [KeyRow] {
        let types = try console.askAll(keys.map { KeyFigures.words(["TYPE"], $0) })
        var known: [(key: [UInt8], type: String)] = []
        var questions: [[[UInt8]]] = []
        for (key, type) in zip(keys, types) {
            guard let name = type.bytes?.text, let size = sizes[name] else { continue }
            known.append((key, name))
            questions.append(KeyFigures.words(["MEMORY", "USAGE"], key))
            if counting { questions.append(KeyFigures.words([size], key)) }
            if withExpiry { questions.append(KeyFigures.words(["PTTL"], key)) }
        }
        let replies = try console.askAll(questions)
        let width = 1 + (counting ? 1 : 0) + (withExpiry ? 1 : 0)
        return known.enumerated().compactMap { place, entry in
            let answers = replies[place * width..<(place + 1) * width].map(\.number)
            guard let bytes = answers[0] else { return nil }
            let count = counting ? answers[1] ?? 0 : -1
            var row = KeyRow(key: entry.key, type: entry.type, bytes: bytes, count: count)
            if withExpiry { row.expires = answers[width - 1] ?? -1 >= 0 }
            return row
        }
    }

    /// Keys in columns.
    static func table(_ rows: [KeyRow]) -> String {
        guard rows.contains(where: { $0.count >= 0 }) else {
            var columns = Columns([("type", .left), ("key", .left), ("memory", .right)])
            for row in rows {
                columns.add(row.type, KeyFigures.shown(row.key), Units.bytes(Int64(row.bytes)))
            }
            return columns.text
        }
        var columns = Columns([
            ("type", .left), ("key", .left), ("holds", .right), ("", .left), ("memory", .right),
        ])
        for row in rows {
            columns.add(
                row.type, KeyFigures.shown(row.key), Grouped.text(row.count),
                row.count == 1
                    ? String(units[row.type, default: ""].dropLast())
                    : units[row.type, default: ""],
                Units.bytes(Int64(row.bytes)))
        }
        return columns.text
    }
}
