import Bytes
import Client
import Server
import Terminal
import Wire

/// Told what is sent, and why.
typealias CommandNote = (_ text: String, _ purpose: String) -> Void

/// The connection of a sampler: it says who it is, and every command that it sends is noted.
final class Asker {
    /// Why a sample could not be taken.
    struct Failure: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    /// How long a reply may take, in milliseconds.
    private static let patience = 2000

    private let endpoint: Endpoint
    private let note: CommandNote
    /// The connection's own number, so that tables can leave it out.
    private(set) var own: Set<String> = []
    /// Commands that were sent.
    private(set) var commands = 0.0
    /// Connections that were lost also end what was known of our own.
    private var isIntroduced = false

    init(_ endpoint: Endpoint, note: @escaping CommandNote) {
        self.endpoint = endpoint
        self.note = note
        endpoint.patience = Self.patience
        endpoint.onSend = { words, isOwn in
            guard isOwn else { return }
            note(words.map { CellText.shown($0, ascii: true) }.joined(separator: " "), Self.entry)
        }
    }

    /// Why a connection signs in and chooses a database.
    static let entry = "to be let in where the figures are"

    func end() { endpoint.disconnect() }

    /// After a failure the connection says again who it is.
    func forget() { isIntroduced = false }

    /// Adds what this connection has cost the server so far.
    func account(_ sample: inout Sample) {
        sample.ownCommands = commands
        sample.ownInput = Double(endpoint.bytesSent)
        sample.ownOutput = Double(endpoint.bytesReceived)
    }

    func ask(_ words: [String], _ purpose: String) throws(Failure) -> RESPValue {
        try ask(words.map { Array($0.utf8) }, purpose)
    }

    /// Asks. What is asked in ever other words is `noted` in the same ones, to be one row.
    func ask(
        _ words: [[UInt8]], _ purpose: String, noted: String? = nil
    ) throws(Failure) -> RESPValue {
        let text = words.map { CellText.shown($0, ascii: true) }.joined(separator: " ")
        note(noted ?? text, purpose)
        commands += 1
        switch endpoint.call(words) {
        case .reply(let reply), .unblocked(let reply): return reply
        case .silence: throw Failure("no reply")
        case .interrupted: throw Failure("no answer within 2 s")
        case .failed(.cannotConnect(let reason)), .failed(.refused(let reason)),
            .failed(.lost(let reason)), .failed(.protocolError(let reason)):
            throw Failure(reason)
        }
    }

    /// Connects if need be, names the connection and learns its number. True when it was not
    /// there before.
    func introduce() throws(Failure) -> Bool {
        if isIntroduced, endpoint.isConnected { return false }
        do throws(Endpoint.Failure) {
            try endpoint.open()
        } catch {
            switch error {
            case .cannotConnect(let reason), .refused(let reason), .lost(let reason),
                .protocolError(let reason):
                throw Failure(reason)
            }
        }
        isIntroduced = true
        _ = try ask(["CLIENT", "SETNAME", "larder-dashboard"], "so that others know who it is")
        own = []
        let id = try ask(["CLIENT", "ID"], "so that the table can leave it out")
        if let number = id.integer { own.insert(String(number)) }
        return true
    }

    /// Reads the sorted sets that a panel shows.
    func readBoards(_ demand: Demand, _ sample: inout Sample) throws(Failure) {
        for key in demand.boards.prefix(4) {
            let count = try ask([Array("ZCARD".utf8), key], "size of a board")
            let words = ["0", String(demand.boardRows - 1), "REV", "WITHSCORES"]
            let rows = try ask(
                [Array("ZRANGE".utf8), key] + words.map { Array($0.utf8) }, "top of a board")
            sample.read(board: key, count: count, rows: rows)
            guard let member = demand.members[ByteString(key)],
                let last = sample.boards.indices.last,
                sample.boards[last].count != nil, sample.boards[last].place(of: member) == nil
            else { continue }
            sample.boards[last].followed = try find(member, in: key)
        }
    }

    /// How many members are shown before and behind one that is followed.
    static let neighbours = 3

    /// Where a member stands that is none of the highest. It costs as much as looking up one
    /// score, however many members there are.
    private func find(_ member: [UInt8], in key: [UInt8]) throws(Failure) -> FollowedMember {
        var found = FollowedMember(member: member)
        let place = try ask([Array("ZREVRANK".utf8), key, member], "place of a followed member")
        guard let rank = place.integer else { return found }
        found.first = max(Int(rank) - Self.neighbours, 0)
        let words = [
            String(found.first), String(Int(rank) + Self.neighbours), "REV", "WITHSCORES",
        ]
        let rows = try ask(
            [Array("ZRANGE".utf8), key] + words.map { Array($0.utf8) }, "those around it",
            noted: "ZRANGE \(CellText.shown(key, ascii: true)) ~ REV WITHSCORES")
        found.rows = Sample.boardRows(rows)
        return found
    }
}

/// What is read less often than samples are taken.
struct Timetable {
    private let interval: Int64
    private var due: [String: Int64] = [:]

    /// For samples that are so many milliseconds apart.
    init(interval: Int64) { self.interval = interval }

    /// True when a reading that is made every so many milliseconds is to be made now.
    mutating func isDue(_ name: String, every period: Int64, at instant: Int64) -> Bool {
        if let next = due[name], instant < next { return false }
        // Samples come a little early or late.
        due[name] = instant + period - interval / 2
        return true
    }

    /// Everything is due.
    mutating func reset() { due = [:] }
}
