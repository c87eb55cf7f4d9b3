import Bytes
import Client
import Testing
import Wire

/// A terminal that does not read must not hold up what is measured, nor who measures.
@Suite struct BackPressureTests {
    /// How often the dashboard has looked at the engine, by the engine's own count.
    private func looks(_ engine: Endpoint) throws -> Int {
        guard case .reply(let reply) = engine.call(["INFO", "commandstats"]) else {
            throw ProgramError("no INFO")
        }
        let lines = (reply.bytes?.text ?? "").split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.contains("observe:calls=") }),
            let equals = line.firstIndex(of: "="), let comma = line.firstIndex(of: ",")
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
        let socket = "unix:\(prompt.home.path)/larder/\(prompt.number).sock"
        let engine = Endpoint(
            try Target(parsing: socket), embedded: { throw ProgramError("not embedded") })
        var served = 0
        /// Serves until the dashboard has looked thirty times, which is three seconds of samples.
        /// Other colours are much to write.
        func serve(_ paint: () -> Void) throws -> Int {
            let (before, start) = (try looks(engine), served)
            var now = before
            while now < before + 30, served - start < 1_000_000 {
                paint()
                for _ in 0..<50 {
                    served += 1
                    guard engine.call(["INCR", "counter"]) == .reply(.integer(Int64(served)))
                    else { throw ProgramError("command \(served) was not served") }
                }
                now = try looks(engine)
            }
            #expect(now >= before + 30, "\(now - before) looks, \(served - start) commands")
            return served - start
        }
        let whileRead = try serve { dashboard.type("t") }
        // From here on nobody reads. The engine serves no less for that; a frame that held it up
        // would cost it most of what it serves.
        let whileUnread = try serve { dashboard.typeWithoutReading("t") }
        #expect(
            whileUnread * 4 >= whileRead,
            "\(whileUnread) commands in thirty looks while nobody read, \(whileRead) before")
        try dashboard.see("how many frames nobody has seen") { screen in
            screen.isAlternate && screen.lines[0].contains("frames dropped")
                && screen.lines[0].contains("LIVE 10 Hz")
        }
        dashboard.type("q")
        #expect(try dashboard.end() == 0)
        #expect(!dashboard.screen.isAlternate)
        #expect(try prompt.leave() == 0)
    }
}
