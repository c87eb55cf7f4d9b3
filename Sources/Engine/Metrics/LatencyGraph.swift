import Bytes

// What LATENCY GRAPH and LATENCY DOCTOR say, for people.

/// Draws how long an event took: a column a sample, and below each how long ago it was.
enum LatencyGraph {
    /// Samples that fit.
    static let width = 80
    private static let rows = 4
    /// Signs from low to high within a row.
    private static let signs: [Character] = [" ", ".", ":", "|"]

    static func text(
        _ event: LatencyEvent, _ series: LatencyMonitor.Series, at second: Int64
    ) -> String {
        let samples = series.samples.suffix(width)
        let values = samples.map(\.milliseconds)
        let high = values.max() ?? 0
        let low = values.min() ?? 0
        var text =
            "\(event.name) - high \(high) ms, low \(low) ms "
            + "(all time high \(series.highest) ms)\n"
        text += String(repeating: "-", count: width) + "\n"
        for row in (0..<rows).reversed() {
            text += line(values.map { sign(level($0, low, high), inRow: row) })
        }
        let ages = samples.map { Array(age(second - $0.second)) }
        for place in 0..<(ages.map(\.count).max() ?? 0) {
            text += line(ages.map { place < $0.count ? $0[place] : " " })
        }
        return text
    }

    private static func line(_ signs: [Character]) -> String {
        String(signs) + "\n"
    }

    /// How high a column is, in thirds of a row; the lowest can be seen too.
    private static func level(_ value: Int64, _ low: Int64, _ high: Int64) -> Int {
        let levels = Int64(rows * (signs.count - 1))
        if high == low { return Int(levels) }
        return 1 + Int((value - low) * (levels - 1) / (high - low))
    }

    private static func sign(_ level: Int, inRow row: Int) -> Character {
        signs[min(max(0, level - row * (signs.count - 1)), signs.count - 1)]
    }

    /// `45s`, `12m`, `3h`, `9d`.
    static func age(_ seconds: Int64) -> String {
        if seconds < 60 { return "\(max(0, seconds))s" }
        if seconds < 3600 { return "\(seconds / 60)m" }
        return seconds < 86_400 ? "\(seconds / 3600)h" : "\(seconds / 86_400)d"
    }
}

extension LatencyEvent {
    /// What to look at when it takes long.
    fileprivate var advice: String {
        switch self {
        case .command:
            """
            Some commands work through much data at once. SLOWLOG GET names them; read large \
            values in parts with the SCAN family, and remove them with UNLINK.
            """
        case .fastCommand:
            """
            Commands that should be quick were not, so the whole process was held up: look for \
            a machine that is short of processors or memory, and for swapping.
            """
        case .expireCycle:
            """
            Many keys expire at the same time. Spread their times to live by adding a little \
            chance to each.
            """
        case .evictionCycle, .evictionRemoval:
            """
            Making room takes long: memory is short all the time, or the values that go are \
            large. Raise maxmemory, or keep large values in smaller pieces.
            """
        }
    }
}

extension Store {
    /// What LATENCY DOCTOR says.
    var latencyReport: String {
        guard settings.latencyThreshold > 0 else {
            return """
                Nothing is watched: latency-monitor-threshold is 0. To note every event that \
                takes 100 milliseconds or more: CONFIG SET latency-monitor-threshold 100

                """
        }
        guard !latency.events.isEmpty else {
            return "No event has taken \(settings.latencyThreshold) milliseconds or more.\n"
        }
        var text = "Events that took \(settings.latencyThreshold) milliseconds or more:\n\n"
        for (place, event) in latency.events.enumerated() {
            guard let series = latency[event] else { continue }
            text += "\(place + 1). \(describe(event, series))\n"
        }
        text += "\nWhat to look at:\n\n"
        var advices: [String] = []
        for event in latency.events where !advices.contains(event.advice) {
            advices.append(event.advice)
        }
        return text + advices.map { "- \($0)\n" }.joined()
    }

    private func describe(_ event: LatencyEvent, _ series: LatencyMonitor.Series) -> String {
        let values = series.samples.map(\.milliseconds)
        let count = Int64(max(1, values.count))
        let mean = values.reduce(0, +) / count
        let spread = values.reduce(0) { $0 + abs($1 - mean) } / count
        let first = series.samples.first?.second ?? 0
        let last = series.samples.last?.second ?? 0
        let ago = LatencyGraph.age(now.wall.milliseconds / 1000 - last)
        var text = "\(event.name): noted in \(values.count) second\(values.count == 1 ? "" : "s")"
        if values.count > 1 { text += ", one every \(max(1, (last - first) / (count - 1))) s" }
        return text
            + "; mean \(mean) ms, give or take \(spread) ms, "
            + "worst \(series.highest) ms, last \(ago) ago."
    }
}
