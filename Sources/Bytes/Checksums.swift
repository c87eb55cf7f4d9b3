// The checksums of the formats and of the cluster. Both are table-driven; the tables are computed
// at first use from the polynomial, which is short enough to be checked by eye.

/// CRC-16/XMODEM: polynomial 0x1021, start 0, not reflected. A cluster's slot is this checksum of
/// the key modulo 16384.
public enum CRC16 {
    /// The checksum of `bytes`; "123456789" gives 0x31c3.
    public static func checksum(_ bytes: RawSpan) -> UInt16 {
        let table = Self.table
        var crc: UInt16 = 0
        for index in 0..<bytes.byteCount {
            crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ bytes[index])]
        }
        return crc
    }

    private static let table: [UInt16] = (0..<256).map { byte in
        var crc = UInt16(byte) << 8
        for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        return crc
    }
}

/// CRC-64 with Jones's polynomial 0xad93d23594c935a9, reflected, start 0: the checksum at the end
/// of an RDB file and of a DUMP payload.
public enum CRC64 {
    /// The checksum of `bytes`; "123456789" gives 0xe9c6d914c4b8d9ca.
    public static func checksum(_ bytes: RawSpan) -> UInt64 {
        update(0, bytes)
    }

    /// The checksum of what `crc` covers followed by `bytes`; begin with 0.
    public static func update(_ crc: UInt64, _ bytes: RawSpan) -> UInt64 {
        let tables = Self.tables
        var crc = crc
        var index = 0
        while index <= bytes.byteCount - 8 {
            // Eight bytes at a time: table n holds what a byte becomes after n more bytes.
            let word = crc ^ bytes.word(at: index)
            crc = 0
            for lane in 0..<8 {
                let byte = Int(UInt8(truncatingIfNeeded: word &>> UInt64(8 &* lane)))
                crc ^= tables[(7 &- lane) &* 256 &+ byte]
            }
            index += 8
        }
        while index < bytes.byteCount {
            crc = tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[index])] ^ crc >> 8
            index += 1
        }
        return crc
    }

    /// Eight tables of 256 words, one after the other.
    private static let tables: [UInt64] = {
        let reflected: UInt64 = 0x95ac_9329_ac4b_c9b5
        var tables = [UInt64](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt64(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ reflected }
            tables[byte] = crc
        }
        for index in 256..<tables.count {
            let before = tables[index - 256]
            tables[index] = tables[Int(before & 0xff)] ^ before >> 8
        }
        return tables
    }()
}
