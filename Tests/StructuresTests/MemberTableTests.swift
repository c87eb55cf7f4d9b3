import Bytes
import Structures
import Testing

@Suite("The table of members against a dictionary")
struct MemberTableTests {
    @Test("Fields come, grow, shrink and go", arguments: UInt64(1)...6)
    func fields(seed: UInt64) {
        let model = FieldModel(seed: seed)
        for (phase, insertions) in [95, 50, 5, 80, 0, 100, 20, 0].enumerated() {
            for number in 0..<3000 {
                model.step(insertions: insertions)
                if number % 600 == 0 { model.checkAll() }
            }
            model.checkAll()
            if phase == 2 { model.duplicate() }
        }
        #expect(model.expected.count < 3000, "seed \(seed)")
    }

    @Test("Every kind of record: empty, long keys, outside of the pool, blobs")
    func sizes() {
        let model = FieldModel(seed: 9)
        for keyLength in [0, 1, 8, 200, 255, 256, 300, 70_000] {
            for valueLength in [0, 1, 7, 8, 9, 240, 300, 65_535, 65_536, 100_000] {
                let key = [UInt8](repeating: UInt8(97 + valueLength % 20), count: keyLength)
                model.set(key, [UInt8](repeating: 118, count: valueLength))
                model.set(key, [UInt8](repeating: 119, count: valueLength / 2))
                model.set(key, [UInt8](repeating: 120, count: valueLength))
            }
        }
        model.checkAll()
        model.duplicate()
        model.checkAll()
        for key in model.expected.keys.sorted(by: { $0.count < $1.count }) { model.remove(key) }
        model.checkAll()
    }

    @Test("What was given back is used again, and most of it goes when most members went")
    func givesBack() {
        var table = MemberTable(sipKey: SipKey(k0: 1, k1: 2))
        for number in 0..<50_000 { _ = table.add(TableModel.key(100_000 + number).rawSpan) }
        let full = table.footprint
        // Nothing grows while members are exchanged.
        for number in 100_000..<150_000 {
            table.remove(TableModel.key(number).rawSpan)
            _ = table.add(TableModel.key(number + 50_000).rawSpan)
        }
        let exchanged = table.footprint
        #expect(exchanged < full + full / 8)
        for number in 150_500..<200_000 { table.remove(TableModel.key(number).rawSpan) }
        let (count, left) = (table.count, table.footprint)
        #expect(count == 500)
        #expect(left < full / 20, "\(left) of \(full) bytes for 500 members")
        table.checkInvariants()
        for number in 150_000..<150_500 { table.remove(TableModel.key(number).rawSpan) }
        let empty = table.footprint
        #expect(empty <= 64)
    }

    @Test("A table that keeps places moves records only when told, and says which")
    func keepsPlaces() {
        var table = MemberTable(sipKey: SipKey(k0: 3, k1: 4), keepsPlaces: true)
        var places: [(number: Int, record: Record)] = []
        for number in 0..<20_000 {
            let key = TableModel.key(number)
            let hash = table.hash(of: key.rawSpan)
            places.append((number, table.insert(key.rawSpan, hash: hash, payload: UInt64(number))))
        }
        for number in 0..<18_000 { table.remove(TableModel.key(number).rawSpan) }
        for (number, record) in places where number >= 18_000 {
            #expect(table.find(TableModel.key(number).rawSpan) == record)
        }
        var moved: Set<UInt64> = []
        let before = table.footprint
        while table.isWasteful {
            table.moveRecords { old, new in
                #expect(old.payload == new.payload && old != new)
                #expect(moved.insert(new.payload).inserted)
            }
        }
        let after = table.footprint
        #expect(moved.count == 2000)
        #expect(after < before / 2)
        table.checkInvariants()
    }

    @Test("A million small fields cost at most 56 bytes each, small tables little more")
    func density() {
        for (count, limit) in [(1, 300), (2, 200), (129, 90), (1000, 72), (1_000_000, 56)] {
            var table = MemberTable(sipKey: SipKey(k0: 5, k1: 6))
            for number in 0..<count {
                let digits = String(number)
                let field = "field:" + String(repeating: "0", count: 8 - digits.count) + digits
                _ = table.set(Array(field.utf8).rawSpan, Array("value:\(number)".utf8).rawSpan)
            }
            let each = table.footprint / count
            #expect(each <= limit, "\(each) bytes a field with \(count) fields")
        }
    }

    @Test("Every member is as likely as any other", arguments: [3, 60, 700, 4000])
    func fairness(count: Int) {
        var random = Random(seed: UInt64(count))
        var table = MemberTable(sipKey: SipKey(k0: random.next(), k1: random.next()))
        for number in 0..<count * 2 { _ = table.add(TableModel.key(number).rawSpan) }
        for number in count..<count * 2 { table.remove(TableModel.key(number).rawSpan) }
        var drawn: [[UInt8]: Int] = [:]
        let mean = 200
        for _ in 0..<count * mean {
            guard let record = table.randomMember(using: &random) else { break }
            drawn[record.key.copied(), default: 0] += 1
        }
        #expect(drawn.count == count)
        // Six deviations of a Poisson distribution; an unfair draw misses it many times over.
        #expect(drawn.values.allSatisfy { abs($0 - mean) < 85 })
    }
}

/// A member table used as a hash, and what it must hold.
private final class FieldModel {
    var table: MemberTable
    var expected: [[UInt8]: [UInt8]] = [:]
    var random: Random

    init(seed: UInt64) {
        random = Random(seed: seed)
        table = MemberTable(sipKey: SipKey(k0: random.next(), k1: random.next()))
    }

    func step(insertions: Int) {
        let key = TableModel.key(random.next(below: 2500))
        if random.next(below: 100) < insertions {
            let limit = random.next(below: 100) == 0 ? 400 : 24
            set(key, [UInt8](repeating: 65, count: random.next(below: limit)))
        } else if random.next(below: 3) == 0, let record = table.randomMember(using: &random) {
            let key = record.key.copied()
            let removed = table.remove(record.key)
            let value = expected.removeValue(forKey: key)
            #expect(removed && value != nil)
        } else {
            remove(key)
        }
    }

    func set(_ key: [UInt8], _ value: [UInt8]) {
        let isNew = table.set(key.rawSpan, value.rawSpan)
        let old = expected.updateValue(value, forKey: key)
        #expect(isNew == (old == nil))
    }

    func remove(_ key: [UInt8]) {
        let removed = table.remove(key.rawSpan)
        let value = expected.removeValue(forKey: key)
        #expect(removed == (value != nil))
        let found = table.find(key.rawSpan)
        #expect(found == nil)
    }

    /// Goes on with a copy.
    func duplicate() { table = table.duplicate() }

    func checkAll() {
        table.checkInvariants()
        var seen: [[UInt8]: [UInt8]] = [:]
        table.forEach { seen[$0.key.copied()] = $0.fieldValue.copied() }
        #expect(seen == expected)
        var scanned: Set<[UInt8]> = []
        var cursor: UInt64 = 0
        repeat {
            cursor = table.scan(cursor) { scanned.insert($0.key.copied()) }
        } while cursor != 0
        let count = table.count
        #expect(scanned.count == count && count == expected.count)
        for (key, value) in expected.prefix(50) {
            let found = table.find(key.rawSpan)?.fieldValue.copied()
            #expect(found == value)
        }
    }
}
