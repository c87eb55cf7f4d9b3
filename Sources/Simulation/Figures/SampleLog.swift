/// What happened when, and how long it took: in the order of time, in bounded memory. When there
/// are too many, the oldest quarter is forgotten; how many there were is still known.
struct SampleLog {
    private(set) var times: [UInt64] = []
    private(set) var values: [UInt64] = []
    /// Samples that were forgotten.
    private(set) var forgotten = 0
    static let limit = 1 << 20

    /// How many there were since the beginning.
    var count: Int { forgotten + times.count }

    mutating func append(_ value: UInt64, at time: UInt64) {
        times.append(time)
        values.append(value)
        if times.count <= SampleLog.limit { return }
        let share = SampleLog.limit / 4
        times.removeFirst(share)
        values.removeFirst(share)
        forgotten += share
    }

    /// The place of the first sample after `time`, counted from the beginning of all.
    func place(after time: UInt64) -> Int {
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] > time { high = middle } else { low = middle + 1 }
        }
        return forgotten + low
    }

    /// The values from one place to another, as far as they are remembered.
    func values(_ places: Range<Int>) -> ArraySlice<UInt64> {
        values[remembered(places)]
    }

    /// The times of these.
    func times(_ places: Range<Int>) -> ArraySlice<UInt64> { times[remembered(places)] }

    private func remembered(_ places: Range<Int>) -> Range<Int> {
        let low = max(0, places.lowerBound - forgotten)
        return low..<max(low, min(times.count, places.upperBound - forgotten))
    }
}
