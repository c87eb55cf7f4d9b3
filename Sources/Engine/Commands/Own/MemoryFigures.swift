import Bytes
import Grammar
import Structures
import Wire

// The ledger for clients: where each byte is, by type, by database and by what is no data.

extension OwnCommands {
    static let memory = Command<Store>(
        "LARDER MEMORY", .server, [], since: "1.0.0",
        summary: """
            Says where the node's memory is: keys with their values by type and by database, \
            tables, and connections.
            """, complexity: "O(1)", tips: ["nondeterministic_output"],
        examples: ["LARDER MEMORY"], run: runMemory)

    static func runMemory(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let ledger = store.ledger
        let types = ValueType.allCases.filter { ledger.entries(of: $0) > 0 }
        var databases: [Int] = []
        for number in 0..<store.keyspaces.count where store.keyspaces[number].entryBytes > 0 {
            databases.append(number)
        }
        func number(_ name: String, _ value: Int, _ reply: inout ReplyWriter) {
            reply.bulk(utf8: name)
            reply.integer(value)
        }
        reply.map(7)
        number("total", ledger.total, &reply)
        number("peak", store.peakMemory, &reply)
        number("entries", ledger.entries, &reply)
        reply.bulk(utf8: "types")
        reply.map(types.count)
        for type in types { number(type.name, ledger.entries(of: type), &reply) }
        reply.bulk(utf8: "databases")
        reply.map(databases.count)
        for database in databases {
            number(String(database), store.keyspaces[database].entryBytes, &reply)
        }
        number("tables", ledger.tables, &reply)
        number("connections", ledger.sessions, &reply)
    }
}
