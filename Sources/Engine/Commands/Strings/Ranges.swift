import Bytes
import Grammar
import Structures
import Wire

// The commands that work on parts of strings: APPEND, SETRANGE, GETRANGE, SUBSTR, STRLEN.

extension Strings {
    static let append = Command<Store>(
        "APPEND", .string, [.write, .denyOOM, .fast], since: "2.0.0",
        summary: "Adds bytes to the end of the string at a key and gives its new length.",
        complexity: "O(1) on average, because room to grow is kept.", categories: [.string],
        arguments: [.key([.readWrite, .insert]), .string("value")],
        examples: ["APPEND log one", "APPEND log two"], run: runAppend)

    static func runAppend(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let found = try store.findString(call[1], .write) else {
            // Nothing to add to: the value is kept as SET would keep it.
            store.assign(call[1], call[2], .clear, at: nil)
            store.notify(.string, "append", call[1])
            return reply.integer(call[2].byteCount)
        }
        let length = found.entry.stringLength
        try store.checkLength(length, call[2].byteCount)
        reply.integer(store.splice(call[1], call[2], at: length, found))
        store.notify(.string, "append", call[1])
    }

    static let setrange = Command<Store>(
        "SETRANGE", .string, [.write, .denyOOM], since: "2.2.0",
        summary: "Writes bytes into the string at a key, from an offset on.",
        complexity: "O(1) for short values, else O(M), M being the length of the value.",
        categories: [.string],
        arguments: [.key([.readWrite, .update]), .integer("offset"), .string("value")],
        examples: ["SET greeting \"hello world\"", "SETRANGE greeting 6 there"],
        run: runSetrange)

    static func runSetrange(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let offset = call[2].canonicalInteger else { throw .notInteger }
        guard offset >= 0 else { throw .offsetOutOfRange }
        let value = call[3]
        let found = try store.findString(call[1], .write)
        if value.isEmpty { return reply.integer(found?.entry.stringLength ?? 0) }
        try store.checkLength(Int(offset), value.byteCount)
        reply.integer(store.splice(call[1], value, at: Int(offset), found))
        store.notify(.string, "setrange", call[1])
    }

    static let getrange = Command<Store>(
        "GETRANGE", .string, [.readonly], since: "2.4.0",
        summary: "Gives a part of the string at a key.",
        complexity: "O(N), N being the length of the reply.", categories: [.string],
        arguments: [.key([.readOnly, .access]), .integer("start"), .integer("end")],
        examples: ["SET greeting \"hello world\"", "GETRANGE greeting 0 4"], run: runGetrange)

    static let substr = Command<Store>(
        "SUBSTR", .string, [.readonly], since: "1.0.0",
        summary: "Gives a part of the string at a key.",
        complexity: "O(N), N being the length of the reply.",
        deprecated: (since: "2.0.0", replacedBy: "`GETRANGE`"), categories: [.string],
        arguments: [.key([.readOnly, .access]), .integer("start"), .integer("end")],
        examples: ["SUBSTR greeting 0 4"], run: runGetrange)

    static func runGetrange(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let start = call[2].canonicalInteger, let end = call[3].canonicalInteger else {
            throw .notInteger
        }
        guard let found = try store.findString(call[1], .read),
            let range = byteRange(start, end, of: found.entry.stringLength)
        else { return reply.bulk([]) }
        switch found.entry.string {
        case .integer(let value): reply.bulk(Array(value.decimalBytes[range]))
        case .bytes(let bytes): reply.bulk(bytes.extracting(range))
        }
    }

    /// The bytes from `start` to `end`, both included and counted from behind when negative, of
    /// `length` bytes; nil when there are none. What lies before the first byte counts as it,
    /// except that a range from behind which runs backwards is empty.
    static func byteRange(_ start: Int64, _ end: Int64, of length: Int) -> Range<Int>? {
        if length == 0 || (start < 0 && end < 0 && start > end) { return nil }
        let length = Int64(length)
        let first = max(0, start < 0 ? start + length : start)
        let last = min(length - 1, max(0, end < 0 ? end + length : end))
        return first > last ? nil : Int(first)..<Int(last) + 1
    }

    static let strlen = Command<Store>(
        "STRLEN", .string, [.readonly, .fast], since: "2.2.0",
        summary: "Gives the length of the string at a key in bytes.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readOnly])],
        examples: ["STRLEN greeting"], run: runStrlen)

    static func runStrlen(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let found = try store.findString(call[1], .read)
        reply.integer(found?.entry.stringLength ?? 0)
    }
}

extension Store {
    /// Refuses a string of `length` bytes with `more` behind them that would be too long.
    fileprivate func checkLength(_ length: Int, _ more: Int) throws(CommandError) {
        let (sum, overflow) = length.addingReportingOverflow(more)
        if overflow || sum > settings.maximumBulkLength { throw .stringTooLong }
    }
}
