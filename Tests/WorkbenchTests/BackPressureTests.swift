import Testing

/// A terminal that does not read must not hold up what is measured, nor who measures.
@Suite struct BackPressureTests {
    /// How often the dashboard has looked at the engine, by the engine's own count.
    private func looks(_ prompt: TerminalProgram) throws -> Int {
        let text = try prompt.enter("INFO commandstats")
        guard
            let line = text.split(separator: "\n").first(where: { $0.contains("observe:calls=") }),
            let equals = line.firstIndex(of: "="),
            let comma = line.firstIndex(of: ",")
        else { return 0 }
        return Int(line[line.index(after: equals)..<comma]) ?? 0
    }

    @Test func aTerminalThatDoesNotReadHoldsNobodyUp() throws {
        let prompt = try TerminalProgram(rows: 60, columns: 120)
        try prompt.seePrompt()
        try prompt.enter("SET counter 0")
        let dashboard = try TerminalProgram(
            ["dashboard"], rows: 60, columns: 200, home: prompt.home)
        try dashboard.see("the overview of the prompt's engine") { screen in
            screen.isAlternate && screen.lines[0].contains("LIVE 10 Hz")
        }
        // From here on nobody reads. Other colours and screens are much to write.
        for _ in 0..<10 { dashboard.typeWithoutReading("t2t1") }
        let before = try looks(prompt)
        var (now, served) = (before, 0)
        // Three seconds of samples, while the engine goes on serving.
        while now < before + 30, served < 5000 {
            served += 1
            #expect(try prompt.enter("INCR counter").contains("(integer) \(served)"))
            now = try looks(prompt)
        }
        #expect(now >= before + 30, "\(now - before) looks during \(served) commands")
        try dashboard.see("how many frames nobody has seen") { screen in
            screen.isAlternate && screen.lines[0].contains("frames dropped")
                && screen.lines[0].contains("LIVE 10 Hz")
        }
        dashboard.type("q")
        #expect(try dashboard.end() == 0)
        #expect(!dashboard.screen.isAlternate && dashboard.screen.unknown.isEmpty)
        #expect(try prompt.leave() == 0)
    }
}
