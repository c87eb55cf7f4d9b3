import Bytes
import Grammar
import Structures

// Memory in numbers, under the names of the field, and in sentences.

/// A line of MEMORY STATS.
struct MemoryLine {
    enum Value {
        /// A number of bytes or of keys.
        case bytes(Int)
        /// A ratio or a percentage.
        case share(Double)
        /// Numbers about a database.
        case database([(String, Int)])
    }

    let name: String
    let value: Value
}

extension Store {
    /// The lines of MEMORY STATS. Source: the documentation of that command.
    var memoryLines: [MemoryLine] {
        func bytes(_ name: String, _ number: Int) -> MemoryLine {
            MemoryLine(name: name, value: .bytes(number))
        }
        func share(_ name: String, _ number: Double) -> MemoryLine {
            MemoryLine(name: name, value: .share(number))
        }
        let resident = hostFacts.residentMemory
        let net = max(usedMemory - startMemory, 1)
        let keys = keyCount
        var lines = [
            bytes("peak.allocated", peakMemory), bytes("total.allocated", usedMemory),
            bytes("startup.allocated", startMemory), bytes("replication.backlog", 0),
            bytes("clients.slaves", 0), bytes("clients.normal", sessionMemory),
            bytes("cluster.links", 0), bytes("aof.buffer", 0), bytes("lua.caches", 0),
            bytes("functions.caches", 0),
        ]
        lines += databaseLines
        if settings.flavour == .valkey80 {
            lines += [
                bytes("overhead.db.hashtable.lut", ledger.tables),
                bytes("overhead.db.hashtable.rehashing", resizingMemory),
                bytes("db.dict.rehashing.count", resizingTables),
            ]
        }
        lines += [
            bytes("overhead.total", overheadMemory), bytes("keys.count", keys),
            bytes("keys.bytes-per-key", keys == 0 ? 0 : net / keys),
            bytes("dataset.bytes", ledger.entries),
            share("dataset.percentage", Double(ledger.entries) / Double(net) * 100),
            share("peak.percentage", Double(usedMemory) / Double(max(1, peakMemory)) * 100),
            bytes("allocator.allocated", usedMemory), bytes("allocator.active", usedMemory),
            bytes("allocator.resident", resident), share("allocator-fragmentation.ratio", 1),
            bytes("allocator-fragmentation.bytes", 0),
            share("allocator-rss.ratio", residentRatio),
            bytes("allocator-rss.bytes", resident - usedMemory), share("rss-overhead.ratio", 1),
            bytes("rss-overhead.bytes", 0), share("fragmentation", residentRatio),
            bytes("fragmentation.bytes", resident - usedMemory),
        ]
        return lines
    }

    private var databaseLines: [MemoryLine] {
        var lines: [MemoryLine] = []
        for number in 0..<keyspaces.count where keyspaces[number].count > 0 {
            var inner = [
                ("overhead.hashtable.main", keyspaces[number].tableBytes),
                // Expiries stand in the entries; the table only marks them.
                ("overhead.hashtable.expires", 0),
            ]
            if settings.flavour != .valkey80 {
                inner.append(("overhead.hashtable.slot-to-keys", 0))
            }
            lines.append(MemoryLine(name: "db.\(number)", value: .database(inner)))
        }
        return lines
    }

    /// Keys of all databases.
    var keyCount: Int {
        var count = 0
        for number in 0..<keyspaces.count { count += keyspaces[number].count }
        return count
    }

    /// Keys of emptied databases that are still to be freed.
    var retiredCount: Int {
        var count = 0
        for index in 0..<retired.count { count += retired[index].table.count }
        return count
    }

    private var resizingTables: Int {
        var count = 0
        for number in 0..<keyspaces.count where keyspaces[number].table.isResizing { count += 1 }
        return count
    }

    private var residentRatio: Double {
        Double(hostFacts.residentMemory) / Double(max(1, usedMemory))
    }

    // MARK: In sentences

    /// Below this many bytes nothing can be said.
    private static let leastMemory = 5 << 20

    /// The text of MEMORY DOCTOR.
    var memoryReport: String {
        if usedMemory - startMemory < Store.leastMemory {
            return """
                Less than 5 MB are in use: too little for ratios to mean anything. Ask again when \
                there is some data.

                """
        }
        let findings = boundFindings + useFindings
        if findings.isEmpty {
            return "Nothing is odd. \(kinds)\n"
        }
        return findings.map { "* \($0)\n" }.joined() + "\n\(kinds)\n"
    }

    /// What takes the memory, the largest first.
    private var kinds: String {
        var uses = ValueType.allCases.map { ("\($0.name)s", ledger.entries(of: $0)) }
        uses += [("tables", ledger.tables), ("connections", ledger.sessions)]
        let parts = uses.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }.map {
            "\($0.0) \(percent($0.1, of: usedMemory))"
        }
        return "\(MetricValue.size(usedMemory).text) in use: " + parts.joined(separator: ", ") + "."
    }

    private func percent(_ part: Int, of whole: Int) -> String {
        MetricValue.percent(whole > 0 ? Double(part) / Double(whole) * 100 : 0).text
    }

    private var boundFindings: [String] {
        var findings: [String] = []
        let policy = settings.evictionPolicy
        if memoryBound == .max {
            if hostFacts.totalMemory > 0, usedMemory > hostFacts.totalMemory / 2 {
                findings.append(
                    "There is no bound, and more than half of the machine's memory is in use. Set "
                        + "maxmemory, and a maxmemory-policy that may evict.")
            }
            return findings
        }
        if ledger.total > memoryBound {
            findings.append(
                policy == .none
                    ? "Memory is over maxmemory and the policy evicts nothing: writes are refused. "
                        + "Raise maxmemory, delete keys, or choose another maxmemory-policy."
                    : "Memory is over maxmemory, which was lowered or which connections exceed; "
                        + "keys are being evicted, faster with a higher "
                        + "maxmemory-eviction-tenacity.")
        } else if policy == .none, ledger.total > memoryBound / 10 * 9 {
            findings.append(
                "More than nine tenths of maxmemory are in use and the policy evicts nothing: "
                    + "writes will be refused soon.")
        }
        if policy.isVolatile, expiringKeys * 10 < keyCount {
            findings.append(
                "The policy \(policy.rawValue) evicts only keys with an expiry, which are fewer "
                    + "than one in ten here. Give more keys an expiry, or use an allkeys policy.")
        }
        if ledger.tables + ledger.sessions > memoryBound / 2 {
            findings.append(
                "Tables and connections take more than half of maxmemory; it is too low for "
                    + "\(statistics.openSessions) connections and \(keyCount) keys.")
        }
        return findings
    }

    private var expiringKeys: Int {
        var count = 0
        for number in 0..<keyspaces.count { count += keyspaces[number].expiringCount }
        return count
    }

    private var useFindings: [String] {
        var findings: [String] = []
        if peakMemory > usedMemory + usedMemory / 2 {
            findings.append(
                "Once \(MetricValue.size(peakMemory).text) were in use, much more than now. The "
                    + "process may keep that; MEMORY PURGE gives back what is free.")
        }
        if residentRatio > 1.4, hostFacts.residentMemory - usedMemory > 32 << 20 {
            findings.append(
                "The process holds \(MetricValue.size(hostFacts.residentMemory).text), far more "
                    + "than is in use: free pieces lie between used ones. MEMORY PURGE may help; "
                    + "a restart does.")
        }
        let retiredKeys = retiredCount
        if retiredKeys > 0 {
            findings.append("\(retiredKeys) keys of emptied databases are still being freed.")
        }
        if ledger.sessions > usedMemory / 10 {
            findings.append(
                "Connections take \(percent(ledger.sessions, of: usedMemory)). CLIENT LIST shows "
                    + "which in tot-mem; maxmemory-clients bounds them.")
        }
        return findings
    }
}
