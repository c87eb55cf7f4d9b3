import Bytes
import Engine
import Testing

@Suite("Memory by the beginning of names")
struct PrefixTests {
    @Test("A small database is told exactly")
    func small() {
        let node = TestNode()
        for number in 0..<30 {
            node.send("SET shop:session:\(number) x")
            node.send("SET user:\(number):cart \(String(repeating: "y", count: 100))")
        }
        node.send("SET alone z")
        for _ in 0..<3 {
            let told = node.store.observe()
            #expect(told.prefixes.map(\.name.text) == ["user:", "shop:session:", ""])
            #expect(told.prefixes.map(\.keys) == [30, 30, 1])
            #expect(told.prefixSample == 61)
            #expect(told.prefixes.reduce(0) { $0 + $1.bytes } == told.memory.entries)
        }
        node.send("FLUSHALL")
        #expect(node.store.observe().prefixes.isEmpty)
    }

    @Test("A large one is estimated, and the estimate follows what the keys are")
    func large() {
        let node = TestNode()
        for number in 0..<40_000 {
            node.send("SET \(number % 4 == 0 ? "a" : "b"):\(number) value")
        }
        var told = node.store.observe()
        for _ in 0..<20 { told = node.store.observe() }
        #expect(told.prefixSample < 4000)
        let shares = told.prefixes.map { Double($0.keys) / 40_000 }
        #expect(told.prefixes.map(\.name.text) == ["b:", "a:"])
        #expect(abs(shares[0] - 0.75) < 0.05 && abs(shares[1] - 0.25) < 0.05)
        for number in 0..<40_000 where number % 4 != 0 { node.send("DEL b:\(number)") }
        for _ in 0..<60 { told = node.store.observe() }
        #expect(told.prefixes.first?.name == "a:")
        #expect(told.prefixes.first.map { $0.keys > 9900 } == true)
    }

    @Test("Beginnings are bounded, whatever the names are")
    func bounded() {
        let node = TestNode()
        for number in 0..<5000 {
            let letters = String(number, radix: 2).replacing("0", with: "x")
                .replacing("1", with: "y")
            node.send("SET \(letters):\(number) v")
        }
        for _ in 0..<5 {
            let told = node.store.observe()
            #expect(told.prefixes.count <= Observation.rowLimit)
            #expect(told.prefixes.last?.name == "")
        }
    }
}
