import Testing

@testable import Bench

@Suite struct ProcessAccountTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func schedstatBeginsWithNanoseconds() {
        #expect(ProcessAccount.schedstat(bytes("12225614 19029 15\n")) == 12_225_614)
        #expect(ProcessAccount.schedstat(bytes("")) == nil)
        #expect(ProcessAccount.schedstat(bytes("x 1 2")) == nil)
    }

    @Test func statCountsTicksBehindAnyName() {
        let line = "12 (a) b (c)) S 1 12 12 0 -1 4194560 100 0 0 0 31 11 5 6 20 0 4 0 100\n"
        #expect(ProcessAccount.stat(bytes(line)) == 42)
        #expect(ProcessAccount.stat(bytes("12 (name) S 1")) == nil)
        #expect(ProcessAccount.stat(bytes("nonsense")) == nil)
    }

    @Test func residentMemoryIsRead() {
        #expect(ProcessAccount.statm(bytes("5000 1200 300 1 0 800 0\n")) == 1200)
        #expect(ProcessAccount.statm(bytes("5000")) == nil)
        let rollup = "55d2-7ffe ---p 00000000 00:00 0    [rollup]\nRss:      1616 kB\nPss: 413 kB\n"
        #expect(ProcessAccount.rollup(bytes(rollup)) == 1616 * 1024)
        #expect(ProcessAccount.rollup(bytes("Pss: 413 kB\n")) == nil)
    }

    @Test func thisProcessHasAnAccountAndNoProcessHasNumberZero() throws {
        let identifier = try #require(linkTarget("/proc/self").flatMap { Int32($0) })
        let account = try #require(ProcessAccount(identifier: identifier))
        #expect((account.processorNanoseconds() ?? 0) > 0)
        #expect((account.residentBytes() ?? 0) > 0)
        #expect(ProcessAccount(identifier: 0) == nil)
    }

    @Test func informationFieldsAreFound() {
        let text = "# Server\r\nprocess_id:77\r\nprocess_id_x:1\r\nos:Linux\r\n"
        #expect(ControlConnection.field("process_id", of: text) == "77")
        #expect(ControlConnection.field("os", of: text) == "Linux")
        #expect(ControlConnection.field("absent", of: text) == nil)
    }

    @Test func controlRepliesWaitForAllTheirBytes() {
        let whole = bytes("*3\r\n$2\r\nab\r\n:-5\r\n$-1\r\n")
        for cut in 0..<whole.count {
            var reader = ControlReader(bytes: Array(whole[..<cut]))
            #expect(reader.next() == nil, "cut at \(cut)")
        }
        var reader = ControlReader(bytes: whole)
        #expect(reader.next() == .array([.text("ab"), .integer(-5), .null]))
        var failing = ControlReader(bytes: bytes("-ERR x\r\n"))
        #expect(failing.next() == .failure("ERR x"))
    }
}
