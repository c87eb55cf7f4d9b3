import Bytes
import Terminal
import Wire

// What took long, as tables: the slow log, the latency monitor's events, and how the time of
// commands is spread.

extension ReplyPrinter {
    /// Appends a reply about what took long; false when it is none, such as an error.
    func appendMeasures(
        _ value: RESPValue, _ shape: ReplyShape, _ output: inout [UInt8]
    ) -> Bool {
        let rows: [[[UInt8]]?]
        let title: [String]
        switch (shape, value.elements) {
        case (.slowLog, let entries?):
            title = ["id", "when", "took", "client", "command"]
            rows = entries.map(slowRow)
        case (.latencyEvents, let events?):
            title = ["event", "last", "took", "at most"]
            rows = events.map(eventRow)
        case (.latencySamples, let samples?):
            title = ["when", "took"]
            rows = samples.map(sampleRow)
        case (.latencyHistogram, _):
            guard let commands = value.pairs else { return false }
            title = ["command", "calls", "half within", "99 % within", "all within"]
            rows = commands.map(histogramRow)
        default: return false
        }
        let known = rows.compactMap { $0 }
        guard !known.isEmpty, known.count == rows.count else { return false }
        appendGrid([title.map { Array($0.utf8) }] + known, &output)
        return true
    }

    private func slowRow(_ entry: RESPValue) -> [[UInt8]]? {
        guard let parts = entry.elements, parts.count >= 4, let id = parts[0].integer,
            let second = parts[1].integer, let microseconds = parts[2].integer,
            let words = parts[3].elements
        else { return nil }
        var client = parts.count > 4 ? cell(parts[4]) : []
        if parts.count > 5, let name = parts[5].bytes, !name.isEmpty {
            client += [0x20] + cell(parts[5])
        }
        return [
            Array(String(id).utf8), Array(Units.date(seconds: second).utf8),
            took(microseconds), client, Array(words.map(word).joined(separator: [0x20])),
        ]
    }

    /// A word as one would type it: in quotes where blanks would part it.
    private func word(_ value: RESPValue) -> [UInt8] {
        guard let text = value.bytes else { return cell(value) }
        let isPlain = !text.isEmpty && text.bytes.allSatisfy { $0 > 0x20 && $0 != 0x22 }
        return isPlain ? cell(value) : quoted(text)
    }

    private func took(_ microseconds: Int64) -> [UInt8] {
        Array(Units.work(nanoseconds: UInt64(clamping: microseconds) * 1000).utf8)
    }

    private func eventRow(_ event: RESPValue) -> [[UInt8]]? {
        guard let parts = event.elements, parts.count >= 4, let second = parts[1].integer,
            let last = parts[2].integer, let most = parts[3].integer
        else { return nil }
        return [
            cell(parts[0]), Array(Units.date(seconds: second).utf8),
            Array(Units.duration(milliseconds: last).utf8),
            Array(Units.duration(milliseconds: most).utf8),
        ]
    }

    private func sampleRow(_ sample: RESPValue) -> [[UInt8]]? {
        guard let parts = sample.elements, parts.count == 2, let second = parts[0].integer,
            let milliseconds = parts[1].integer
        else { return nil }
        return [
            Array(Units.date(seconds: second).utf8),
            Array(Units.duration(milliseconds: milliseconds).utf8),
        ]
    }

    private func histogramRow(_ command: RESPValue.Pair) -> [[UInt8]]? {
        guard let calls = command.value["calls"]?.integer,
            let steps = command.value["histogram_usec"]?.pairs
        else { return nil }
        func within(_ percent: Double) -> [UInt8] {
            let step = steps.first {
                Double($0.value.integer ?? 0) >= Double(calls) * percent / 100
            }
            return step?.key.integer.map(took) ?? []
        }
        return [
            cell(command.key), Array(String(calls).utf8), within(50), within(99), within(100),
        ]
    }
}
