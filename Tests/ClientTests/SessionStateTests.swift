import Bytes
import Testing
import Wire

@testable import Client

@Suite struct SessionStateTests {
    private var state = SessionState(version: .two)

    private mutating func note(_ line: String, _ reply: RESPValue = .simple("OK")) {
        state.note(words(line), reply)
    }

    private func words(_ line: String) -> [[UInt8]] {
        line.split(separator: " ").map { Array($0.utf8) }
    }

    @Test mutating func aNewSessionNeedsNothing() {
        #expect(state.restoration.isEmpty)
        note("SELECT 3", .error("ERR DB index is out of range"))
        note("GET a", .bulk("b"))
        #expect(state.restoration.isEmpty)
    }

    @Test mutating func restoresWhatAConnectionForgets() {
        note("hello 3 AUTH ann pw SETNAME me", .map([]))
        note("select 4")
        #expect(
            state.restoration.map(\.words) == [
                ["AUTH", "ann", "pw"], ["HELLO", "3"], ["CLIENT", "SETNAME", "me"],
                ["SELECT", "4"],
            ])
        #expect(state.restoration.map(\.isVital) == [true, true, false, false])
        note("AUTH other")
        note("CLIENT SETNAME you")
        #expect(state.restoration[0].words == ["AUTH", "other"])
        #expect(state.restoration[2].words == ["CLIENT", "SETNAME", "you"])
        note("RESET", .simple("RESET"))
        #expect(state.restoration.isEmpty)
        #expect(state.version == .two)
    }

    @Test mutating func countsWhatATransactionQueues() {
        note("MULTI")
        #expect(state.queued == 0)
        note("SELECT 2", .simple("QUEUED"))
        note("GET a", .simple("QUEUED"))
        note("GET", .error("ERR wrong number"))
        #expect(state.queued == 2)
        #expect(state.database == 0)
        note("EXEC", .error("EXECABORT Transaction discarded"))
        #expect(state.queued == nil)
        #expect(state.database == 0)
        note("MULTI")
        note("SELECT 2", .simple("QUEUED"))
        note("EXEC", .array([.simple("OK")]))
        #expect(state.database == 2)
        note("MULTI")
        note("SELECT 5", .simple("QUEUED"))
        note("DISCARD")
        #expect(state.database == 2)
        #expect(state.queued == nil)
    }

    @Test mutating func knowsWhichCommandsGetNoReply() {
        #expect(state.behaviour(of: words("CLIENT REPLY SKIP")) == .silent)
        #expect(state.behaviour(of: words("PING")) == .silent)
        #expect(state.behaviour(of: words("PING")) == .answers)
        #expect(state.behaviour(of: words("client reply off")) == .silent)
        #expect(state.behaviour(of: words("PING")) == .silent)
        #expect(state.behaviour(of: words("CLIENT REPLY SKIP")) == .silent)
        #expect(state.behaviour(of: words("PING")) == .silent)
        #expect(state.behaviour(of: words("CLIENT REPLY ON")) == .answers)
        #expect(state.behaviour(of: words("PING")) == .answers)
    }
}
