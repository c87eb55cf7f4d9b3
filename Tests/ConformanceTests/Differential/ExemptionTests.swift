import Testing

@Suite("What a differential run lets pass")
struct ExemptionTests {
    private func allows(_ line: String, _ own: String, _ real: String) -> Bool {
        let words = line.split(separator: " ").map { Array($0.utf8) }
        let replies = [own, real].map { WireValue(reply: Array(($0 + "\r\n").utf8)) }
        return Exemption.of(words)?.allows(replies[0], replies[1], words) ?? false
    }

    @Test("Only listed commands are let off anything")
    func listed() {
        #expect(!allows("GET a", "$1\r\na", "$1\r\nb"))
        #expect(!allows("CLIENT GETNAME", "$1\r\na", "$1\r\nb"))
        #expect(allows("client id", ":1", ":2"))
        #expect(!allows("client id", ":1", "+2"))
    }

    @Test("Errors are never let pass", arguments: ["KEYS a", "CLIENT ID", "HELLO 9", "TTL a"])
    func errors(line: String) {
        #expect(!allows(line, "-ERR a", "-ERR b"))
        #expect(!allows(line, "-ERR a", ":1"))
    }

    @Test("Times may be near each other, but none has a meaning of its own")
    func times() {
        #expect(allows("TTL a", ":100", ":101"))
        #expect(!allows("TTL a", ":100", ":200"))
        #expect(!allows("TTL a", ":-1", ":-2"))
        #expect(!allows("TTL a", ":-1", ":1"))
        #expect(allows("EXPIRETIME a", ":1800000000", ":1800000001"))
        #expect(!allows("EXPIRETIME a", ":4102444800", ":4102444801"))
        #expect(!allows("PEXPIRETIME a", ":4102444800000", ":4102444800250"))
    }

    @Test("Keys come in any order, but all of them")
    func order() {
        let (ab, ba, a) = ("*2\r\n$1\r\na\r\n$1\r\nb", "*2\r\n$1\r\nb\r\n$1\r\na", "*1\r\n$1\r\na")
        #expect(allows("KEYS *", ab, ba))
        #expect(!allows("KEYS *", ab, a))
        let zero = "*2\r\n$1\r\n0\r\n"
        #expect(allows("SCAN 0", zero + ab, zero + ba))
        #expect(!allows("SCAN 0", zero + ab, zero + a))
        #expect(allows("SCAN 7", zero + ab, zero + a))
    }

    @Test("Of a connection's line only the server's own fields may differ")
    func fields() {
        #expect(allows("CLIENT LIST", "+id=1 name=a age=1", "+id=2 name=a age=9"))
        #expect(!allows("CLIENT LIST", "+id=1 name=a age=1", "+id=1 name=b age=1"))
        #expect(!allows("CLIENT LIST", "+id=1 name=a", "+id=1 name=a age=1"))
        let hello = "%2\r\n$2\r\nid\r\n:1\r\n$5\r\nproto\r\n:"
        #expect(!allows("HELLO 3", hello + "2", hello + "3"))
    }
}
