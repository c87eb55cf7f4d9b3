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
        for seed in UInt64(1)...10 { Walk(churn, seed: seed).run() }
    }

    @Test("A quiet table is walked once: no key comes twice", arguments: [1, 7, 8, 100, 5000])
    func once(count: Int) {
        let model = TableModel(seed: UInt64(count))
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
        #expect(calls == model.bucketCount)
    }

    @Test("Any number is a cursor")
    func strangeCursors() {
        let model = TableModel(seed: 31)
        for number in 0..<1000 { model.put(TableModel.key(number), marked: false) }
        var random = Random(seed: 31)
        let odd: [UInt64] = [.max, .max - 1, 1 << 63]
        for cursor in odd + (0..<100).map({ _ in random.next() }) {
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

/// One walk, and the changes between its calls.
private final class Walk {
    let churn: ScanTests.Churn
    let seed: UInt64
    let model: TableModel
    /// Keys that stay, and keys that may go.
    var lasting: Set<[UInt8]> = []
    var fleeting: [[UInt8]] = []

    init(_ churn: ScanTests.Churn, seed: UInt64) {
        self.churn = churn
        self.seed = seed
        model = TableModel(seed: seed)
        for number in 0..<(churn == .growth ? 40 : 3000) {
            let key = TableModel.key(number)
            if number % 37 == 0 { lasting.insert(key) } else { fleeting.append(key) }
            model.put(key, marked: false)
        }
        // Half of the walks begin in the middle of a resize, if the table happens to be in one.
        if seed % 2 == 0 { model.table.moveBuckets(.max) }
        if churn == .shrink { thin(800) }
        if churn == .paused { model.table.pauseResizing(true) }
    }

    func run() {
        var seen: Set<[UInt8]> = []
        var cursor: UInt64 = 0
        var calls = 0
        repeat {
            cursor = model.table.scan(cursor) { seen.insert($0.key.copied()) }
            calls += 1
            change(call: calls)
        } while cursor != 0 && calls < 100_000
        #expect(cursor == 0, "the walk does not end; seed \(seed), \(churn)")
        let missed = lasting.subtracting(seen).count
        #expect(missed == 0, "\(missed) keys missed; seed \(seed), \(churn)")
        if churn == .none { #expect(seen == Set(model.expected.keys)) }
        model.checkAll()
    }

    private func change(call: Int) {
        switch churn {
        case .none: break
        case .growth: if call < 600 { add(6) }
        case .shrink: thin(30)
        case .deletion, .paused: thin(3)
        case .both where call > 300: break
        case .both where call / 40 % 2 == 0: add(200)
        case .both: thin(190)
        }
        if model.random.next(below: 50) == 0 { model.table.moveBuckets(16) }
    }

    private func add(_ count: Int) {
        for _ in 0..<count {
            let key = TableModel.key(10_000 + model.random.next(below: 1 << 30))
            if model.expected[key] == nil { fleeting.append(key) }
            model.put(key, marked: false)
        }
    }

    private func thin(_ count: Int) {
        for _ in 0..<min(count, fleeting.count) {
            let place = model.random.next(below: fleeting.count)
            fleeting.swapAt(place, fleeting.count - 1)
            if let key = fleeting.popLast() { model.remove(key) }
        }
    }
}
