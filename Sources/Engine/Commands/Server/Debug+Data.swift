import Bytes
import Grammar
import Structures
import Wire

// What DEBUG tells of the data.

extension Debugging {
    static let data: [Action] = [
        Action(
            "DIGEST", 0...0, ("", "Sums all data up in forty digits: equal data, equal sums.")
        ) { store, _, reply throws(CommandError) in
            reply.simple(utf8: store.dataDigest().bytes.hexadecimal)
        },
        Action(
            "DIGEST-VALUE", 0...Int.max, ("[<key> ...]", "Sums up the value of each key.")
        ) { store, call, reply throws(CommandError) in
            reply.array(call.count - 2)
            for index in 2..<max(2, call.count) {
                var sum = DataDigest()
                if let found = store.find(call[index], .silent) { sum.add(value: found.entry) }
                reply.simple(utf8: sum.bytes.hexadecimal)
            }
        },
        Action(
            "POPULATE", 1...3,
            (
                "<count> [<prefix>] [<size>]",
                "Makes keys `prefix:number` with values `value:number`, padded to the size."
            )
        ) { store, call, reply throws(CommandError) in
            try populate(&store, call)
            reply.ok()
        },
    ]

    private static func populate(
        _ store: inout Store, _ call: borrowing Call
    ) throws(CommandError) {
        guard let count = call[2].canonicalInteger, count >= 0 else { throw .notPositive }
        let prefix = call.count > 3 ? call[3].copied() : Array("key".utf8)
        var size: Int?
        if call.count > 4 {
            guard let number = call[4].canonicalInteger, number >= 0,
                number <= store.settings.maximumBulkLength
            else { throw .notPositive }
            size = Int(number)
        }
        for number in 0..<count {
            let key = prefix + [UInt8(ascii: ":")] + number.decimalBytes
            if store.find(key.rawSpan, .silent) != nil { continue }
            var value = Array("value:".utf8) + number.decimalBytes
            if let size {
                value = Array(value.prefix(size))
                value += [UInt8](repeating: 0, count: size - value.count)
            }
            store.assign(key.rawSpan, value.rawSpan, at: nil)
        }
    }

    // MARK: Inspection

    static let inspection: [Action] = [
        Action(
            "OBJECT", 1...2, ("<key>", "Tells how a value is stored.")
        ) { store, call, reply throws(CommandError) in
            guard let found = store.find(call[2], .silent) else { throw .noSuchKey }
            reply.simple(utf8: account(of: found.entry, &store))
        },
        Action(
            "HTSTATS", 1...2, ("<dbid>", "Tells how full the tables of a database are.")
        ) { store, call, reply throws(CommandError) in
            guard let number = call[2].canonicalInteger else { throw .notInteger }
            guard number >= 0, number < store.keyspaces.count else {
                throw .debugDatabaseOutOfRange
            }
            let database = Int(number)
            let text =
                "[Dictionary HT]\n"
                + statistics(
                    buckets: store.keyspaces[database].table.bucketCount,
                    elements: store.keyspaces[database].count)
                + "[Expires HT]\n"
                + statistics(buckets: 0, elements: store.keyspaces[database].expiringCount)
            reply.verbatim(Array(text.utf8))
        },
        Action(
            "HTSTATS-KEY", 1...2, ("<key>", "Tells how full the table of a value is.")
        ) { store, call, reply throws(CommandError) in
            guard let found = store.find(call[2], .silent) else { throw .noSuchKey }
            guard let (buckets, elements) = table(of: found.entry) else { throw .notHashTable }
            reply.verbatim(Array(statistics(buckets: buckets, elements: elements).utf8))
        },
        Action(
            "LISTPACK", 1...1, ("<key>", "Tells of the block that a small collection is.")
        ) { store, call, reply throws(CommandError) in
            guard let found = store.find(call[2], .silent) else { throw .noSuchKey }
            guard found.entry.encoding == .listpack else { throw .notListpack }
            let pack = Listpack(payload: found.entry.payload)
            reply.simple(utf8: "bytes:\(pack.byteCount) entries:\(pack.count)")
        },
        Action(
            "QUICKLIST", 1...2, ("<key> [<0|1>]", "Tells of the nodes of a list.")
        ) { store, call, reply throws(CommandError) in
            guard let found = store.find(call[2], .silent) else { throw .noSuchKey }
            guard found.entry.encoding == .quicklist else { throw .notQuicklist }
            reply.simple(utf8: nodes(of: found.entry, store).dropFirst().description)
        },
    ]

    /// Buckets and members of a value's table, when it has one.
    private static func table(of entry: Entry) -> (Int, Int)? {
        switch entry.encoding {
        case .hashTable:
            let members = Box<MemberTable>(payload: entry.payload)
            return (members.value.bucketCount, members.value.count)
        case .skiplist:
            let members = Box<ScoreTable>(payload: entry.payload)
            return (members.value.members.bucketCount, members.value.count)
        default: return nil
        }
    }

    /// What is known of the nodes of a list; nothing of other values.
    private static func nodes(of entry: Entry, _ store: borrowing Store) -> String {
        guard entry.encoding == .quicklist else { return "" }
        let list = ListObject(encoding: entry.encoding, payload: entry.payload)
        var count = 0
        var size = 0
        list.forEachNode { bytes, _ in
            count += 1
            size += bytes.byteCount
        }
        var average: [UInt8] = []
        Doubles.appendFixed(Double(list.count) / Double(count), decimals: 2, to: &average)
        return """
             ql_nodes:\(count) ql_avg_node:\(String(decoding: average, as: UTF8.self)) \
            ql_listpack_max:\(store.settings.limits.listSize) ql_compressed:0 \
            ql_uncompressed_size:\(size)
            """
    }

    /// A line as redis-server 7.0 gives it. The address is a number that tells entries apart.
    private static func account(of entry: Entry, _ store: inout Store) -> String {
        store.encoder.begin(compressing: store.settings.compressesStrings)
        store.encoder.encodeValue(entry)
        let hash = store.keyspaces[store.selected].table.hash(of: entry.key)
        let place = "0x7f" + String(hash >> 24 | 1 << 39, radix: 16)
        return """
            Value at:\(place) refcount:1 encoding:\(entry.encoding.name) \
            serializedlength:\(store.encoder.buffer.count) lru:\(entry.clock) \
            lru_seconds_idle:\(store.accessClock.idleTime(of: entry.clock) / 1000)
            """ + nodes(of: entry, store)
    }

    /// What is known of a table.
    static func statistics(buckets: Int, elements: Int) -> String {
        let head = "Hash table 0 stats (main hash table):\n"
        if elements == 0 { return head + "No stats available for empty dictionaries\n" }
        var text = head
        if buckets > 0 { text += " table size: \(buckets)\n" }
        return text + " number of elements: \(elements)\n"
    }
}
