import Bytes
import Client
import Terminal
import Testing

@testable import Repl

@Suite struct OutputTests {
    private func redirection(_ line: String) -> String? {
        guard let found = Redirection(Array(line.utf8)) else { return nil }
        let command = String(decoding: found.command, as: UTF8.self)
        switch found.place {
        case .shell(let text): return "\(command)[|]\(text)"
        case .file(let path, let appends): return "\(command)[\(appends ? ">>" : ">")]\(path)"
        }
    }

    @Test func findsWhereALineSendsItsReplies() {
        let table: [(line: String, found: String?)] = [
            ("GET k", nil),
            ("GET k | wc -c", "GET k [|]wc -c"),
            ("GET k | tr a b | wc", "GET k [|]tr a b | wc"),
            ("GET k |", nil),
            ("| wc", nil),
            ("GET a|b", nil),
            ("GET \"|\" x", nil),
            ("GET '|' x", nil),
            ("SET k \"a | b\"", nil),
            ("SET k \"a\\\" | b\"", nil),
            ("SET k 'it\\' | b'", nil),
            ("SET k \"a\" | cat", "SET k \"a\" [|]cat"),
            ("SET k \"a\\\\\" | cat", "SET k \"a\\\\\" [|]cat"),
            ("GET k > /tmp/x", "GET k [>]/tmp/x"),
            ("GET k >> /tmp/x", "GET k [>>]/tmp/x"),
            ("GET k > \"a b\"", "GET k [>]a b"),
            ("GET k > a b", nil),
            ("GET k >", nil),
            ("GET k >>x", nil),
            ("ACL SETUSER u >pw", nil),
            ("XREADGROUP GROUP g c STREAMS a b > 0", nil),
            ("xreadgroup GROUP g c STREAMS a > | wc", "xreadgroup GROUP g c STREAMS a > [|]wc"),
            (":keys 'a:*' | del", nil),
            ("GET 'open | wc", nil),
            ("", nil),
        ]
        for (line, found) in table { #expect(redirection(line) == found, "\(line)") }
    }

    @Test func countsTheRowsOfAText() {
        #expect(DisplaySettings.rows(Array("a\nb\n".utf8), columns: 80) == 2)
        #expect(DisplaySettings.rows(Array("aaaaa\n\n".utf8), columns: 2) == 4)
        #expect(DisplaySettings.rows([], columns: 80) == 0)
    }

    @Test func summarisesTimes() {
        #expect(TimeSummary([]) == nil)
        let one = TimeSummary([1_000_000])?.text
        #expect(one == "once: min 1.00 ms, p50 1.00 ms, p99 1.00 ms, max 1.00 ms")
        let many = TimeSummary((1...200).reversed().map { $0 * 1_000_000 })?.text
        #expect(
            many == "200 times: min 1.00 ms, p50 100.00 ms, p99 198.00 ms, max 200.00 ms")
    }

    @Test func aPictureNeverExceedsTheScreen() {
        let body = Array((1...50).map { "row \($0)\u{1B}[2J" }.joined(separator: "\n").utf8)
        let text = WatchFrame.text("title", body, TerminalSize(rows: 10, columns: 40))
        #expect(text.split(separator: "\r\n").count == 10)
        #expect(text.contains("… 43 more"))
        #expect(!text.contains("\u{1B}[2J"))
    }

    @Test func aShellCommandReadsWhatIsWritten() throws {
        let good = try #require(ShellChild("test \"$(cat)\" = 'a b'"))
        good.write(Array("a b".utf8))
        #expect(good.wait() == 0)
        #expect(ShellChild("exit 3")?.wait() == 3)
        #expect(ShellChild("kill -TERM $$")?.wait() == 143)
        let deaf = try #require(ShellChild("exec 0<&-; exit 0"))
        while deaf.write([UInt8](repeating: 0x61, count: 65_536)) {}
        #expect(deaf.wait() == 0)
    }
}
