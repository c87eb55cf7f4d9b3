import Bytes
import Testing

/// Once somebody has asked for it, what a block costs depends on its size, and not on what was
/// freed before.
@Suite struct HeapTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func blocksCostTheSameWheneverTheyAreMade(
        seed: UInt64
    ) {
        Heap.makeExact()
        var dice = Random(seed: seed)
        var sizes: [Int: Int] = [:]
        var blocks: [UnsafeMutableRawPointer] = []
        var differing = 0
        func note(_ size: Int, _ block: UnsafeMutableRawPointer) {
            let usable = Heap.usableSize(block)
            if sizes[size, default: usable] != usable { differing += 1 }
            sizes[size] = usable
        }
        for _ in 0..<60_000 {
            if blocks.count > 3000 || dice.next(below: 5) == 0, !blocks.isEmpty {
                let place = dice.next(below: blocks.count)
                Heap.free(blocks[place])
                blocks[place] = blocks[blocks.count - 1]
                blocks.removeLast()
            } else {
                let size = 1 + dice.next(below: dice.next(below: 4) == 0 ? 5000 : 300)
                var block = Heap.allocate(size)
                note(size, block)
                let larger = size + 300
                if dice.next(below: 8) == 0 {
                    block = Heap.reallocate(block, larger)
                    note(larger, block)
                }
                blocks.append(block)
            }
        }
        for block in blocks { Heap.free(block) }
        #expect(differing == 0)
    }
}
