import Bytes
import Grammar
import Structures
import Wire

// LATENCY HISTOGRAM: what has been recorded of how long commands take, in steps that double.

extension LatencyCommands {
    static func runHistogram(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var numbers: [Int] = []
        for index in 2..<max(2, call.count) {
            guard let number = store.commands.find(reported: call[index]) else { continue }
            let isContainer = store.commands.entries[number].isContainer
            numbers += isContainer ? Array(store.commands.subcommands(of: number)) : [number]
        }
        if call.count == 2 { numbers = Array(store.commands.entries.indices) }
        numbers.removeAll { !store.meters.hasHistogram($0) }
        reply.map(numbers.count)
        for number in numbers {
            guard let histogram = store.meters.histogram(number) else { continue }
            reply.bulk(utf8: store.commands.entries[number].spec.reportedName)
            reply.map(2)
            reply.bulk(utf8: "calls")
            reply.integer(Int64(histogram.count))
            reply.bulk(utf8: "histogram_usec")
            write(histogram, &reply)
        }
    }

    /// Pairs of a bound in microseconds and the calls up to it; a bound that adds nothing to the
    /// one before is left out.
    private static func write(_ histogram: Histogram, _ reply: inout ReplyWriter) {
        var steps: [(bound: UInt64, count: UInt64)] = []
        var bound: UInt64 = 1
        while steps.last?.count ?? 0 < histogram.count, bound < 1 << 40 {
            let count = histogram.count(upTo: bound * 1000)
            if count > steps.last?.count ?? 0 { steps.append((bound, count)) }
            bound *= 2
        }
        reply.map(steps.count)
        for step in steps {
            reply.integer(Int64(step.bound))
            reply.integer(Int64(step.count))
        }
    }
}
