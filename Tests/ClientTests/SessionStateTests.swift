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

    @Test mutating func remembersWhatATransactionQueues() {
        note("MULTI")
        note("SET a b", .simple("QUEUED"))
        #expect(state.transaction == [words("SET a b")])
        note("DISCARD")
        #expect(state.transaction == nil)
    }

    @Test mutating func subscriptionsAreKeptByTheirAcknowledgements() {
        func acknowledgement(_ kind: ByteString, _ name: ByteString?) -> RESPValue {
            .push([.bulk(kind), name.map { .bulk($0) } ?? .null(.plain), .integer(1)])
        }
        var listening = Subscriptions()
        func note(_ message: RESPValue, _ isAcknowledgement: Bool = true) {
            let wasTaken = listening.note(message)
            #expect(wasTaken == isAcknowledgement)
        }
        note(acknowledgement("subscribe", "a"))
        note(acknowledgement("subscribe", "a"))
        note(acknowledgement("psubscribe", "n*"))
        note(acknowledgement("ssubscribe", "s"))
        note(.push([.bulk("message"), .bulk("a"), .bulk("text")]), false)
        note(.simple("OK"), false)
        #expect(listening.count == 3)
        #expect(
            listening.restoration == [
                words("SUBSCRIBE a"), words("PSUBSCRIBE n*"), words("SSUBSCRIBE s"),
            ])
        note(acknowledgement("unsubscribe", "a"))
        note(acknowledgement("unsubscribe", nil))
        note(acknowledgement("punsubscribe", "n*"))
        note(acknowledgement("sunsubscribe", "s"))
        #expect(listening.isEmpty)
    }

    @Test mutating func subscriptionsOutliveAConnectionWithRESP3Only() {
        note("HELLO 3", .map([]))
        state.subscriptions.note(.push([.bulk("subscribe"), .bulk("a"), .integer(1)]))
        let none = state.takeLosses()
        #expect(none.isEmpty)
        #expect(state.subscriptions.count == 1)
        note("HELLO 2", .array([]))
        let losses = state.takeLosses()
        #expect(losses == "subscriptions")
        #expect(state.subscriptions.isEmpty)
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
