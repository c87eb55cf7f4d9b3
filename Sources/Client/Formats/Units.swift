/// Numbers with their units, for people.
public enum Units {
    /// `1.5 MiB`; below one KiB `17 bytes`.
    public static func bytes(_ count: Int64) -> String {
        guard count.magnitude >= 1024 else { return "\(count) bytes" }
        var value = count.magnitude
        var unit = 0
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        // What would be rounded to 1024.0 is one of the next unit.
        while value >= 1024 * 1024 - 51, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10 + 512) / 1024
        return "\(count < 0 ? "-" : "")\(tenths / 10).\(tenths % 10) \(units[unit])"
    }

    /// `45 s`, `1 h 3 m`, `3 d 4 h`: the two largest units.
    public static func duration(seconds: Int64) -> String {
        let units: [(name: String, length: UInt64)] = [
            ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
        ]
        let magnitude = seconds.magnitude
        let first = units.firstIndex { magnitude >= $0.length } ?? units.count - 1
        var text = "\(seconds < 0 ? "-" : "")\(magnitude / units[first].length) "
        text += units[first].name
        if first + 1 < units.count {
            let next = units[first + 1]
            let rest = magnitude % units[first].length / next.length
            if rest > 0 { text += " \(rest) \(next.name)" }
        }
        return text
    }

    /// As ``duration(seconds:)``; below one second `250 ms`.
    public static func duration(milliseconds: Int64) -> String {
        milliseconds.magnitude < 1000
            ? "\(milliseconds) ms" : duration(seconds: milliseconds / 1000)
    }

    /// `0.04 ms`, `1.25 s`: how long something took.
    public static func elapsed(nanoseconds: UInt64) -> String {
        let isLong = nanoseconds >= 1_000_000_000
        let unit: UInt64 = isLong ? 1_000_000_000 : 1_000_000
        let hundredths = (nanoseconds + unit / 200) / (unit / 100)
        let fraction = String(100 + hundredths % 100).dropFirst()
        return "\(hundredths / 100).\(fraction) \(isLong ? "s" : "ms")"
    }

    /// `3.1 µs`, and from a millisecond on as ``elapsed(nanoseconds:)``.
    public static func work(nanoseconds: UInt64) -> String {
        guard nanoseconds < 1_000_000 else { return elapsed(nanoseconds: nanoseconds) }
        let tenths = (nanoseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) µs"
    }

    /// `2026-11-23 00:08:36 UTC`, from seconds since 1970. The calendar is the Gregorian one,
    /// counted in 400-year cycles from a first of March.
    public static func date(seconds: Int64) -> String {
        let (day, second) = (seconds.flooredQuotient(86_400), seconds.flooredRemainder(86_400))
        let shifted = day + 719_468
        let cycle = shifted.flooredQuotient(146_097)
        let dayOfCycle = shifted.flooredRemainder(146_097)
        let yearOfCycle =
            (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
        let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        func two(_ number: Int64) -> String { String(String(100 + number).dropFirst()) }
        return "\(year)-\(two(month))-\(two(dayOfMonth)) "
            + "\(two(second / 3600)):\(two(second % 3600 / 60)):\(two(second % 60)) UTC"
    }

    /// What stands beside the number of a field of INFO, CLIENT LIST or CONFIG; nil when the
    /// number says it all.
    static func remark(_ name: String, _ value: Int64) -> String? {
        let isSize =
            byteNames.contains(name) || name.hasPrefix("used_memory") || name.hasPrefix("mem_")
            || name.hasSuffix(".allocated") || name.hasSuffix(".bytes")
            || name.hasPrefix("overhead.") || name.hasPrefix("clients.")
            || name.hasSuffix("_bytes") || name.hasSuffix("-bytes") || name.hasSuffix("_memory")
        if isSize, !name.hasSuffix("_ratio"), !name.hasSuffix("_perc") {
            return value.magnitude >= 1024 ? bytes(value) : nil
        }
        if name.hasSuffix("_in_seconds") || name.hasSuffix("timeout") || name == "age"
            || name == "idle" || name == "tcp-keepalive"
        {
            return value >= 60 ? duration(seconds: value) : nil
        }
        if name.hasSuffix("_save_time"), value > 0 { return date(seconds: value) }
        if name == "server_time_usec" { return date(seconds: value / 1_000_000) }
        return nil
    }

    private static let byteNames = [
        "maxmemory", "proto-max-bulk-len", "client-query-buffer-limit", "repl-backlog-size",
        "auto-aof-rewrite-min-size", "tot-mem", "omem", "repl_backlog_size",
        "replication.backlog", "cluster.links", "aof.buffer", "lua.caches", "functions.caches",
        "keys.bytes-per-key", "allocator.active", "allocator.resident",
    ]
}

extension Int64 {
    fileprivate func flooredRemainder(_ divisor: Int64) -> Int64 {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }

    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
