import Bytes
import Structures
import Testing

/// A hash table and what it must hold: every change is made to both.
final class TableModel {
    struct Expected: Equatable {
        var value: UInt64
        var isMarked: Bool
    }

    var table: HashTable
    var count: Int { table.count }
    var bucketCount: Int { table.bucketCount }
    var isResizing: Bool { table.isResizing }
    var footprint: Int { table.footprint }
    var steps: Int { table.steps }
    var expected: [[UInt8]: Expected] = [:]
    var random: Random
    private var nextValue: UInt64 = 1
    /// A slot that was found, and the edits of the table at that time.
    private var remembered: (key: [UInt8], slot: HashTable.Slot, edits: UInt64)?

    init(seed: UInt64) {
        random = Random(seed: seed)
        table = HashTable(sipKey: SipKey(k0: random.next(), k1: random.next()))
    }

    static func key(_ number: Int) -> [UInt8] { Array("key:\(number)".utf8) }

    /// A new record whose payload is a number used once.
    private func record(_ key: [UInt8]) -> Record {
        let record = Record.allocate(
            key: key.rawSpan, kind: 0, flags: [.hasPayload], clock: 0, inline: 0)
        record.payload = nextValue
        nextValue += 1
        return record
    }

    /// Puts a key in, or another record in the place of the one it has.
    func put(_ key: [UInt8], marked: Bool) {
        let record = record(key)
        let hash = table.hash(of: key.rawSpan)
        if let slot = table.find(key.rawSpan, hash: hash) {
            #expect(expected[key] != nil, "found a key that was never put in")
            table.record(at: slot).free()
            table.replace(at: slot, with: record, marked: marked)
        } else {
            #expect(expected[key] == nil, "a key was not found")
            table.insert(record, hash: hash, marked: marked)
        }
        expected[key] = Expected(value: record.payload, isMarked: marked)
    }

    func remove(_ key: [UInt8]) {
        let hash = table.hash(of: key.rawSpan)
        let was = expected.removeValue(forKey: key)
        guard let slot = table.find(key.rawSpan, hash: hash) else {
            #expect(was == nil, "a key was not found")
            return
        }
        let record = table.remove(at: slot, hash: hash)
        #expect(was?.value == record.payload)
        #expect(record.key.copied() == key)
        record.free()
    }

    func mark(_ key: [UInt8], _ marked: Bool) {
        guard let slot = table.find(key.rawSpan, hash: table.hash(of: key.rawSpan)) else { return }
        table.setMark(at: slot, marked)
        expected[key]?.isMarked = marked
    }

    /// Compares a lookup with the model.
    func check(_ key: [UInt8]) {
        let found = table.find(key.rawSpan, hash: table.hash(of: key.rawSpan))
        var value: UInt64?
        if let found { value = table.record(at: found).payload }
        #expect(value == expected[key]?.value)
        checkRemembered()
        if let found { remembered = (key, found, table.edits) }
    }

    /// A slot is good as long as the table counts no further edit.
    private func checkRemembered() {
        guard let remembered, remembered.edits == table.edits else { return }
        let record = table.record(at: remembered.slot)
        #expect(record.key.copied() == remembered.key)
        #expect(record.payload == expected[remembered.key]?.value)
    }

    /// Compares everything with the model.
    func checkAll() {
        table.checkInvariants()
        var seen: [[UInt8]: UInt64] = [:]
        table.forEach { record in
            #expect(seen.updateValue(record.payload, forKey: record.key.copied()) == nil)
        }
        #expect(seen == expected.mapValues(\.value))
        let (count, markedCount) = (table.count, table.markedCount)
        #expect(count == expected.count)
        #expect(markedCount == expected.values.count { $0.isMarked })
        let walked = marked(limit: 1 + random.next(below: 5))
        let marks = Set(expected.filter(\.value.isMarked).keys)
        #expect(walked == marks)
    }

    /// The marked keys, found by whole walks of `limit` buckets each.
    private func marked(limit: Int) -> Set<[UInt8]> {
        var keys: Set<[UInt8]> = []
        var cursor = 0
        repeat {
            let before = table.steps
            cursor = table.walkMarked(from: cursor, limit: limit) { keys.insert($0.key.copied()) }
            let taken = table.steps - before
            #expect(taken <= limit)
        } while cursor != 0
        return keys
    }
}
