import Testing

@testable import Bench

@Suite struct ReplyScannerTests {
    /// Replies of every kind, in one stream, with how many count.
    static let stream =
        "+OK\r\n-ERR no\r\n:-12\r\n$3\r\nabc\r\n$-1\r\n$0\r\n\r\n*-1\r\n*0\r\n"
        + "*2\r\n:1\r\n*2\r\n$2\r\n\r\n\r\n*0\r\n+last\r\n"
        + "_\r\n#t\r\n,3.14\r\n(12345678901234567890123\r\n=7\r\ntxt:a-b\r\n!5\r\nERR x\r\n"
        + "%1\r\n+key\r\n*1\r\n:7\r\n~2\r\n:1\r\n:2\r\n|1\r\n+a\r\n:1\r\n:9\r\n"
        + ">2\r\n+message\r\n+hello\r\n+12 99999999999999999999999999\r\n"
    static let replies = 20

    private func scan(_ scanner: inout ReplyScanner, _ bytes: ArraySlice<UInt8>) -> Int {
        let array = Array(bytes)
        return scanner.scan(array.span.bytes)
    }

    @Test func countsEveryKindOfReply() {
        var scanner = ReplyScanner()
        #expect(scan(&scanner, Array(Self.stream.utf8)[...]) == Self.replies)
        #expect(scanner.errors == 2)
        #expect(!scanner.isMalformed)
    }

    @Test func countsTheSameWhereverTheStreamIsCut() {
        let bytes = Array(Self.stream.utf8)
        for cut in 0...bytes.count {
            var scanner = ReplyScanner()
            let first = scan(&scanner, bytes[..<cut])
            #expect(first + scan(&scanner, bytes[cut...]) == Self.replies, "cut at \(cut)")
            #expect(scanner.errors == 2)
        }
        var scanner = ReplyScanner()
        var count = 0
        for index in bytes.indices { count += scan(&scanner, bytes[index...index]) }
        #expect(count == Self.replies)
    }

    @Test func pushesBetweenRepliesDoNotCount() {
        var scanner = ReplyScanner()
        #expect(scan(&scanner, Array(">1\r\n+x\r\n".utf8)[...]) == 0)
        #expect(scan(&scanner, Array("+x\r\n".utf8)[...]) == 1)
    }

    @Test func tellsWhereAnErrorBegins() {
        var scanner = ReplyScanner()
        _ = scan(&scanner, Array("+OK\r\n-ERR x\r\n".utf8)[...])
        #expect(scanner.errorOffset == 5)
    }

    @Test(arguments: ["hello\r\n", "$99999999999999\r\n", "*18446744073709551617999\r\n"])
    func refusesWhatIsNoReply(_ text: String) {
        var scanner = ReplyScanner()
        #expect(scan(&scanner, Array(text.utf8)[...]) == 0)
        #expect(scanner.isMalformed)
    }
}
