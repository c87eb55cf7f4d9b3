import Bytes
import Grammar
import Wire

// What happens when something took long. Commands are looked at by one comparison each, with the
// smaller of the two thresholds; what is here runs only behind it.

extension Store {
    /// The smallest duration of a command that anybody wants to know of, in nanoseconds.
    static func noteworthyDuration(_ settings: Settings) -> UInt64 {
        var shortest = UInt64.max
        func consider(_ amount: Int, _ unit: UInt64) {
            let (product, isTooLong) = UInt64(amount).multipliedReportingOverflow(by: unit)
            if !isTooLong { shortest = min(shortest, product) }
        }
        if settings.slowLogThreshold >= 0 { consider(settings.slowLogThreshold, 1000) }
        if settings.latencyThreshold > 0 { consider(settings.latencyThreshold, 1_000_000) }
        return shortest
    }

    /// Notes a command that took long.
    @inline(never)
    mutating func noteSlow(_ number: Int, _ call: borrowing Call, _ nanoseconds: UInt64) {
        // A stopwatch that was set back tells nothing.
        guard nanoseconds < 1 << 62 else { return }
        let flags = commands.entries[number].flags
        let microseconds = Int64(clamping: nanoseconds / 1000)
        if settings.slowLogThreshold >= 0, microseconds >= settings.slowLogThreshold,
            !flags.contains(.skipSlowlog)
        {
            let holder = sessions[call.session]
            var words: [ByteString] = []
            for place in SlowLog.places(of: call.count) {
                words.append(
                    isSecret(place, number, call)
                        ? Redaction.sign : SlowLog.excerpt(of: call[place]))
            }
            if let rest = SlowLog.remark(on: call.count) { words.append(rest) }
            slowLog.add(
                words, microseconds: microseconds, at: now.wall,
                address: holder?.origin.address ?? "", clientName: holder?.name ?? ByteString(),
                limit: settings.slowLogLength)
        }
        noteLatency(flags.contains(.fast) ? .fastCommand : .command, nanoseconds)
    }

    /// Notes how long an event took, when that is long enough for the latency monitor.
    mutating func noteLatency(_ event: LatencyEvent, _ nanoseconds: UInt64) {
        let milliseconds = Int64(clamping: nanoseconds / 1_000_000)
        guard settings.latencyThreshold > 0, milliseconds >= settings.latencyThreshold else {
            return
        }
        latency.note(event, milliseconds: milliseconds, at: now.wall)
    }
}
