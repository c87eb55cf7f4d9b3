// Lines that are typed, what comes back, and what comes by itself.

extension Performance {
    /// Types a line and compares what comes back.
    func perform(_ command: TranscriptCommand, retry: UInt64?, _ beat: Beat) {
        counts.commands += 1
        var (outcome, match) = attempt(command, beat)
        let limit = stage.now + (retry ?? 0)
        while !match.isMatch, stage.now < limit, !isOverdue() {
            stage.advance(min(100_000_000, limit - stage.now))
            (outcome, match) = attempt(command, beat)
        }
        finish(command, outcome, match, beat)
    }

    private func attempt(
        _ command: TranscriptCommand, _ beat: Beat
    ) -> (outcome: Outcome, match: TranscriptMatch) {
        use(command.session)
        tell(
            .type, beat,
            [("session", .text(command.session)), ("line", .text(stage.filled(command.text)))])
        var outcome = stage.perform(command.text, session: command.session)
        if outcome.remaining > 0 { pass(outcome.remaining, beat) }
        let late = stage.finish()
        // Time that passes by itself has nothing to say that a transcript would have to expect.
        outcome.lines += late
        return (outcome, match(outcome, command.expected))
    }

    /// Compares the lines of an outcome with what is expected. Where nothing is, only an error
    /// is wrong.
    private func match(_ outcome: Outcome, _ expected: [Expectation]) -> TranscriptMatch {
        if expected.isEmpty {
            return TranscriptMatch(
                isMatch: !outcome.isError, difference: outcome.lines.map { "+ " + $0 })
        }
        return TranscriptMatch.compare(outcome.lines, expected.map(filled))
    }

    /// An expected line with the values of variables.
    func filled(_ line: Expectation) -> Expectation {
        var line = line
        line.text = stage.filled(line.text)
        line.literal = stage.filled(line.literal)
        return line
    }

    private func finish(
        _ command: TranscriptCommand, _ outcome: Outcome, _ match: TranscriptMatch, _ beat: Beat
    ) {
        for name in match.captures.keys.sorted() {
            stage.set(name, match.captures[name] ?? "")
        }
        let origin = Stage.origin(
            of: outcome, line: stage.filled(command.text), session: command.session)
        tell(
            .reply, beat,
            [
                ("session", .text(command.session)),
                ("lines", .list(outcome.lines.map { .text($0) })),
                ("error", .truth(outcome.isError)), ("waits", .truth(outcome.waits)),
                ("expected", .truth(match.isMatch)),
            ] + (origin.map { [("origin", .text($0.rawValue))] } ?? []))
        if !match.isMatch {
            tell(
                .expectationFail, beat, [("difference", .list(match.difference.map { .text($0) }))])
            fail(
                .expectation, beat, "\(command.session)> \(stage.filled(command.text))",
                match.difference)
        }
        gather(beat)
    }

    /// Sends lines together and compares each reply.
    func perform(_ commands: [TranscriptCommand], depth: Int, _ beat: Beat) {
        var start = 0
        while start < commands.count {
            // What one session says in a row goes together.
            let session = commands[start].session
            let end = commands[start...].firstIndex { $0.session != session } ?? commands.count
            let lot = Array(commands[start..<end])
            use(session)
            for command in lot {
                counts.commands += 1
                tell(
                    .type, command.place,
                    [("session", .text(session)), ("line", .text(stage.filled(command.text)))],
                    source: beat.source)
            }
            let outcomes = stage.pipeline(lot.map(\.text), session: session, depth: depth)
            for (command, outcome) in zip(lot, outcomes) {
                var own = beat
                own.place = command.place
                finish(command, outcome, match(outcome, command.expected), own)
            }
            start = end
        }
    }

    // MARK: What comes by itself

    /// Takes what has come on all sessions.
    func gather(_ beat: Beat) {
        for session in sessions where session != "wb" && session != "app" {
            let arrivals = stage.arrivals(session)
            guard !arrivals.isEmpty else { continue }
            arrived[session, default: []] += arrivals
            tell(
                .push, beat,
                [
                    ("session", .text(session)),
                    ("lines", .list(arrivals.map { .text($0.line) })),
                ])
        }
    }

    /// Compares what has come on a session with what is expected, and waits for it up to a
    /// second of virtual time. A message is expected in one line, or in the rows that redis-cli
    /// prints.
    func expect(_ expected: [Expectation], on session: String, _ beat: Beat) {
        let lines = expected.map(filled)
        let match = TranscriptMatch.compare(received(lines, on: session, beat), lines)
        guard match.isMatch else {
            return fail(
                .expectation, beat, "\(session)< \(expected.first?.literal ?? "")",
                match.difference)
        }
        for name in match.captures.keys.sorted() {
            stage.set(name, match.captures[name] ?? "")
        }
    }

    /// What has come on a session in the place of what is expected.
    func received(_ lines: [Expectation], on session: String, _ beat: Beat) -> [String] {
        use(session)
        gather(beat)
        let wanted = lines.count { $0.matcher != .ellipsis && $0.matcher != .nothing }
        let inRows = Self.isRow(lines.first?.text ?? "")
        func count() -> Int {
            let waiting = arrived[session, default: []]
            guard inRows else { return waiting.count }
            return openRows[session, default: []].count + waiting.reduce(0) { $0 + $1.rows.count }
        }
        let limit = stage.now + 1_000_000_000
        while count() < wanted, stage.now < limit {
            stage.advance(min(10_000_000, limit - stage.now))
            gather(beat)
        }
        let isOpen = lines.contains { $0.matcher == .ellipsis || $0.matcher == .nothing }
        return take(session, inRows: inRows, isOpen ? .max : wanted)
    }

    /// True for a row of an array as redis-cli prints it: `1) "message"`.
    private static func isRow(_ text: String) -> Bool {
        let digits = text.prefix { ("0"..."9").contains($0) }
        return !digits.isEmpty && text.dropFirst(digits.count).hasPrefix(") ")
    }

    /// Takes at most so many lines of what has come.
    private func take(_ session: String, inRows: Bool, _ count: Int) -> [String] {
        guard inRows else {
            let waiting = arrived[session, default: []]
            arrived[session] = Array(waiting.dropFirst(count))
            return openRows[session, default: []] + waiting.prefix(count).map(\.line)
        }
        var rows = openRows[session, default: []]
        while rows.count < count, let next = arrived[session]?.first {
            rows += next.rows
            arrived[session]?.removeFirst()
        }
        openRows[session] = Array(rows.dropFirst(count))
        return Array(rows.prefix(count))
    }
}
