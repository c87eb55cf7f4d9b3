import Bytes
import Grammar
import Structures
import Wire

/// The commands of strings.
enum Strings {
    static var commands: [Command<Store>] { [get, set] }

    static let get = Command<Store>(
        "GET", .string, [.readonly, .fast], since: "1.0.0",
        summary: "Gives the string at a key.",
        complexity: "O(1)", categories: [.string],
        arguments: [.key([.readOnly, .access])],
        examples: ["GET greeting"], run: runGet)

    static func runGet(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let found = try store.findString(call[1], .read) else { return reply.null() }
        reply.string(found.entry)
    }

    static let set = Command<Store>(
        "SET", .string, [.write, .denyOOM], since: "1.0.0",
        summary: "Sets a key to a string, whatever it held before.",
        complexity: "O(1)", categories: [.string],
        arguments: [
            .key([.overwrite, .update]), .string("value"),
        ],
        examples: ["SET greeting hello"], run: runSet)

    static func runSet(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let found = store.find(call[1], .write)
        store.assign(call[1], call[2], .clear, at: found)
        reply.ok()
    }
}

extension ReplyWriter {
    /// The string that an entry holds.
    @inline(__always)
    mutating func string(_ entry: Entry) {
        switch entry.string {
        case .integer(let value): bulk(decimal: value)
        case .bytes(let bytes): bulk(bytes)
        }
    }
}
