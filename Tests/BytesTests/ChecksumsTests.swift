import Bytes
import Testing

// Spans cannot go through `#expect`.
private func crc16(_ bytes: [UInt8]) -> UInt16 { CRC16.checksum(bytes.rawSpan) }
private func crc64(_ bytes: [UInt8]) -> UInt64 { CRC64.checksum(bytes.rawSpan) }

@Suite struct ChecksumsTests {
    @Test func checkValues() {
        let check = Array("123456789".utf8)
        #expect(crc16(check) == 0x31c3)
        #expect(crc64(check) == 0xe9c6_d914_c4b8_d9ca)
        #expect(crc16([]) == 0)
        #expect(crc64([]) == 0)
    }

    @Test func slotsOfAServer() {
        // What CLUSTER KEYSLOT answers.
        for (key, slot) in [("foo", 12182), ("bar", 5061), ("hello", 866), ("somekey", 11058)] {
            #expect(Int(crc16(Array(key.utf8))) % 16384 == slot, "\(key)")
        }
    }

    /// One bit at a time, most significant first, with the bits of input and result turned round.
    private func plainCRC64(_ bytes: [UInt8]) -> UInt64 {
        var crc: UInt64 = 0
        for byte in bytes {
            for bit in 0..<8 {
                let carry = crc >> 63 != UInt64(byte >> bit & 1)
                crc = crc << 1 ^ (carry ? 0xad93_d235_94c9_35a9 : 0)
            }
        }
        var turned: UInt64 = 0
        for bit in 0..<64 where crc >> bit & 1 == 1 { turned |= 1 << (63 - bit) }
        return turned
    }

    private func plainCRC16(_ bytes: [UInt8]) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes {
            for bit in (0..<8).reversed() {
                let carry = crc >> 15 != UInt16(byte >> bit & 1)
                crc = crc << 1 ^ (carry ? 0x1021 : 0)
            }
        }
        return crc
    }

    @Test func agreesWithPlainForms() {
        let seed: UInt64 = 0xc4c
        print("seed \(seed)")
        var random = Random(seed: seed)
        for length in 0...100 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let expected = plainCRC64(bytes)
            #expect(crc64(bytes) == expected, "\(length) bytes")
            #expect(crc16(bytes) == plainCRC16(bytes), "\(length) bytes")
            // In two pieces.
            let cut = random.next(below: length + 1)
            let pieces = (Array(bytes[..<cut]), Array(bytes[cut...]))
            let first = CRC64.update(0, pieces.0.rawSpan)
            let whole = CRC64.update(first, pieces.1.rawSpan)
            #expect(whole == expected, "\(length) bytes cut at \(cut)")
        }
    }
}
