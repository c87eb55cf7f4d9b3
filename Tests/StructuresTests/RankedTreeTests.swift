import Bytes
import Structures
import Testing

@Suite("The ranked tree against a sorted array")
struct RankedTreeTests {
    @Test(
        "Random operations on few scores, everything checked after each", arguments: UInt64(1)...6)
    func smallModel(seed: UInt64) {
        let model = RankedModel(seed: seed)
        for insertions in [90, 60, 20, 70, 5] {
            for _ in 0..<150 {
                model.step(insertions: insertions, members: 400, scores: 3)
                model.checkAll()
            }
        }
        #expect(model.tree.count == model.entries.count, "seed \(seed)")
    }

    @Test("Random operations over several levels", arguments: UInt64(11)...14)
    func largeModel(seed: UInt64) {
        let model = RankedModel(seed: seed)
        let scores = seed % 2 == 0 ? 10 : 1_000_000
        var highest = 0
        for insertions in [95, 50, 10, 90, 0] {
            for count in 0..<5000 {
                model.step(insertions: insertions, members: 12_000, scores: scores)
                if count % 1000 == 0 { model.checkAll() }
            }
            highest = max(highest, model.tree.count)
        }
        model.checkAll()
        #expect(highest > 2000, "seed \(seed)")
    }

    @Test("In order from either end, and emptied from either end", arguments: [true, false])
    func inOrder(ascending: Bool) {
        let model = RankedModel(seed: 21)
        for number in 0..<8000 {
            model.put(number, score: Double(ascending ? number : -number))
        }
        model.checkAll()
        // What comes in order fills the leaves.
        #expect(model.tree.footprint < 8000 * 18)
        while model.tree.count > 7 {
            let count = model.tree.count
            model.removeRanks(ascending ? 0..<1 : (count - 1)..<count)
            if count % 500 == 0 { model.checkAll() }
        }
        model.checkAll()
        #expect(model.tree.footprint == 1024)
        model.removeRanks(0..<7)
        model.checkAll()
        model.put(1, score: 1)
        model.checkAll()
    }

    @Test("Filled at random it takes at most 22 bytes an entry, and shrinks again")
    func fill() {
        let model = RankedModel(seed: 22)
        for number in 0..<30_000 {
            model.put(number, score: model.random.nextUnit())
        }
        model.checkAll()
        let full = model.tree.footprint
        #expect(full <= 30_000 * 22, "\(Double(full) / 30_000) bytes an entry")
        model.removeMany(27_000)
        model.checkAll()
        let rest = model.tree.footprint
        #expect(rest <= 3_000 * 40, "\(Double(rest) / 3000) bytes an entry")
    }

    @Test("Ranges of ranks go out whole", arguments: UInt64(31)...33)
    func ranges(seed: UInt64) {
        let model = RankedModel(seed: seed)
        for number in 0..<6000 { model.put(number, score: Double(number % 97)) }
        model.relocateAll()
        model.checkAll()
        while model.tree.count > 0 {
            let start = model.random.next(below: model.tree.count)
            let length = min(model.tree.count - start, model.random.next(below: 700) + 1)
            model.removeRanks(start..<(start + length))
            model.checkAll()
        }
        #expect(model.tree.lowest == nil && model.tree.highest == nil, "seed \(seed)")
    }

    @Test("Infinite scores and both zeros have their places")
    func oddScores() {
        let model = RankedModel(seed: 41)
        for (number, score) in [1, -.infinity, 0, .infinity, -0.0, .leastNonzeroMagnitude, -1]
            .enumerated()
        {
            model.put(number, score: score)
        }
        model.checkAll()
        let ranks = [-.infinity, 0, .infinity].map {
            model.tree.seek(score: $0, after: false)?.rank
        }
        #expect(ranks == [0, 2, 6])
        let behind = model.tree.seek(score: .infinity, after: true)?.rank
        #expect(behind == nil)
    }
}

/// A tree, the sorted array that it must agree with, and the dice.
private final class RankedModel {
    struct Entry: Comparable {
        var score: Double
        var member: [UInt8]
        static func < (left: Entry, right: Entry) -> Bool {
            left.score != right.score
                ? left.score < right.score : left.member.lexicographicallyPrecedes(right.member)
        }
    }

    var tree = RankedTree()
    var entries: [Entry] = []
    var records: [[UInt8]: (record: Record, score: Double)] = [:]
    var random: Random

    init(seed: UInt64) { random = Random(seed: seed) }

    deinit { for (record, _) in records.values { record.free() } }

    static func member(_ number: Int) -> [UInt8] { Array("m\(number &* 7919 % 100_003)".utf8) }

    private func place(_ entry: Entry) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle] < entry { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func put(_ number: Int, score: Double) {
        let member = RankedModel.member(number)
        let entry = Entry(score: score, member: member)
        if let (record, old) = records[member] {
            let changed = tree.change(record, from: old, to: score)
            #expect(changed)
            entries.remove(at: place(Entry(score: old, member: member)))
            records[member] = (record, score)
        } else {
            let record = Record.allocate(
                key: member.rawSpan, kind: 0, flags: .hasPayload, clock: 0, inline: 0)
            tree.insert(record, score: score)
            records[member] = (record, score)
        }
        entries.insert(entry, at: place(entry))
    }

    func remove(_ number: Int) {
        let member = RankedModel.member(number)
        guard let (record, score) = records[member] else { return }
        let missing = tree.remove(record, score: score + 0.5)
        let removed = tree.remove(record, score: score)
        #expect(removed && !missing)
        record.free()
        records[member] = nil
        entries.remove(at: place(Entry(score: score, member: member)))
    }

    func removeMany(_ count: Int) {
        for _ in 0..<count {
            let entry = entries.remove(at: random.next(below: entries.count))
            guard let (record, score) = records.removeValue(forKey: entry.member) else { continue }
            let removed = tree.remove(record, score: score)
            #expect(removed)
            record.free()
        }
    }

    func removeRanks(_ ranks: Range<Int>) {
        var released: [Entry] = []
        tree.remove(ranks: ranks) { record, score in
            let member = record.key.copied()
            released.append(Entry(score: score, member: member))
            records[member] = nil
            record.free()
        }
        #expect(released == Array(entries[ranks]))
        entries.removeSubrange(ranks)
    }

    /// Gives every member another record, as a table does that packs its memory.
    func relocateAll() {
        for (member, (old, score)) in records {
            let new = old.rebuilt(key: old.key, adding: [])
            tree.relocate(old, to: new, score: score)
            records[member] = (new, score)
            old.free()
        }
    }

    func step(insertions: Int, members: Int, scores: Int) {
        let number = random.next(below: members)
        if random.next(below: 100) < insertions {
            put(number, score: Double(random.next(below: scores)))
        } else if random.next(below: 30) == 0, !entries.isEmpty {
            let start = random.next(below: entries.count)
            removeRanks(start..<min(entries.count, start + random.next(below: 90)))
        } else {
            remove(number)
        }
    }

    func checkAll() {
        tree.checkInvariants()
        var forwards: [Entry] = []
        var cursor = tree.lowest
        while let here = cursor {
            forwards.append(Entry(score: here.score, member: here.record.key.copied()))
            cursor = here.next
        }
        #expect(forwards == entries)
        var steps = 0
        cursor = tree.highest
        while let here = cursor, here.rank == entries.count - 1 - steps {
            steps += 1
            cursor = here.previous
        }
        #expect(steps == entries.count)
        for distance in 0..<8 {
            let low = tree.member(atDistance: distance, fromHighest: false)?.key.copied()
            let high = tree.member(atDistance: distance, fromHighest: true)?.key.copied()
            // Leaves at the ends may hold one entry each: then a member further in is unknown.
            #expect(low == nil ? distance > 0 || entries.isEmpty : low == entries[distance].member)
            #expect(
                high == nil
                    ? distance > 0 || entries.isEmpty
                    : high == entries[entries.count - 1 - distance].member)
        }
        for _ in 0..<10 where !entries.isEmpty { checkOne() }
    }

    private func checkOne() {
        let rank = random.next(below: entries.count)
        let entry = entries[rank]
        guard let (record, score) = records[entry.member] else {
            Issue.record("a member without a record")
            return
        }
        let (found, at) = (tree.rank(of: record, score: score), tree.entry(at: rank)?.record)
        #expect(found == rank && at == record)
        for after in [false, true] {
            let expected = entries.firstIndex {
                $0.score > score || !after && $0.score == score
            }
            let place = tree.seek(score: score, after: after)?.rank
            #expect(place == expected)
        }
        guard entries.first?.score == entries.last?.score else { return }
        for after in [false, true] {
            let place = tree.seek(member: entry.member.rawSpan, after: after)?.rank
            let expected = after ? rank + 1 : rank
            #expect(place == (expected < entries.count ? expected : nil))
        }
    }
}
