import Testing

@testable import Repl

/// With --readonly nothing is sent that changes anything.
@Suite struct ReadOnlyTests {
    private func refusal(_ line: String) -> String? {
        ReadOnly.refusal(of: Safety.words(of: Array(line.utf8)))
    }

    @Test(arguments: [
        "GET a", "get a", "SCAN 0", "ZRANGE z 0 -1", "INFO", "PING", "CONFIG GET *", "CLIENT LIST",
        "SUBSCRIBE news", "SELECT 2", "MULTI", "SLOWLOG GET 3", "MEMORY USAGE k", "5 GET a",
        "EXISTS a", "OBJECT ENCODING a", "HELLO 3", "COMMAND DOCS GET", "help set", ":peek a",
        "quit", "", "# SET a 1",
    ])
    func whatReadsIsSent(line: String) { #expect(refusal(line) == nil) }

    @Test(arguments: [
        "SET a 1", "del a", "FLUSHALL", "3 INCR a", "EXPIRE a 1", "ZADD z 1 a", "GETDEL a",
        "CONFIG SET maxmemory 1", "config resetstat", "PUBLISH c m", "SHUTDOWN", "DEBUG SLEEP 0",
        "CLIENT KILL ID 3", "SLOWLOG RESET", "EVAL 'return 1' 0", "RENAME a b", "XADD s * a 1",
        "NOSUCHCOMMAND", "BLPOP l 0", "SWAPDB 0 1",
    ])
    func whatChangesIsRefused(line: String) {
        #expect(refusal(line)?.contains("is refused") == true)
    }
}
