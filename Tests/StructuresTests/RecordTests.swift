import Bytes
import Structures
import Testing

@Suite("Records against a model")
struct RecordTests {
    private struct Model {
        var key: [UInt8]
        var value: [UInt8]
        var expiry: Int64?
        var payload: UInt64?
        var clock: UInt32
        var kind: UInt8

        init(_ random: inout Random) {
            key = RecordTests.bytes(&random, below: [4, 40, 255, 256, 257, 2000])
            value = RecordTests.bytes(&random, below: [1, 20, 300, 2000])
            payload = random.next(below: 2) == 0 ? random.next() : nil
            expiry = random.next(below: 2) == 0 ? Int64(random.next() >> 2) : nil
            clock = UInt32(random.next(below: 1 << 24))
            kind = UInt8(random.next(below: 256))
        }

        func allocate(room: Int) -> Record {
            var flags: Record.Flags = []
            if expiry != nil { flags.insert(.hasExpiry) }
            if payload != nil { flags.insert(.hasPayload) }
            let record = Record.allocate(
                key: key.rawSpan, kind: kind, flags: flags, clock: clock, inline: room)
            if let expiry { record.setExpiry(expiry) }
            if let payload { record.payload = payload }
            record.setInlineValue(value.rawSpan)
            return record
        }

        func check(_ record: Record) {
            #expect(record.key.copied() == key)
            #expect(record.keyLength == key.count)
            #expect(record.inlineValue.copied() == value)
            #expect(record.inlineLength == value.count)
            #expect(record.inlineRoom >= value.count)
            #expect(record.expiry == expiry)
            #expect(record.clock == clock)
            #expect(record.kind == kind)
            if let payload { #expect(record.payload == payload) }
            #expect(record.footprint > key.count + value.count + 8)
        }
    }

    private static func bytes(_ random: inout Random, below limits: [Int]) -> [UInt8] {
        let limit = limits[random.next(below: limits.count)]
        return (0..<random.next(below: limit + 1)).map { _ in UInt8(random.next(below: 256)) }
    }

    @Test("Fields come back as they were put in, and change on their own", arguments: 1...6)
    func fields(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<300 {
            var model = Model(&random)
            let record = model.allocate(room: model.value.count)
            model.check(record)
            model.clock = UInt32(random.next(below: 1 << 24))
            record.clock = model.clock
            model.kind = UInt8(random.next(below: 256))
            record.kind = model.kind
            if model.expiry != nil {
                model.expiry = random.next(below: 2) == 0 ? nil : 77
                record.setExpiry(model.expiry)
            }
            model.check(record)
            splice(&model, record, &random)
            model.check(record)
            record.free()
        }
    }

    private func splice(_ model: inout Model, _ record: Record, _ random: inout Random) {
        let room = record.inlineRoom
        let offset = random.next(below: room + 1)
        let bytes = (0..<random.next(below: room - offset + 1)).map {
            UInt8(truncatingIfNeeded: $0)
        }
        if offset > model.value.count {
            model.value += [UInt8](repeating: 0, count: offset - model.value.count)
        }
        let end = min(model.value.count, offset + bytes.count)
        model.value.replaceSubrange(offset..<max(offset, end), with: bytes)
        record.spliceInlineValue(bytes.rawSpan, at: offset)
    }

    @Test("A rebuilt record has all that the old one had", arguments: 1...6)
    func rebuilt(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<300 {
            var model = Model(&random)
            let record = model.allocate(room: model.value.count)
            let other = Model(&random)
            let copy = record.rebuilt(key: other.key.rawSpan, adding: [.hasExpiry])
            model.check(record)
            record.free()
            model.key = other.key
            #expect(copy.flags.contains(.hasExpiry))
            model.check(copy)
            model.expiry = 5
            copy.setExpiry(5)
            model.check(copy)
            copy.free()
        }
    }

    @Test("A plain key costs eight bytes beside its own")
    func size() {
        let key = [UInt8](repeating: 0x61, count: 16)
        let value = [UInt8](repeating: 0x62, count: 32)
        let record = Record.allocate(
            key: key.rawSpan, kind: 0, flags: [], clock: 0, inline: value.count)
        #expect(record.footprint == 16 + 32 + 8 + 8)
        record.free()
    }

    @Test("Bits of the flags beyond the layout belong to the floor above")
    func spareFlags() {
        let key: [UInt8] = [1]
        let record = Record.allocate(
            key: key.rawSpan, kind: 0, flags: [.hasExpiry], clock: 0, inline: 0)
        record.setExpiry(9)
        record.flags.insert(Record.Flags(rawValue: 0x80))
        #expect(record.flags == [.hasExpiry, Record.Flags(rawValue: 0x80)])
        #expect(record.expiry == 9 && record.key.copied() == [1])
        record.free()
    }
}
