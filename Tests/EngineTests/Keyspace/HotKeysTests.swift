import Bytes
import Grammar
import Structures
import Testing

@testable import Engine

@Suite("The keys that are asked for most")
struct HotKeysTests {
    /// Draws ranks from 0 on, each rarer than the one before by Zipf's law.
    private struct Zipf {
        private let bounds: [Double]

        init(_ count: Int, _ exponent: Double) {
            var sum = 0.0
            var bounds: [Double] = []
            for rank in 1...count {
                var power = 1.0
                // The exponents of these tests are multiples of a half.
                for _ in 0..<Int(exponent * 2) { power *= Double(rank).squareRoot() }
                sum += 1 / power
                bounds.append(sum)
            }
            self.bounds = bounds.map { $0 / sum }
        }

        func draw(_ random: inout Random) -> Int {
            let place = random.nextUnit()
            var (low, high) = (0, bounds.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if bounds[middle] < place { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private let zero = Instant(nanoseconds: 1 << 40)
    private func later(_ milliseconds: Int) -> Instant {
        Instant(nanoseconds: zero.nanoseconds + UInt64(milliseconds) * 1_000_000)
    }

    /// A hash as well spread as the table's.
    private func hash(_ number: Int) -> UInt64 {
        var random = Random(seed: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        return random.next()
    }

    private func name(_ rank: Int) -> [UInt8] { Array("key:\(rank)".utf8) }

    @Test(
        "A count is never too high, and too low by at most the error", arguments: [0.5, 1.0, 1.5])
    func bounds(exponent: Double) {
        let seed: UInt64 = 11
        var random = Random(seed: seed)
        let zipf = Zipf(20_000, exponent)
        var sketch = HotKeySketch(at: 0)
        var exact = [Int](repeating: 0, count: 20_000)
        for _ in 0..<200_000 {
            let rank = zipf.draw(&random)
            exact[rank] += 1
            sketch.note(name(rank).rawSpan, hash: hash(rank), weight: 1)
        }
        for entry in sketch.top(.max) {
            let rank = Int(entry.key.text.dropFirst(4)) ?? 0
            let count = Double(exact[rank])
            #expect(
                entry.count <= count && count <= entry.count + entry.error, "seed \(seed)")
        }
        #expect(sketch.total == 200_000)
        guard exponent >= 1 else { return }
        let best = Set(sketch.top(20).map(\.key))
        let wanted = Set(
            exact.indices.sorted { exact[$0] > exact[$1] }.prefix(20).map {
                ByteString(name($0))
            })
        #expect(best.intersection(wanted).count >= 18, "seed \(seed)")
    }

    @Test("Of many lookups some are counted, and the rates are right", arguments: [1.0, 1.5])
    func sampling(exponent: Double) {
        let seed: UInt64 = 5
        var random = Random(seed: seed)
        let zipf = Zipf(10_000, exponent)
        var keys = HotKeys(seed: 99)
        keys.set(true, databases: 1, at: zero)
        var exact = [Int](repeating: 0, count: 10_000)
        let perTick = 10_000
        for tick in 0..<100 {
            for _ in 0..<perTick {
                let rank = zipf.draw(&random)
                exact[rank] += 1
                keys.countdown -= 1
                guard keys.countdown == 0 else { continue }
                keys.count(
                    name(rank).rawSpan, hash: hash(rank), database: 0, at: later(tick * 100))
            }
            keys.tick(at: later((tick + 1) * 100))
        }
        let top = keys.top(10, database: 0, at: later(10_000))
        #expect(top.map(\.key)[0] == "key:0", "seed \(seed)")
        for key in top.prefix(5) {
            let rank = Int(key.key.text.dropFirst(4)) ?? 0
            let rate = Double(exact[rank]) / 10
            let share = Double(exact[rank]) / Double(100 * perTick)
            // A thousand and more of its lookups were counted: a tenth is three deviations.
            #expect(abs(key.rate - rate) < rate / 10, "seed \(seed), \(key) \(rate)")
            #expect(abs(key.share - share) < share / 10, "seed \(seed), \(key) \(share)")
        }
    }

    @Test("No rhythm of the lookups falls into step with those that are counted")
    func rhythm() {
        var keys = HotKeys(seed: 3)
        keys.set(true, databases: 1, at: zero)
        for turn in 0..<200_000 {
            keys.countdown -= 1
            guard keys.countdown == 0 else { continue }
            let rank = turn % 16
            keys.count(name(rank).rawSpan, hash: hash(rank), database: 0, at: zero)
        }
        let top = keys.top(16, database: 0, at: later(1000))
        #expect(top.count == 16)
        for key in top { #expect(abs(key.share - 1.0 / 16) < 0.015, "\(key)") }
    }

    @Test("What was hot a while ago fades, and what is hot now rises")
    func fading() {
        var keys = HotKeys(seed: 3)
        keys.set(true, databases: 2, at: zero)
        func look(_ rank: Int, _ times: Int, _ milliseconds: Int) {
            for _ in 0..<times {
                keys.countdown -= 1
                guard keys.countdown == 0 else { continue }
                keys.count(
                    name(rank).rawSpan, hash: hash(rank), database: 1, at: later(milliseconds))
            }
        }
        for second in 0..<60 {
            for _ in 0..<10 { look(1, 10, second * 1000) }
            keys.tick(at: later(second * 1000 + 500))
        }
        let hot = keys.top(1, database: 1, at: later(60_000))
        #expect(hot.first?.key == "key:1")
        #expect(abs((hot.first?.rate ?? 0) - 100) < 10)
        for second in 60..<120 {
            for _ in 0..<5 { look(2, 10, second * 1000) }
            keys.tick(at: later(second * 1000 + 500))
        }
        let after = keys.top(2, database: 1, at: later(120_000))
        #expect(after.map(\.key) == ["key:2", "key:1"])
        #expect(after.count == 2 && after[1].rate < 100 / 6)
        #expect(keys.top(5, database: 0, at: later(120_000)).isEmpty)
        // Weights that have grown for hours are taken back.
        keys.tick(at: later(40_000_000))
        look(3, 1, 40_000_000)
        #expect(keys.top(1, database: 1, at: later(40_000_100)).first?.key == "key:3")
        #expect(keys.top(1, database: 1, at: later(40_000_100))[0].rate.isFinite)
    }

    @Test("Long names are kept, very long ones cut")
    func names() {
        var sketch = HotKeySketch(at: 0)
        for length in [0, 1, 7, 8, 9, 63, 64, 65, 1024, 1025, 5000] {
            let key = (0..<length).map { UInt8(truncatingIfNeeded: 33 + $0 % 90) }
            sketch.note(key.rawSpan, hash: hash(length), weight: Double(length + 1))
            let best = sketch.top(1)[0].key
            #expect(best.bytes == Array(key.prefix(HotKeySketch.nameLimit)), "\(length)")
        }
    }

    @Test("A power of two is right to half a per cent")
    func powers() {
        #expect(HotKeys.powerOfTwo(0) == 1 && HotKeys.powerOfTwo(10) == 1024)
        for (exponent, power) in [(0.5, 1.414_214), (0.25, 1.189_207), (3.75, 13.454_343)] {
            #expect(abs(HotKeys.powerOfTwo(exponent) / power - 1) < 0.005)
        }
    }

    @Test("A node counts what is read and written, by database, and only when that is asked for")
    func node() {
        let node = TestNode { $0.watchesHotKeys = true }
        for _ in 0..<20 { node.send("GET a") }
        for _ in 0..<10 { node.send("SET b 1") }
        for _ in 0..<30 { node.send("TTL c") }
        node.send("SELECT 1")
        node.send("GET d")
        node.advance(milliseconds: 1000)
        #expect(node.store.hottestKeys(5, database: 0).map(\.key) == ["a", "b"])
        #expect(node.store.hottestKeys(5, database: 1).map(\.key) == ["d"])
        #expect(node.store.hottestKeys(5, database: 2).isEmpty)
        #expect(node.send("LARDER HOTKEYS COUNT 1").hasPrefix("*1\r\n*8\r\n$3\r\nkey\r\n$1\r\nd"))
        // A session that touches nothing does not count either.
        node.send("CLIENT NO-TOUCH on")
        node.send("CONFIG SET larder-hot-keys no")
        #expect(node.store.hottestKeys(5, database: 0).isEmpty)
        #expect(node.send("LARDER HOTKEYS").hasPrefix("-ERR not watched"))
    }
}
