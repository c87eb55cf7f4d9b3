import Terminal
import Testing

struct RecallTests {
    private let up = "\u{1B}[A"
    private let down = "\u{1B}[B"

    @Test func upAndDownWalkThroughTheHistory() throws {
        let history = ["one", "two", "three"]
        #expect(try submitted(up, history: history) == "three")
        #expect(try submitted(up + up + up, history: history) == "one")
        #expect(try submitted(up + up + up + up + up, history: history) == "one")
        #expect(try submitted(up + up + down, history: history) == "three")
        #expect(try submitted("\u{10}\u{10}\u{E}", history: history) == "three")
        #expect(try submitted(down, history: history) == "")
    }

    @Test func whatWasTypedComesBack() throws {
        #expect(try submitted("t" + up + down + "x", history: ["two"]) == "tx")
        #expect(try submitted("ab\u{2}" + up + down + "x", history: ["two"]) == "axb")
    }

    @Test func onlyEntriesWithTheTypedBeginningAreShown() throws {
        let history = ["SET a 1", "GET a", "SET b 2", "GET b"]
        #expect(try submitted("SET" + up + up, history: history) == "SET a 1")
        #expect(try submitted("SET" + up + up + down, history: history) == "SET b 2")
        #expect(try submitted("x" + up, history: history) == "x")
    }

    @Test func duplicatesAreStoredAndShownOnce() throws {
        #expect(try submitted(up + up, history: ["one", "two", "two"]) == "one")
    }

    @Test func aChangedEntryIsANewBeginning() throws {
        #expect(try submitted(up + "x" + up, history: ["one", "two"]) == "twox")
        #expect(try submitted(up + "\u{7F}" + up, history: ["two b", "two"]) == "two")
    }

    @Test func entriesOfSeveralRowsAreRecalledWhole() throws {
        let history = ["first", "a\nb"]
        #expect(try submitted(up, history: history) == "a\nb")
        // The first Up inside the entry moves to its first row, the next one leaves it.
        #expect(try submitted(up + up + up, history: history) == "first")
    }

    @Test func searchFindsTheNewestMatchAndGoesBack() throws {
        let history = ["SET user:1 x", "GET a", "SET user:2 y", "GET b"]
        #expect(try submitted("\u{12}user", history: history) == "SET user:2 y")
        #expect(try submitted("\u{12}user\u{12}", history: history) == "SET user:1 x")
        #expect(try submitted("\u{12}user\u{12}\u{13}", history: history) == "SET user:2 y")
        #expect(try submitted("\u{12}USER", history: history) == "")
        #expect(try submitted("\u{12}get\u{12}", history: history) == "GET a")
        #expect(try submitted("\u{12}userx\u{7F}:1", history: history) == "SET user:1 x")
    }

    @Test func searchNeverTouchesTheLineUntilItIsAccepted() throws {
        let history = ["GET größe"]
        #expect(try submitted("ab\u{12}GET\u{7}c", history: history) == "abc")
        #expect(try submitted("ab\u{12}nothing", history: history) == "ab")
        #expect(try submitted("\u{12}größe\u{1B}[Fx", history: history) == "GET größex")
        #expect(try edit("\u{12}GET\u{3}", history: history).outcome == .cancel("GET größe"))
        let (_, recorder) = try edit("ab\u{12}GE\u{7}\r", history: history)
        #expect(recorder.views == ["|", "a|", "ab|", "ab|", "|GET größe", "|GET größe", "ab|"])
        #expect(recorder.painted[5].search == .init(pattern: "GE", match: 0..<2))
        #expect(recorder.painted[6].search == nil)
    }
}
