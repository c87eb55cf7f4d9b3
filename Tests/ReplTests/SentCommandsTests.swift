import Client
import Testing

@testable import Repl

/// The account of what a prompt sends shows no secret, and no more than a row.
@Suite struct SentCommandsTests {
    private func text(_ words: String...) -> String {
        SentCommands.text(words.map { Array($0.utf8) })
    }

    @Test func secretsAreHidden() {
        #expect(text("AUTH", "tiger") == "AUTH (hidden)")
        #expect(text("hello", "3", "AUTH", "me", "tiger") == "hello (hidden)")
        #expect(text("CONFIG", "SET", "requirepass", "tiger") == "CONFIG (hidden)")
        #expect(text("CONFIG", "SET", "maxmemory", "1mb") == "CONFIG SET maxmemory 1mb")
        let words = ["MIGRATE", "host", "1", "", "0", "5", "COPY", "AUTH", "tiger"]
        #expect(!SentCommands.text(words.map { Array($0.utf8) }).contains("tiger"))
    }

    @Test func longCommandsAreCut() {
        let members = (1...300).map { Array("m\($0)".utf8) }
        #expect(
            SentCommands.text([Array("RPUSH".utf8), Array("l".utf8)] + members)
                == "RPUSH l m1 m2 m3 m4 m5 m6 and 294 more words")
        let long = SentCommands.text([Array(repeating: 0x78, count: 1_000_000)])
        #expect(long.count <= 60 && long.hasSuffix("~"))
        let escaped = text("GET", "a\u{1B}[31m\n")
        #expect(escaped.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(escaped)")
    }

    @Test func nothingIsKeptBeforeThereIsAPane() throws {
        let sent = SentCommands()
        sent.note([Array("GET".utf8)], isOwn: false)
        let pane = try #require(Pane())
        sent.begin(pane)
        sent.note([Array("GET".utf8), Array("a".utf8)], isOwn: false)
        sent.note(question: ["OBJECT", "FREQ", "a"].map { Array($0.utf8) }, isOwn: false)
        sent.note(question: ["TYPE", "a"].map { Array($0.utf8) }, isOwn: false)
        sent.note(["SELECT", "3"].map { Array($0.utf8) }, isOwn: true)
        #expect(pane.sent.map(\.text) == ["GET a", "OBJECT FREQ", "TYPE", "SELECT 3"])
        #expect(pane.sent.map(\.origin) == [.person, .question, .question, .session])
    }
}
