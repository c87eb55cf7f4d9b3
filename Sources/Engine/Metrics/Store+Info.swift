import Bytes
import Grammar
import Structures

// The text of INFO, and the sections of it whose lines depend on what has happened.

extension Store {
    /// The text of INFO for these sections, in their own order.
    public func info(_ sections: Set<MetricSection>) -> [UInt8] {
        var text: [UInt8] = []
        for section in MetricSection.allCases where sections.contains(section) {
            if !text.isEmpty { text += [0x0D, 0x0A] }
            text += Array("# \(section.heading)\r\n".utf8)
            for line in lines(of: section) { text += Array((line + "\r\n").utf8) }
        }
        return text
    }

    private func lines(of section: MetricSection) -> [String] {
        switch section {
        case .commandstats: return commandLines
        case .errorstats: return errorLines
        case .latencystats: return latencyLines
        case .keyspace: return keyspaceLines
        default: break
        }
        let flavour = settings.flavour.availability
        var lines: [String] = []
        for metric in AllMetrics.list
        where metric.section == section && metric.availability.contains(flavour) {
            lines.append("\(metric.name):\(metric.read(self).text)")
        }
        if section == .server, settings.flavour != .redis70 { lines += listenerLines }
        return lines
    }

    private var listenerLines: [String] {
        var lines: [String] = []
        if hostFacts.port != 0 {
            let addresses = settings.bind.map { ",bind=\($0.text)" }.joined()
            lines.append("listener0:name=tcp\(addresses),port=\(hostFacts.port)")
        }
        if !settings.unixSocket.isEmpty {
            lines.append("listener\(lines.count):name=unix,bind=\(settings.unixSocket.text)")
        }
        return lines
    }

    private var commandLines: [String] {
        commands.entries.indices.compactMap { number in
            let counted = meters[number]
            if counted.isEmpty { return nil }
            let microseconds = counted.nanoseconds / 1000
            let mean = counted.calls == 0 ? 0 : Double(microseconds) / Double(counted.calls)
            return """
                cmdstat_\(commands.entries[number].spec.reportedName):calls=\(counted.calls),\
                usec=\(microseconds),usec_per_call=\(MetricValue.fixed(mean, 2).text),\
                rejected_calls=\(counted.rejected),failed_calls=\(counted.failed)
                """
        }
    }

    private var errorLines: [String] {
        statistics.errorsByCode.sorted { $0.key < $1.key }.map {
            "errorstat_\($0.key):count=\($0.value)"
        }
    }

    private var latencyLines: [String] {
        guard settings.tracksLatency else { return [] }
        return commands.entries.indices.compactMap { number in
            guard let histogram = meters.histogram(number) else { return nil }
            let parts = settings.latencyPercentiles.map { percent in
                let value = Double(histogram.percentile(percent)) / 1000
                return "p\(Setting.trimmedFixed(percent))=\(MetricValue.fixed(value, 3).text)"
            }
            return "latency_percentiles_usec_\(commands.entries[number].spec.reportedName):"
                + parts.joined(separator: ",")
        }
    }

    private var keyspaceLines: [String] {
        var lines: [String] = []
        for number in 0..<keyspaces.count where keyspaces[number].count > 0 {
            lines.append(
                """
                db\(number):keys=\(keyspaces[number].count),\
                expires=\(keyspaces[number].expiringCount),\
                avg_ttl=\(keyspaces[number].averageTTL)
                """)
        }
        return lines
    }

    // MARK: What measures read

    /// What happened in the last second, in the last minute, and in all: lookups, commands, keys
    /// that went. The windows are as exact as ticks are frequent.
    public var activity: ActivityReport { windows.report(statistics, at: now.monotonic) }

    /// Whole seconds since the start.
    var uptime: Int {
        Int((now.monotonic.nanoseconds &- startedAt.monotonic.nanoseconds) / 1_000_000_000)
    }

    /// A setting's value as CONFIG GET prints it.
    func settingText(_ name: String) -> String {
        AllSettings.find(ByteString(name), settings.flavour)?.text(in: settings).text ?? ""
    }

    /// How many sessions there are of which something is true.
    func count(_ isCounted: (Session) -> Bool) -> Int {
        sessions.reduce(0) { $0 + ($1.map(isCounted) == true ? 1 : 0) }
    }

    /// The largest of something over all sessions.
    func largest(_ value: (Session) -> Int) -> Int {
        sessions.reduce(0) { max($0, $1.map(value) ?? 0) }
    }

    /// The bytes that all sessions take.
    var sessionMemory: Int { ledger.sessions }

    /// The most memory that was ever in use.
    var peakMemory: Int { max(ledger.peak, usedMemory) }

    /// The bytes of what is no key and no value.
    var overheadMemory: Int { usedMemory - ledger.entries }

    /// The bytes of key tables that are being resized.
    var resizingMemory: Int {
        var total = 0
        for number in 0..<keyspaces.count where keyspaces[number].table.isResizing {
            total += keyspaces[number].table.footprint
        }
        return total
    }
}
