import Bytes
import Structures

// What keys take by the beginning of their names. Names are not looked at when keys come and go,
// which would slow all of them down; instead each look at the tables walks on over a few hundred
// keys. A small database is seen whole that way, and of a large one the last few thousand keys are
// a sample of all, because the table has them in an order that is as good as chance. What was seen
// earlier fades, so that a sample follows what the keys are now.

/// How many keys were seen lately by the beginning of their names, and what they take.
struct PrefixSample: Sendable {
    /// Keys that a look walks over, about.
    static let share = 512
    /// Beginnings that are told from each other.
    static let limit = 64
    /// What is left of what was seen, at each look.
    static let fading = 0.8

    private struct Row: Sendable {
        let name: ByteString
        var keys = 0.0
        var bytes = 0.0
    }

    var database = 0
    var cursor: UInt64 = 0
    private var rows: [Row] = []
    private var seen = 0.0
    private var bytes = 0.0

    /// Makes what was seen before count less, or not at all.
    mutating func begin(fresh: Bool) {
        let factor = fresh ? 0 : PrefixSample.fading
        seen *= factor
        bytes *= factor
        for index in rows.indices {
            rows[index].keys *= factor
            rows[index].bytes *= factor
        }
        rows.removeAll { $0.keys < 0.3 }
    }

    mutating func note(_ key: RawSpan, bytes size: Int) {
        seen += 1
        bytes += Double(size)
        let length = PrefixSample.length(key)
        if length == 0 { return }
        var place = rows.firstIndex { row in
            row.name.count == length && key.extracting(first: length).equals(row.name)
        }
        if place == nil, rows.count < PrefixSample.limit {
            place = rows.count
            rows.append(Row(name: ByteString(key.extracting(first: length))))
        }
        guard let place else { return }
        rows[place].keys += 1
        rows[place].bytes += Double(size)
    }

    /// How far the beginning of a name goes: up to its second colon, but not beyond a part with a
    /// digit, which is likely to be the number of one of many.
    static func length(_ key: RawSpan) -> Int {
        var end = 0
        var colons = 0
        for index in 0..<min(key.byteCount, 64) {
            let byte = key[index]
            if byte == UInt8(ascii: ":") {
                end = index + 1
                colons += 1
                if colons == 2 { break }
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                break
            }
        }
        return end
    }

    /// Keys that the sample stands on.
    var count: Int { Int(seen.rounded()) }

    /// The beginnings that take most, in a database of so many keys and bytes; what is left stands
    /// last, without a name.
    func report(_ limit: Int, keys: Int, bytes total: Int) -> [Observation.Prefix] {
        guard seen > 0, bytes > 0 else { return [] }
        let sorted = rows.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }
        var rest = Row(name: ByteString(), keys: seen, bytes: bytes)
        var told: [Row] = []
        for row in sorted.prefix(limit - 1) {
            rest.keys -= row.keys
            rest.bytes -= row.bytes
            told.append(row)
        }
        if rest.keys >= 0.3 { told.append(rest) }
        return told.map { row in
            var prefix = Observation.Prefix()
            prefix.name = row.name
            prefix.keys = Int((row.keys / seen * Double(keys)).rounded())
            prefix.bytes = Int((row.bytes / bytes * Double(total)).rounded())
            return prefix
        }
    }
}

extension Store {
    /// Walks on over some keys of a database and tells what follows for all of them.
    mutating func observePrefixes(_ database: Int, _ observation: inout Observation) {
        let fits = keyspaces[database].count <= PrefixSample.share
        if fits || database != prefixes.database { prefixes.cursor = 0 }
        prefixes.begin(fresh: fits || database != prefixes.database)
        prefixes.database = database
        var left = PrefixSample.share
        // An almost empty table has many buckets for few keys.
        for _ in 0..<(8 * PrefixSample.share) where left > 0 || fits {
            prefixes.cursor = keyspaces[database].table.scan(prefixes.cursor) { record in
                prefixes.note(record.key, bytes: record.totalFootprint)
                left -= 1
            }
            if prefixes.cursor == 0, fits || left < PrefixSample.share { break }
        }
        observation.prefixSample = prefixes.count
        observation.prefixes = prefixes.report(
            Observation.rowLimit, keys: keyspaces[database].count,
            bytes: keyspaces[database].entryBytes)
    }
}
