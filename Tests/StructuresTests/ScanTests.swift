import Bytes
import Structures
import Testing

/// What SCAN promises: a key that is there from the first call to the last is returned, whatever
/// else happens; and the walk ends.
@Suite("The promise of SCAN")
struct ScanTests {
    /// How the table changes between two calls.
    enum Churn: CaseIterable, CustomTestStringConvertible {
        case none, growth, shrink, both, deletion, paused

        var testDescription: String { "\(self)" }
    }

    @Test("Every key present throughout is returned", arguments: Churn.allCases)
    func promise(churn: Churn) {
        for seed in UInt64(1)...25 { walk(churn, seed: seed) }
    }

    private func walk(_ churn: Churn, seed: UInt64) {
        var model = TableModel(seed: seed)
        let filling = churn == .growth ? 40 : 3000
        for number in 0..<filling { model.put(TableModel.key(number), marked: false) }
        // Half of the walks begin in the middle of a resize, as the table happens to be.
        if seed % 2 == 0 { model.table.moveBuckets(.max) }
        let lasting = Set((0..<filling).filter { $0 % 37 == 0 }.map(TableModel.key))
        if churn == .shrink { thin(&model, keeping: lasting, to: 2200) }
        if churn == .paused { model.table.pauseResizing(true) }
        var seen: Set<[UInt8]> = []
        var cursor: UInt64 = 0
        var calls = 0
        repeat {
            cursor = model.table.scan(cursor) { seen.insert($0.key.copied()) }
            calls += 1
            change(&model, churn, lasting, call: calls)
        } while cursor != 0 && calls < 100_000
        #expect(cursor == 0, "the walk does not end; seed \(seed), \(churn)")
        let missed = lasting.subtracting(seen).count
        #expect(missed == 0, "\(missed) keys missed; seed \(seed), \(churn)")
        if churn == .none { #expect(seen == Set(model.expected.keys)) }
        model.checkAll()
    }

    private func change(
        _ model: inout TableModel, _ churn: Churn, _ lasting: Set<[UInt8]>, call: Int
    ) {
        let growing = call / 40 % 2 == 0
        switch churn {
        case .none: break
        case .growth: add(&model, call < 600 ? 6 : 0)
        case .shrink: thin(&model, keeping: lasting, to: max(0, model.table.count - 30))
        case .deletion, .paused: thin(&model, keeping: lasting, to: max(0, model.table.count - 3))
        case .both where call > 2000: break
        case .both where growing: add(&model, 200)
        case .both: thin(&model, keeping: lasting, to: model.table.count - 150)
        }
        if model.random.next(below: 50) == 0 { model.table.moveBuckets(16) }
    }

    private func add(_ model: inout TableModel, _ count: Int) {
        for _ in 0..<count {
            model.put(TableModel.key(10_000 + model.random.next(below: 1 << 30)), marked: false)
        }
    }

    /// Removes keys, those that last excepted, until `count` are left or only these.
    private func thin(_ model: inout TableModel, keeping lasting: Set<[UInt8]>, to count: Int) {
        var excess = model.table.count - max(count, lasting.count)
        if excess <= 0 { return }
        let doomed = model.expected.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let start = model.random.next(below: doomed.count)
        for offset in 0..<doomed.count where excess > 0 {
            let key = doomed[(start + offset) % doomed.count]
            if lasting.contains(key) { continue }
            model.remove(key)
            excess -= 1
        }
    }

    @Test("A quiet table is walked once: no key comes twice", arguments: [1, 7, 8, 100, 5000])
    func once(count: Int) {
        var model = TableModel(seed: UInt64(count))
        for number in 0..<count { model.put(TableModel.key(number), marked: false) }
        model.table.moveBuckets(.max)
        var returned = 0
        var calls = 0
        var cursor: UInt64 = 0
        repeat {
            cursor = model.table.scan(cursor) { _ in returned += 1 }
            calls += 1
        } while cursor != 0
        #expect(returned == count)
        #expect(calls == model.table.bucketCount)
    }

    @Test("Any number is a cursor")
    func strangeCursors() {
        var model = TableModel(seed: 31)
        for number in 0..<1000 { model.put(TableModel.key(number), marked: false) }
        var random = Random(seed: 31)
        for cursor in [UInt64.max, .max - 1, 1 << 63] + (0..<100).map({ _ in random.next() }) {
            var next = cursor
            var calls = 0
            repeat {
                next = model.table.scan(next) { _ in }
                calls += 1
            } while next != 0 && calls < 1000
            #expect(next == 0)
        }
    }
}
