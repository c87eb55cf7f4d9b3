import Bytes
import Structures
import Testing

@Suite("The hash table against a dictionary")
struct HashTableTests {
    /// The mix of operations of one phase, in percent of insertions.
    private static let phases = [90, 50, 10, 70, 0, 100, 30]

    @Test("Random operations, everything checked after each", arguments: UInt64(1)...8)
    func smallModel(seed: UInt64) {
        let model = TableModel(seed: seed)
        for phase in HashTableTests.phases {
            for _ in 0..<120 {
                step(model, insertions: phase, keys: 160)
                model.checkAll()
            }
        }
        #expect(model.steps > 0, "seed \(seed)")
    }

    @Test("Random operations over several resizes", arguments: UInt64(11)...14)
    func largeModel(seed: UInt64) {
        let model = TableModel(seed: seed)
        var resized = false
        for phase in HashTableTests.phases {
            for count in 0..<4000 {
                step(model, insertions: phase, keys: 6000)
                resized = resized || model.isResizing
                if count % 500 == 0 { model.checkAll() }
            }
        }
        model.checkAll()
        #expect(resized, "seed \(seed)")
    }

    private func step(_ model: TableModel, insertions: Int, keys: Int) {
        let key = TableModel.key(model.random.next(below: keys))
        switch model.random.next(below: 20) {
        case 0: model.mark(key, model.random.next(below: 2) == 0)
        case 1: model.table.moveBuckets(model.random.next(below: 4))
        case 2: model.check(key)
        case 3 where model.random.next(below: 8) == 0:
            model.table.pauseResizing(model.table.resizePauses == 0)
        default:
            if model.random.next(below: 100) < insertions {
                model.put(key, marked: model.random.next(below: 3) == 0)
            } else {
                model.remove(key)
            }
        }
    }

    @Test("Tables beyond the bits that the slots keep, up and down again")
    func manyKeys() {
        let model = TableModel(seed: 21)
        for number in 0..<120_000 { model.put(TableModel.key(number), marked: number % 7 == 0) }
        #expect(model.bucketCount > 1 << 13)
        model.checkAll()
        for number in 0..<119_000 { model.remove(TableModel.key(number)) }
        model.table.moveBuckets(.max)
        model.checkAll()
        for number in stride(from: 119_000, to: 120_000, by: 3) {
            model.remove(TableModel.key(number))
        }
        while model.isResizing { model.table.moveBuckets(64) }
        model.checkAll()
        #expect(model.bucketCount < 512)
        for number in 119_000..<120_000 { model.remove(TableModel.key(number)) }
        while model.isResizing { model.table.moveBuckets(64) }
        #expect(model.bucketCount == 1)
    }

    @Test("Long chains while resizing is paused, and their end")
    func paused() {
        let model = TableModel(seed: 22)
        model.table.pauseResizing(true)
        for number in 0..<400 { model.put(TableModel.key(number), marked: number % 3 == 0) }
        #expect(model.bucketCount == 1)
        model.checkAll()
        for number in stride(from: 0, to: 400, by: 2) { model.remove(TableModel.key(number)) }
        model.checkAll()
        model.table.pauseResizing(false)
        for number in 400..<700 { model.put(TableModel.key(number), marked: false) }
        model.table.moveBuckets(.max)
        model.checkAll()
        #expect(model.bucketCount > 1)
    }

    @Test("A pause in the middle of a resize")
    func pausedInside() {
        let model = TableModel(seed: 23)
        var number = 0
        while !model.isResizing || model.bucketCount < 16 {
            model.put(TableModel.key(number), marked: false)
            number += 1
        }
        model.table.pauseResizing(true)
        for more in number..<(number + 300) { model.put(TableModel.key(more), marked: true) }
        #expect(model.isResizing)
        model.checkAll()
        for gone in 0..<number { model.remove(TableModel.key(gone)) }
        model.checkAll()
        model.table.pauseResizing(false)
        model.table.moveBuckets(.max)
        #expect(!model.isResizing)
        model.checkAll()
    }

    @Test("An empty key, and keys that are prefixes of each other")
    func oddKeys() {
        let model = TableModel(seed: 24)
        var key: [UInt8] = []
        for length in 0..<600 {
            model.put(key, marked: false)
            key.append(UInt8(length & 1))
        }
        model.checkAll()
        model.remove([])
        model.check([])
        model.checkAll()
    }

    @Test("Room made before, and then used")
    func reserve() {
        let model = TableModel(seed: 25)
        model.table.reserve(1000)
        let buckets = model.bucketCount
        for number in 0..<1000 { model.put(TableModel.key(number), marked: false) }
        #expect(model.bucketCount == buckets && !model.isResizing)
        model.checkAll()
    }

    @Test("Removing all leaves an empty table that keeps its pauses, and hands the rest over")
    func removeAll() {
        let model = TableModel(seed: 26)
        for number in 0..<500 { model.put(TableModel.key(number), marked: number % 2 == 0) }
        model.table.pauseResizing(true)
        let old = model.table.removeAll()
        let (count, marks) = (old.count, old.markedCount)
        #expect(count == 500 && marks == 250)
        model.expected = [:]
        model.checkAll()
        #expect(model.bucketCount == 1)
        model.table.pauseResizing(false)
        for number in 0..<50 { model.put(TableModel.key(number), marked: false) }
        model.checkAll()
    }

    @Test("A table is drained in bounded steps", arguments: [1, 7, 1000])
    func drain(limit: Int) {
        let model = TableModel(seed: 27)
        var number = 0
        while !model.isResizing || number < 3000 {
            model.put(TableModel.key(number), marked: number % 2 == 0)
            number += 1
        }
        var old = model.table.removeAll()
        var gone: Set<[UInt8]> = []
        var cursor = 0
        repeat {
            let before = old.steps
            cursor = old.drain(from: cursor, limit: limit) { record in
                gone.insert(record.key.copied())
                record.free()
            }
            let taken = old.steps - before
            #expect(taken <= limit)
            old.checkInvariants()
        } while cursor != 0
        #expect(gone == Set(model.expected.keys))
        let (count, marks) = (old.count, old.markedCount)
        #expect(count == 0 && marks == 0)
        model.expected = [:]
    }

    @Test("A random record is any record, also while resizing and when there are few")
    func randomRecord() {
        let model = TableModel(seed: 28)
        var random = Random(seed: 28)
        let none = model.table.randomRecord(using: &random)
        #expect(none == nil)
        var number = 0
        while !model.isResizing || number < 100 {
            model.put(TableModel.key(number), marked: false)
            number += 1
        }
        var seen: Set<[UInt8]> = []
        for _ in 0..<(number * 60) {
            guard let record = model.table.randomRecord(using: &random) else { break }
            seen.insert(record.key.copied())
        }
        #expect(seen == Set(model.expected.keys))
        // A table held from shrinking, with one record in thousands of buckets.
        for more in number..<40_000 { model.put(TableModel.key(more), marked: false) }
        model.table.moveBuckets(.max)
        model.table.pauseResizing(true)
        for gone in 1..<40_000 { model.remove(TableModel.key(gone)) }
        #expect(model.bucketCount > 4000)
        let only = model.table.randomRecord(using: &random)?.key.copied()
        #expect(only == TableModel.key(0))
    }

    @Test("The footprint counts both tables of a resize")
    func footprint() {
        let model = TableModel(seed: 29)
        let least = model.footprint
        #expect(least == 64)
        var number = 0
        while !model.isResizing {
            model.put(TableModel.key(number), marked: false)
            number += 1
        }
        #expect(model.footprint >= least * 3)
    }
}
