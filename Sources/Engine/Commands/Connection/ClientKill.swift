import Bytes
import Grammar
import Wire

// CLIENT KILL: closes connections, by address (the old form) or by any of several filters.

extension Connection {
    static let clientKill = Command<Store>(
        "CLIENT KILL", .connection, [.admin, .noscript, .loading, .stale], since: "2.4.0",
        summary: "Closes connections, chosen by address, number, type, user or age.",
        complexity: "O(N), N being the number of connections.",
        history: [
            "2.8.12": "Filters.", "2.8.12": "The filter `ID`.",
            "3.2.0": "`master` for the filter `TYPE`.",
            "5.0.0": "`replica` for the filter `TYPE`; `slave` is still understood.",
            "6.2.0": "The filter `LADDR`.",
        ],
        categories: [.connection],
        arguments: [
            .oneOf(
                "filter",
                [
                    .string("ip:port").deprecated(since: "2.8.12"),
                    .oneOf("new-format", filters).repeated,
                ])
        ],
        examples: ["CLIENT KILL ID 12", "CLIENT KILL TYPE normal SKIPME yes"],
        run: runClientKill)

    private static var filters: [Argument] {
        [
            .integer("client-id").after("ID").optional.since("2.8.12"),
            .oneOf(
                "normal_master_slave_pubsub",
                [
                    .token("NORMAL"), .token("MASTER").since("3.2.0"), .token("SLAVE"),
                    .token("REPLICA").since("5.0.0"), .token("PUBSUB"),
                ]
            ).after("TYPE").optional.since("2.8.12"),
            .string("username").after("USER").optional,
            .string("ip:port").after("ADDR").optional,
            .string("ip:port").after("LADDR").optional.since("6.2.0"),
            .string("yes/no").after("SKIPME").optional,
            .integer("maxage").after("MAXAGE").optional.since("8.0.0").only(.valkey80),
        ]
    }

    static func runClientKill(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var filter = SessionFilter()
        if call.count == 3 {
            filter.address = call[2].text
            filter.skipsMe = false
        } else {
            try readFilters(call, store.settings.flavour, &filter)
        }
        let victims = store.sessionsByID.filter {
            store.matches($0, filter, me: call.session)
        }
        if call.count == 3, victims.isEmpty { throw .noSuchClient }
        for victim in victims { store.endSession(victim) }
        if call.count == 3 { reply.ok() } else { reply.integer(victims.count) }
    }

    private static func readFilters(
        _ call: borrowing Call, _ flavour: Flavour, _ filter: inout SessionFilter
    ) throws(CommandError) {
        var cursor = ArgumentCursor(call, from: 2)
        while !cursor.isAtEnd {
            let value = cursor.index + 1
            if cursor.take("ID", followedBy: 1) {
                guard let id = call[value].canonicalInteger, id > 0 else {
                    throw .clientIDNotPositive
                }
                filter.id = id
            } else if cursor.take("TYPE", followedBy: 1) {
                filter.type = try ClientType(call[value], flavour)
            } else if cursor.take("ADDR", followedBy: 1) {
                filter.address = call[value].text
            } else if cursor.take("LADDR", followedBy: 1) {
                filter.localAddress = call[value].text
            } else if cursor.take("USER", followedBy: 1) {
                guard call[value].equals("default") else { throw .noSuchUser(call[value]) }
            } else if cursor.take("SKIPME", followedBy: 1) {
                filter.skipsMe = call[value].matches("YES")
                guard filter.skipsMe || call[value].matches("NO") else { throw .syntax }
            } else if flavour == .valkey80, cursor.take("MAXAGE", followedBy: 1) {
                guard let age = call[value].canonicalInteger else { throw .maximumAgeNotInteger }
                guard age > 0 else { throw .maximumAgeNotPositive }
                filter.age = age
            } else {
                throw .syntax
            }
            _ = cursor.next()
        }
    }
}

/// Which connections are meant.
struct SessionFilter {
    var id: Int64?
    var type: ClientType?
    var address: String?
    var localAddress: String?
    /// At least this many seconds old.
    var age: Int64 = 0
    var skipsMe = true
}

extension Store {
    /// True when a filter means this session.
    fileprivate func matches(_ number: Int, _ filter: SessionFilter, me: Int) -> Bool {
        guard let session = sessions[number] else { return false }
        if number == me, filter.skipsMe { return false }
        if let id = filter.id, session.id != id { return false }
        if let type = filter.type, type != session.type { return false }
        if let address = filter.address, session.origin.address != address { return false }
        if let address = filter.localAddress, session.origin.localAddress != address {
            return false
        }
        return (now.wall.milliseconds - session.openedAt.milliseconds) / 1000 >= filter.age
    }
}
