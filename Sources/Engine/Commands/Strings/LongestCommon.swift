import Bytes
import Grammar
import Structures
import Wire

// LCS. The work grows with the product of the two lengths, and while it is done nobody else is
// served, so it is done 64 cells at a time: see `CommonSubsequence`.

extension Strings {
    static let lcs = Command<Store>(
        "LCS", .string, [.readonly], since: "7.0.0",
        summary: "Finds the longest common subsequence of two strings.",
        complexity: "O(N*M), N and M being the lengths of the strings.",
        categories: [.string],
        arguments: [
            .key([.readOnly, .access], "key1"), .key([.readOnly, .access], "key2"),
            .token("LEN").optional, .token("IDX").optional,
            .integer("len").after("MINMATCHLEN").optional.only(.redis70),
            .integer("min-match-len").after("MINMATCHLEN").optional.only(.since72),
            .token("WITHMATCHLEN").optional,
        ],
        conflicts: [["LEN", "IDX"]],
        examples: ["MSET a ohmytext b mynewtext", "LCS a b", "LCS a b IDX WITHMATCHLEN"],
        run: runLcs)

    private struct CommonOptions {
        var wantsLength = false
        var wantsIndexes = false
        var wantsMatchLengths = false
        var minimumMatch: Int64 = 0

        init(_ call: borrowing Call) throws(CommandError) {
            var cursor = ArgumentCursor(call, from: 3)
            while !cursor.isAtEnd {
                if cursor.take("LEN") {
                    wantsLength = true
                } else if cursor.take("IDX") {
                    wantsIndexes = true
                } else if cursor.take("WITHMATCHLEN") {
                    wantsMatchLengths = true
                } else if cursor.take("MINMATCHLEN", followedBy: 1), let word = cursor.next() {
                    guard let number = word.canonicalInteger else { throw .notInteger }
                    minimumMatch = max(0, number)
                } else {
                    throw .syntax
                }
            }
            if wantsIndexes && wantsLength { throw .lengthAndIndexes }
        }
    }

    static func runLcs(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        // The second look may remove an expired key; the first entry does not move by that.
        let first = store.find(call[1], .read)?.entry
        let firstLength = lengthForCommon(first)
        let second = store.find(call[2], .read)?.entry
        guard let firstLength, let secondLength = lengthForCommon(second) else {
            throw .notStrings
        }
        let options = try CommonOptions(call)
        let (cells, overflow) = (firstLength + 1).multipliedReportingOverflow(
            by: secondLength + 1)
        // What a table of 32-bit numbers would take: the bound that clients know.
        if overflow || cells > store.settings.maximumBulkLength / 4 { throw .commonTooLarge }
        let common = CommonSubsequence(
            first?.stringBytes ?? [], second?.stringBytes ?? [],
            keepsRows: !options.wantsLength)
        if options.wantsLength { return reply.integer(common.length) }
        if !options.wantsIndexes { return reply.bulk(common.bytes) }
        reply.map(2)
        reply.bulk(utf8: "matches")
        reply.deferred(.array) { reply in writeMatches(common, options, &reply) }
        reply.bulk(utf8: "len")
        reply.integer(common.length)
    }

    /// The length of a string, 0 without an entry; nil when the entry holds something else.
    private static func lengthForCommon(_ entry: Entry?) -> Int? {
        guard let entry else { return 0 }
        return entry.isString ? entry.stringLength : nil
    }

    /// Writes the matches from the last to the first and returns how many there are.
    private static func writeMatches(
        _ common: borrowing CommonSubsequence, _ options: CommonOptions,
        _ reply: inout ReplyWriter
    ) -> Int {
        var count = 0
        common.forEachRun { first, second in
            if first.count < options.minimumMatch { return }
            reply.array(options.wantsMatchLengths ? 3 : 2)
            for range in [first, second] {
                reply.array(2)
                reply.integer(range.lowerBound)
                reply.integer(range.upperBound - 1)
            }
            if options.wantsMatchLengths { reply.integer(first.count) }
            count += 1
        }
        return count
    }
}
