/// What the machine's accounting says of a server process: processor time and resident memory.
/// Only a server on this machine has one.
struct ProcessAccount {
    let identifier: Int32

    /// The account of a process, or nil if this machine has no such process.
    init?(identifier: Int32) {
        self.identifier = identifier
        guard identifier > 0, processorNanoseconds() != nil else { return nil }
    }

    /// Processor time of all threads. The process's clock counts ended threads too and is exact to
    /// the nanosecond; where it cannot be read the scheduler's figures per thread are added, and
    /// where those are missing the ticks of `stat` must do.
    func processorNanoseconds() -> UInt64? {
        if let clock = processorClockNanoseconds(of: identifier) { return clock }
        let threads = namesInDirectory("/proc/\(identifier)/task")
        let times = threads.compactMap { thread in
            readFile("/proc/\(identifier)/task/\(thread)/schedstat").flatMap(Self.schedstat)
        }
        if !times.isEmpty { return times.reduce(0, +) }
        return readFile("/proc/\(identifier)/stat").flatMap(Self.stat).map { $0 * 10_000_000 }
    }

    /// Bytes of memory that are resident.
    func residentBytes() -> Int? {
        if let rollup = readFile("/proc/\(identifier)/smaps_rollup"),
            let bytes = Self.rollup(rollup)
        {
            return bytes
        }
        return readFile("/proc/\(identifier)/statm").flatMap(Self.statm).map { $0 * 4096 }
    }

    /// Nanoseconds on a processor: the first of the three numbers of `schedstat`.
    static func schedstat(_ bytes: [UInt8]) -> UInt64? {
        words(bytes[...]).first.flatMap { UInt64($0) }
    }

    /// Clock ticks in user and system mode: the 14th and 15th field of `stat`. The second field is
    /// the program's name in parentheses and may itself hold spaces and parentheses.
    static func stat(_ bytes: [UInt8]) -> UInt64? {
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = words(bytes[(close + 1)...])
        guard fields.count > 12, let user = UInt64(fields[11]), let system = UInt64(fields[12])
        else { return nil }
        return user + system
    }

    /// Resident pages: the second number of `statm`.
    static func statm(_ bytes: [UInt8]) -> Int? {
        let fields = words(bytes[...])
        return fields.count > 1 ? Int(fields[1]) : nil
    }

    /// The `Rss:` line of `smaps_rollup`, which counts in kilobytes.
    static func rollup(_ bytes: [UInt8]) -> Int? {
        let fields = words(bytes[...])
        guard let label = fields.firstIndex(of: "Rss:"), label + 1 < fields.count else {
            return nil
        }
        return Int(fields[label + 1]).map { $0 * 1024 }
    }

    private static func words(_ bytes: ArraySlice<UInt8>) -> [String] {
        bytes.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
