import Bytes
import Client
import Grammar
import Terminal
import Testing

@testable import Repl

@Suite struct SafetyTests {
    private func harm(_ line: String) -> String? {
        Safety.harm(of: Safety.words(of: Array(line.utf8)))
    }

    @Test func commandsThatDestroyMoreThanTheyName() {
        for line in [
            "FLUSHALL", "flushdb async", "3 FLUSHALL", "DEBUG SLEEP 0", "SHUTDOWN",
            "SHUTDOWN NOSAVE", "CONFIG RESETSTAT", "config rewrite", "SCRIPT FLUSH",
            "FUNCTION FLUSH", "REPLICAOF h 1", "SLAVEOF NO ONE", "CLUSTER RESET", "SWAPDB 0 1",
            "\"FLUSHALL\"", "FAILOVER",
        ] { #expect(harm(line) != nil, "\(line)") }
        for line in [
            "DEL a", "SET a 1", "EXPIRE a 1", "CONFIG SET maxmemory 1", "CONFIG GET *",
            "SHUTDOWN ABORT", "SCRIPT LOAD x", "CLUSTER INFO", "# FLUSHALL", "ECHO FLUSHALL", "",
            ":keys * | del", "GET 'open",
        ] { #expect(harm(line) == nil, "\(line)") }
    }

    @Test func productionIsKnownByName() throws {
        func isMatch(_ address: String, _ patterns: String...) throws -> Bool {
            guard case .remote(let server) = try Target(parsing: address) else { return false }
            return Safety.matches(server, patterns)
        }
        #expect(try isMatch("redis://u:p@db.example:7000/1", "db.example"))
        #expect(try isMatch("redis://db.example:7000", "x", "*.example"))
        #expect(try isMatch("redis://db.example:7000", "db.example:7000"))
        #expect(try !isMatch("redis://db.example:7000", "db.example:6379"))
        #expect(try !isMatch("redis://db.example2", "db.example"))
        #expect(try isMatch("unix:/run/redis.sock", "/run/redis.sock"))
    }

    @Test func linesOfTheConfiguration() {
        let console = Console(ReplOptions(), guardian: nil, isInteractive: false)
        func take(_ line: String) -> String? {
            SessionConfiguration.take(Array(line.utf8), console)
        }
        #expect(take("") == nil)
        #expect(take("  # a remark") == nil)
        #expect(take(":set editor vi") == nil)
        #expect(console.editing == .vi)
        #expect(take("set editor emacs") == nil)
        #expect(console.editing == .emacs)
        #expect(take("confirm off") == nil)
        #expect(!console.caution.asks)
        #expect(take("production 'db.example'") == nil)
        #expect(console.caution.productionNames == ["db.example"])
        #expect(take("editor ed") == "editor is emacs or vi")
        #expect(take("nonsense 1") == HelpText.setUsage)
        #expect(take("production") == "production HOST, or HOST:PORT")
        #expect(take("editor 'vi") == "a quote is not closed")
    }

    @Test func whatIsSaidOfALostReply() {
        func text(_ words: String...) -> String { Aftermath.text(words.map { Array($0.utf8) }) }
        #expect(text("GET", "a") == "GET only reads and can be sent again")
        #expect(text("INCR", "a").hasPrefix("unknown outcome: INCR may have run or not"))
        #expect(text("NOSUCH").hasPrefix("unknown outcome"))
    }

    @Test func durations() {
        #expect(Durations.text(0) == "0 ms")
        #expect(Durations.text(999) == "999 ms")
        #expect(Durations.text(61_500) == "1 m 1 s")
        #expect(Durations.text(90_061_000) == "1 d 1 h")
        #expect(Durations.text(3_600_000) == "1 h")
    }

    @Test func everyOwnCommandHasHelp() {
        let help = HelpText.own(Console.ownCommands.catalog)
        for spec in Console.ownCommands.catalog.commands {
            #expect(help.contains("  " + spec.name.lowercased()))
            #expect(!spec.examples.isEmpty, "\(spec.name)")
        }
    }
}
