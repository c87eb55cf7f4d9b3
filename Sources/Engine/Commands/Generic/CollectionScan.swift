import Bytes
import Grammar
import Structures
import Wire

/// The options of HSCAN, SSCAN and ZSCAN.
struct CollectionScanOptions {
    private var pattern: [UInt8]?
    private var count = 10
    /// True when the option that leaves something out was given.
    private(set) var isBare = false

    /// Reads the options from the word at `index` on.
    /// - Parameter bare: the option that leaves something out, where there is one.
    init(
        _ call: borrowing Call, from index: Int, bare: StaticString? = nil
    ) throws(CommandError) {
        var options = ArgumentCursor(call, from: index)
        while !options.isAtEnd {
            if options.take("COUNT", followedBy: 1), let word = options.next() {
                guard let number = word.canonicalInteger else { throw .notInteger }
                guard number >= 1 else { throw .syntax }
                count = Int(number)
            } else if options.take("MATCH", followedBy: 1), let word = options.next() {
                let matchesAll = word.byteCount == 1 && word[0] == UInt8(ascii: "*")
                pattern = matchesAll ? nil : word.copied()
            } else if let bare, options.take(bare) {
                isBare = true
            } else {
                throw .syntax
            }
        }
    }

    /// True when a member or field fits the pattern.
    func passes(_ text: RawSpan) -> Bool {
        guard let pattern else { return true }
        return Glob.matches(pattern.rawSpan, text)
    }

    /// Collects the members of some buckets from `cursor` on: until there are as many as wanted,
    /// or ten times as many buckets have been visited. Returns the next cursor, 0 at the end.
    func collect(
        from cursor: UInt64, _ table: Box<MemberTable>, into records: inout [Record]
    ) -> UInt64 {
        collect(from: cursor, into: &records) { table.value.scan($0, visit: $1) }
    }

    /// As above, in any table: `scan` visits one bucket and returns the next cursor.
    func collect(
        from cursor: UInt64, into records: inout [Record],
        scan: (UInt64, (Record) -> Void) -> UInt64
    ) -> UInt64 {
        var cursor = cursor
        var rounds = count.multipliedReportingOverflow(by: 10).overflow ? Int.max : count * 10
        repeat {
            cursor = scan(cursor) { records.append($0) }
            rounds -= 1
        } while cursor != 0 && rounds >= 0 && records.count < count
        return cursor
    }
}
