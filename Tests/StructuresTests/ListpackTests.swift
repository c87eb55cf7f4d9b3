import Bytes
import Structures
import Testing

@Suite("Listpacks against arrays")
struct ListpackTests {
    /// Texts of all lengths and numbers of all sizes that the format tells apart.
    static func value(_ random: inout Random) -> [UInt8] {
        switch random.next(below: 10) {
        case 0: return Array("\(random.next(below: 128))".utf8)
        case 1: return Array("\(random.next(below: 8192) - 4096)".utf8)
        case 2: return Array("\(Int16(truncatingIfNeeded: random.next()))".utf8)
        case 3: return Array("\(Int64(random.next(below: 1 << 24)) - 1 << 23)".utf8)
        case 4: return Array("\(Int32(truncatingIfNeeded: random.next()))".utf8)
        case 5: return Array("\(Int64(bitPattern: random.next()))".utf8)
        case 6: return Array("0\(random.next(below: 100))".utf8)
        case 7: return text(random.next(below: 5000), &random)
        case 8: return text(random.next(below: 100), &random)
        default: return text(random.next(below: 4), &random)
        }
    }

    static func text(_ length: Int, _ random: inout Random) -> [UInt8] {
        (0..<length).map { _ in UInt8(97 + random.next(below: 3)) }
    }

    static func contents(_ pack: Listpack) -> [[UInt8]] {
        var result: [[UInt8]] = []
        pack.forEach {
            result.append($0.copied())
            return true
        }
        return result
    }

    @Test("Any edits, a printed seed", arguments: [UInt64(1), 2, 3, .random(in: 100...1 << 40)])
    func edits(seed: UInt64) {
        print("listpack edits: seed \(seed)")
        var random = Random(seed: seed)
        var model: [[UInt8]] = []
        var pack = Listpack.allocate()
        for step in 0..<3000 {
            let growing = step % 600 < 300
            change(&pack, &model, growing: growing, &random)
            #expect(pack.count == model.count && pack.isEmpty == model.isEmpty)
            if step % 20 == 0 {
                pack.checkInvariants()
                let contents = Self.contents(pack)
                #expect(contents == model)
                #expect(pack.footprint < pack.byteCount * 2 + 80)
            }
        }
        pack.free()
    }

    private func change(
        _ pack: inout Listpack, _ model: inout [[UInt8]], growing: Bool, _ random: inout Random
    ) {
        let value = Self.value(&random)
        let index = model.isEmpty ? 0 : random.next(below: model.count)
        let at = pack.seek(index)
        #expect((at == nil) == model.isEmpty)
        let isRemoval = random.next(below: 10) < (growing ? 2 : 8)
        switch random.next(below: 5) {
        case _ where isRemoval:
            guard let at else { return }
            let count = random.next(below: 3)
            let end = min(model.count, index + count)
            let next = pack.remove(at: at, count: count)
            model.removeSubrange(index..<end)
            #expect((next == nil) == (index == model.count))
            if let next { expect(pack, next, model[index]) }
        case 0:
            let new = pack.append(value.rawSpan)
            expect(pack, new, value)
            model.append(value)
        case 1:
            let new = pack.prepend(value.rawSpan)
            expect(pack, new, value)
            model.insert(value, at: 0)
        case 2:
            guard let at else { return }
            let new = pack.insert(value.rawSpan, before: at)
            expect(pack, new, value)
            model.insert(value, at: index)
        case 3:
            guard let at else { return }
            let new = pack.insert(value.rawSpan, after: at)
            expect(pack, new, value)
            model.insert(value, at: index + 1)
        default:
            guard let at else { return }
            let new = pack.replace(at: at, with: value.rawSpan)
            expect(pack, new, value)
            model[index] = value
        }
    }

    private func expect(_ pack: Listpack, _ position: Listpack.Position, _ value: [UInt8]) {
        let found = pack.element(at: position).copied()
        let matches = pack.matches(value.rawSpan, at: position)
        #expect(found == value && matches)
    }

    @Test("Walking, seeking and finding", arguments: 1...4)
    func walking(seed: UInt64) {
        var random = Random(seed: seed)
        let model = (0..<random.next(below: 300)).map { _ in Self.value(&random) }
        var pack = Listpack.allocate()
        for value in model { pack.append(value.rawSpan) }
        var forward: [[UInt8]] = []
        var position = pack.first
        while let here = position {
            forward.append(pack.element(at: here).copied())
            position = pack.next(after: here)
        }
        #expect(forward == model)
        var backward: [[UInt8]] = []
        position = pack.last
        while let here = position {
            backward.append(pack.element(at: here).copied())
            position = pack.previous(before: here)
        }
        #expect(backward == model.reversed())
        for index in model.indices {
            let (front, back) = (pack.seek(index), pack.seek(index - model.count))
            #expect(front == back && front != nil)
            let found = front.map { pack.element(at: $0).copied() }
            #expect(found == model[index])
            let value = model[index]
            let first = pack.find(value.rawSpan)
            #expect(first == model.firstIndex(of: model[index]).flatMap { pack.seek($0) })
            let paired = stride(from: 0, to: model.count, by: 2).first { model[$0] == model[index] }
            let inPairs = pack.find(value.rawSpan, every: 2)
            #expect(inPairs == paired.flatMap { pack.seek($0) })
        }
        #expect(pack.seek(model.count) == nil && pack.seek(-model.count - 1) == nil)
        pack.free()
    }

    @Test("Numbers are the same as their texts")
    func numbers() {
        let edges: [Int64] = [
            0, 127, 128, -1, 4095, 4096, -4096, -4097, 32767, 32768, -32768, -32769, 8_388_607,
            8_388_608, -8_388_608, -8_388_609, 2_147_483_647, 2_147_483_648, -2_147_483_648,
            -2_147_483_649, .max, .min,
        ]
        var (left, right) = (Listpack.allocate(), Listpack.allocate(capacity: 400))
        for number in edges {
            let before = left.byteCount
            left.append(number)
            #expect(left.byteCount - before == Listpack.entrySize(of: number))
            let text = number.decimalBytes
            right.append(text.rawSpan)
            let size = Listpack.entrySize(of: text.rawSpan)
            #expect(size == Listpack.entrySize(of: number))
        }
        let (leftBytes, rightBytes) = (left.bytes.copied(), right.bytes.copied())
        #expect(leftBytes == rightBytes)
        var sum: Int64 = 0
        left.forEach {
            if case .integer(let number) = $0 { sum ^= number }
            return true
        }
        #expect(sum == edges.reduce(0, ^))
        left.free()
        right.free()
    }

    @Test("The bytes are those of the public format")
    func format() {
        var pack = Listpack.allocate()
        let (one, text) = ([UInt8]("1".utf8), [UInt8]("ab".utf8))
        pack.append(one.rawSpan)
        pack.append(text.rawSpan)
        pack.append(-2)
        pack.append(70_000)
        let long = [UInt8](repeating: 120, count: 200)
        pack.append(long.rawSpan)
        let found = pack.bytes.copied()
        var expected: [UInt8] = [
            0, 0, 0, 0, 5, 0, 0x01, 0x01, 0x82, 97, 98, 0x03, 0xDF, 0xFE, 0x02, 0xF2, 0x70, 0x11,
            0x01, 0x04, 0xE0, 200,
        ]
        expected += long + [0x01, 0xCA, 0xFF]
        expected[0] = UInt8(expected.count)
        #expect(found == expected)
        pack.free()
    }

    @Test("More elements than the count can say")
    func manyElements() {
        var pack = Listpack.allocate()
        let value: [UInt8] = [120]
        for _ in 0..<65_533 { pack.append(value.rawSpan) }
        var tail = Listpack.allocate()
        for number in 0..<10 { tail.append(Int64(number)) }
        pack.append(contentsOf: tail)
        #expect(pack.count == 65_543)
        let last = pack.seek(-1).map { pack.element(at: $0).copied() }
        #expect(last == [57])
        if let position = pack.seek(40_000) { pack.removeAll(from: position) }
        #expect(pack.count == 40_000)
        pack.checkInvariants()
        if let position = tail.seek(7) { pack.append(contentsOf: tail, from: position) }
        #expect(pack.count == 40_003)
        pack.checkInvariants()
        pack.free()
        tail.free()
    }

    @Test("Damaged bytes are refused, undamaged ones are not", arguments: 1...3)
    func validation(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<60 {
            var pack = Listpack.allocate()
            for _ in 0..<random.next(below: 12) { pack.append(Self.value(&random).rawSpan) }
            let good = pack.bytes.copied()
            let copy = Listpack(validating: good.rawSpan)
            let same = copy.map { Self.contents($0) == Self.contents(pack) }
            #expect(same == true)
            copy?.free()
            let double = pack.duplicate()
            #expect(double != pack && Listpack(payload: double.payload) == double)
            double.free()
            pack.free()
            for _ in 0..<40 {
                var bad = good
                let at = random.next(below: bad.count)
                bad[at] ^= UInt8(1 + random.next(below: 255))
                // A damaged text is still a text: what is accepted must be whole.
                if let accepted = Listpack(validating: bad.rawSpan) {
                    accepted.checkInvariants()
                    let walked = Self.contents(accepted).count
                    #expect(walked == accepted.count)
                    accepted.free()
                }
                let cut = Array(good.prefix(random.next(below: good.count)))
                let longer = good + [0xFF]
                let (short, long) = (
                    Listpack(validating: cut.rawSpan), Listpack(validating: longer.rawSpan)
                )
                #expect(short == nil && long == nil)
            }
        }
    }
}
