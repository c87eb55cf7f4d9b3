import Bytes
import Grammar
import Structures
import Wire

// Fields that count. One that is not there counts from 0.

extension Hashes {
    static let hincrby = Command<Store>(
        "HINCRBY", .hash, [.write, .denyOOM, .fast], since: "2.0.0",
        summary: "Adds to the whole number in a field of a hash.",
        complexity: "O(1)", categories: [.hash],
        arguments: [
            .key([.readWrite, .access, .update]), .string("field"), .integer("increment"),
        ],
        examples: ["HINCRBY page:1 visits 5"], run: runHincrby)

    static func runHincrby(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let increment = call[3].canonicalInteger else { throw .notInteger }
        let result = try store.modify(call[1], as: HashObject.self, creating: true) {
            edit, store throws(CommandError) in
            var isNumber = true
            let old = edit.object.withValue(of: call[2]) { element -> Int64 in
                guard let element = copy element else { return 0 }
                switch element {
                case .integer(let number): return number
                case .bytes(let bytes):
                    let number = bytes.canonicalInteger
                    isNumber = number != nil
                    return number ?? 0
                }
            }
            if !isNumber { throw .fieldNotInteger }
            let (sum, overflow) = old.addingReportingOverflow(increment)
            if overflow { throw .overflow }
            _ = sum.withDecimalText { edit.object.set(call[2], $0, store) }
            edit.changes = 1
            store.notify(.hash, "hincrby", call[1])
            return sum
        }
        reply.integer(result ?? 0)
    }

    static let hincrbyfloat = Command<Store>(
        "HINCRBYFLOAT", .hash, [.write, .denyOOM, .fast], since: "2.6.0",
        summary: "Adds to the number in a field of a hash, which may have a fraction.",
        complexity: "O(1)", categories: [.hash],
        arguments: [
            .key([.readWrite, .access, .update]), .string("field"), .double("increment"),
        ],
        examples: ["HINCRBYFLOAT item:1 price 0.25"], run: runHincrbyfloat)

    static func runHincrbyfloat(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let increment = Doubles.parseLong(call[3]) else { throw .notFloat }
        guard increment.isFinite else { throw .infiniteIncrement }
        let result = try store.modify(call[1], as: HashObject.self, creating: true) {
            edit, store throws(CommandError) in
            let old = edit.object.withValue(of: call[2]) { element -> LongDouble? in
                guard let element = copy element else { return 0 }
                switch element {
                case .integer(let number): return LongDouble(number)
                case .bytes(let bytes): return Doubles.parseLong(bytes)
                }
            }
            guard let old else { throw .fieldNotFloat }
            let sum = old + increment
            guard sum.isFinite else { throw .notANumber }
            var text: [UInt8] = []
            Doubles.appendHuman(sum, to: &text)
            _ = edit.object.set(call[2], text.rawSpan, store)
            edit.changes = 1
            store.notify(.hash, "hincrbyfloat", call[1])
            return text
        }
        reply.bulk(result ?? [])
    }
}
