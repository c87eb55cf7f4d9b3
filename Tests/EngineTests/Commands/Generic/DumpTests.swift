import Bytes
import Engine
import Grammar
import Testing
import Wire

@Suite("DUMP and RESTORE")
struct DumpTests {
    private func call(_ node: TestNode, _ words: [[UInt8]]) -> String {
        node.send(ArgumentList(words))
    }

    private func words(_ text: String) -> [[UInt8]] {
        text.split(separator: " ").map { Array($0.utf8) }
    }

    /// The payload of a key; the reply is a bulk string.
    private func dump(_ node: TestNode, _ key: String) -> [UInt8] {
        let reply = node.send("DUMP \(key)").unicodeScalars.map { UInt8($0.value) }
        guard let end = reply.firstIndex(of: 10) else { return [] }
        return Array(reply[(end + 1)...].dropLast(2))
    }

    @Test("The payload that a real server gives", arguments: Flavour.allCases)
    func knownPayload(flavour: Flavour) {
        let node = TestNode(flavour: flavour)
        node.send("SET k aaaaaaaaaaaaaaaaaaaaa")
        let payload = dump(node, "k")
        let value: [UInt8] = [0, 0xC3, 6, 21, 1, 0x61, 0x61, 0xE0, 0x0A, 0]
        #expect(payload.count == value.count + 10)
        #expect(payload.starts(with: value))
        #expect(payload[value.count] == (flavour == .redis70 ? 10 : 11))
        if flavour == .redis70 {
            #expect(
                payload.suffix(8)
                    == [0xfd, 0x0c, 0xb3, 0x68, 0x07, 0x41, 0x3f, 0x68])
        }
        node.send("CONFIG SET rdbcompression no")
        #expect(dump(node, "k").count == 33)
    }

    @Test("Older payloads are read, newer ones are not")
    func versions() {
        let old = TestNode(flavour: .redis70)
        let new = TestNode(flavour: .redis72)
        old.send("SET k hello")
        new.send("SET k hello")
        let fromOld = words("RESTORE copy 0") + [dump(old, "k")]
        let fromNew = words("RESTORE copy 0") + [dump(new, "k")]
        #expect(call(new, fromOld) == "+OK\r\n")
        #expect(new.send("GET copy") == "$5\r\nhello\r\n")
        #expect(call(old, fromNew) == "-ERR DUMP payload version or checksum are wrong\r\n")
    }

    @Test("Time to live and clocks")
    func options() {
        let node = TestNode()
        node.send("SET k hello")
        let payload = dump(node, "k")
        #expect(call(node, words("RESTORE k 0") + [payload]).hasPrefix("-BUSYKEY"))
        #expect(call(node, words("RESTORE a 5000") + [payload]) == "+OK\r\n")
        #expect(node.send("PTTL a") == ":5000\r\n")
        let line = words("RESTORE a 1750000009000") + [payload]
        #expect(call(node, line + words("ABSTTL REPLACE IDLETIME 100")) == "+OK\r\n")
        #expect(node.send("PEXPIRETIME a") == ":1750000009000\r\n")
        #expect(node.send("OBJECT IDLETIME a") == ":100\r\n")
        // A time that has passed: the key goes and none comes.
        let past = words("RESTORE a 1000") + [payload] + words("ABSTTL REPLACE")
        #expect(call(node, past) == "+OK\r\n")
        #expect(node.send("EXISTS a") == ":0\r\n")
        node.send("CONFIG SET maxmemory-policy allkeys-lfu")
        #expect(call(node, words("RESTORE b 0") + [payload] + words("FREQ 77")) == "+OK\r\n")
        #expect(node.send("OBJECT FREQ b") == ":77\r\n")
    }

    @Test("Spoilt payloads are refused or taken, never worse")
    func spoilt() {
        let seed: UInt64 = 0xdead
        print("seed \(seed)")
        var random = Random(seed: seed)
        let node = TestNode(flavour: .redis72) { $0.debugPermission = .everybody }
        node.send("DEBUG SET-SKIP-CHECKSUM-VALIDATION 1")
        for line in DumpTests.samples {
            node.send("FLUSHALL")
            node.send(line)
            let payload = dump(node, "k")
            #expect(payload.count > 10, "\(line)")
            var refused = 0
            for _ in 0..<400 {
                var spoilt = payload
                for _ in 0...random.next(below: 3) {
                    let place = random.next(below: spoilt.count - 10)
                    switch random.next(below: 4) {
                    case 0: spoilt.remove(at: place)
                    case 1: spoilt.insert(UInt8(random.next(below: 256)), at: place)
                    case 2: spoilt[place] ^= 1 << UInt8(random.next(below: 8))
                    default: spoilt[place] = UInt8(random.next(below: 256))
                    }
                    if spoilt.count < 14 { spoilt = payload }
                }
                let reply = call(node, words("RESTORE copy 0") + [spoilt] + words("REPLACE"))
                #expect(
                    reply == "+OK\r\n" || reply.hasPrefix("-ERR Bad data format")
                        || reply.hasPrefix("-ERR DUMP payload"), "\(spoilt)")
                if reply != "+OK\r\n" { refused += 1 }
                // What was taken must be in order.
                _ = dump(node, "copy")
                node.send("DEBUG DIGEST")
            }
            #expect(refused > 0, "\(line)")
        }
        node.send("FLUSHALL")
        #expect(node.send("DBSIZE") == ":0\r\n")
    }

    /// A value of each kind under the key `k`.
    static let samples = [
        "RPUSH k a b 1 -5 300 70000 99999999999 hello", "SADD k 1 2 3 70000 -99999999999",
        "SADD k a b c 1", "HSET k f v g 12 h 70000", "ZADD k 1 a 2.5 b -inf c 1e300 d",
        "HSET k f aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa g 1",
        "ZADD k 1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 2 b",
        "SADD k aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b c",
        "SET k hello", "SET k 12345", "SET k 123456789012345",
        "SET k aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbaaaaaaaaaaaaaaaa",
    ]
}
