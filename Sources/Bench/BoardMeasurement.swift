import Histogram

// A board of very many players: how long the commands take that a leaderboard lives on. One
// connection asks one question at a time, so that what is measured is the command and not the
// queue before it. Two servers hold their boards at once and take turns, question by question of
// the list, so that the machine's moods meet both.

/// `larder bench --board`.
struct BoardMeasurement {
    /// One of the commands, with random numbers for its words.
    private struct Question {
        let name: String
        let words: (_ members: UInt64, _ numbers: inout SeededNumbers) -> [String]
    }

    private struct Side {
        let server: BenchServer
        let control: ControlConnection
        var bytes: Double?
    }

    private let options: BenchOptions
    private let report: BenchReport
    private static let rounds = 5

    init(_ options: BenchOptions, _ report: BenchReport) {
        self.options = options
        self.report = report
    }

    /// The name of a member, as `BenchServer.fillBoard` makes them.
    private static func player(_ number: UInt64) -> String {
        let digits = String(number)
        return "player:"
            + String(repeating: "0", count: RequestTemplate.digits - digits.count) + digits
    }

    private static var questions: [Question] {
        [
            Question(name: "ZRANK") { ["ZRANK", "board", player($1.next(below: $0))] },
            Question(name: "ZRANGE by rank, 10") {
                let rank = $1.next(below: $0)
                return ["ZRANGE", "board", String(rank), String(rank + 9)]
            },
            Question(name: "ZRANGE by score, 10") {
                let score = String($1.next(below: $0))
                return ["ZRANGE", "board", score, "+inf", "BYSCORE", "LIMIT", "0", "10"]
            },
            Question(name: "ZADD") {
                let score = String($1.next(below: $0))
                return ["ZADD", "board", score, player($1.next(below: $0))]
            },
            Question(name: "ZINCRBY") {
                ["ZINCRBY", "board", "100", player($1.next(below: $0))]
            },
        ]
    }

    func run() throws(BenchError) {
        let members = options.keyspace ?? 10_000_000
        report.note(
            "a board of \(grouped(Double(members))) members with random scores; one connection, "
                + "milliseconds a command")
        var sides = [try side(BenchServer.measured(options), members)]
        if let other = try BenchServer.compared(options) { sides.append(try side(other, members)) }
        var titles = [("command", "ZRANGE by score, 10")]
        for side in sides {
            titles += [("\(side.server.name): p50", "100.000"), ("p99", "100.000")]
        }
        report.columns(titles.map { (title: $0.0, sample: $0.1) })
        for question in BoardMeasurement.questions { try ask(question, sides, members) }
        report.row(
            ["bytes a member"]
                + sides.flatMap { [$0.bytes.map { decimal($0, 1) } ?? "-", ""] })
    }

    /// A server with its board.
    private func side(_ server: BenchServer, _ members: Int) throws(BenchError) -> Side {
        let control = try ControlConnection(server.address)
        if options.mayFlush { _ = try control.command(["FLUSHALL"]) }
        guard try control.command(["DBSIZE"]).integer == 0 else {
            throw BenchError(
                "\(server.name) holds keys; --flush allows the bench to remove ALL of them")
        }
        let before = server.account?.residentBytes()
        try server.fillBoard(members: members, seed: options.seed, report)
        var side = Side(server: server, control: control)
        if let before, let after = server.account?.residentBytes() {
            side.bytes = Double(after - before) / Double(members)
        }
        return side
    }

    private func ask(
        _ question: Question, _ sides: [Side], _ members: Int
    ) throws(BenchError) {
        let rounds = BoardMeasurement.rounds
        let requests = max(1, (options.requests ?? 20_000) / rounds)
        var latencies = sides.map { _ in LoadResult().latency }
        for round in 0..<rounds {
            for (index, side) in sides.enumerated() {
                report.progress("\(question.name) on \(side.server.name)")
                var numbers = SeededNumbers(seed: options.seed &+ UInt64(round))
                for _ in 0..<requests {
                    let words = question.words(UInt64(members), &numbers)
                    latencies[index].record(try time(RequestTemplate(words).bytes, side))
                }
                try Interruption.check()
            }
        }
        let summaries = latencies.map { LatencySummary($0) }
        report.row(
            [question.name] + summaries.flatMap { [decimal($0.p50, 3), decimal($0.p99, 3)] })
        for (side, summary) in zip(sides, summaries) {
            report.add(
                .object([
                    ("command", .text(question.name)), ("server", .text(side.server.name)),
                    ("members", .number(Double(members))),
                    ("bytesPerMember", JSONText(side.bytes)),
                    ("latencyMilliseconds", summary.json),
                ]))
        }
    }

    /// Nanoseconds from the sending of a request until its reply is there.
    private func time(_ request: [UInt8], _ side: Side) throws(BenchError) -> UInt64 {
        let start = monotonicNanoseconds()
        try side.control.socket.send(request)
        var received: [UInt8] = []
        while true {
            let part = try side.control.socket.receive()
            let now = monotonicNanoseconds()
            if part.isEmpty { throw BenchError("\(side.server.name) closed the connection") }
            received += part
            var reader = ControlReader(bytes: received)
            guard let reply = reader.next() else { continue }
            if case .failure(let text) = reply {
                throw BenchError("\(side.server.name) answered: \(text)")
            }
            return now - start
        }
    }
}
