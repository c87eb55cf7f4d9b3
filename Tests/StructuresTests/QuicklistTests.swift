import Bytes
import Structures
import Testing

@Suite("Quicklists against arrays")
struct QuicklistTests {
    static func contents(_ list: borrowing Quicklist) -> [[UInt8]] {
        var result: [[UInt8]] = []
        list.forEach(from: 0, count: .max) {
            result.append($0.copied())
            return true
        }
        return result
    }

    private func value(_ random: inout Random, _ setting: Int) -> [UInt8] {
        switch random.next(below: 40) {
        case 0: ListpackTests.text(4000 + random.next(below: 6000), &random)
        case 1: ListpackTests.text(300 + random.next(below: 1000), &random)
        case 2..<10: Array("\(random.next(below: 100))".utf8)
        default: ListpackTests.text(random.next(below: 30), &random)
        }
    }

    @Test(
        "Any edits with any limit, a printed seed",
        arguments: [-1, -2, -5, 0, 1, 4, 128, 100_000], [UInt64(1), .random(in: 100...1 << 40)])
    func edits(setting: Int, seed: UInt64) {
        print("quicklist edits: limit \(setting), seed \(seed)")
        var random = Random(seed: seed)
        var list = Quicklist(limit: QuicklistLimit(setting: setting))
        var model: [[UInt8]] = []
        for step in 0..<1500 {
            if step % 500 < 300 {
                grow(&list, &model, setting, &random)
            } else {
                shrink(&list, &model, &random)
            }
            let count = list.count
            #expect(count == model.count)
            if step % 25 == 0 {
                list.checkInvariants()
                let contents = Self.contents(list)
                #expect(contents == model)
            }
        }
        let copy = list.duplicate()
        copy.checkInvariants()
        let contents = Self.contents(copy)
        #expect(contents == model)
    }

    private func grow(
        _ list: inout Quicklist, _ model: inout [[UInt8]], _ setting: Int, _ random: inout Random
    ) {
        let value = value(&random, setting)
        switch random.next(below: 6) {
        case 0:
            for _ in 0...random.next(below: 12) {
                let value = self.value(&random, setting)
                list.prepend(value.rawSpan)
                model.insert(value, at: 0)
            }
        case 1:
            list.append(value.rawSpan)
            model.append(value)
        case 2...3:
            let index = random.next(below: model.count + 1)
            list.insert(value.rawSpan, at: index)
            model.insert(value, at: index)
        case 4:
            if model.isEmpty { return }
            let index = random.next(below: model.count)
            list.replace(at: index, with: value.rawSpan)
            model[index] = value
        default:
            for _ in 0..<8 {
                let value = self.value(&random, setting)
                list.append(value.rawSpan)
                model.append(value)
            }
        }
    }

    private func shrink(
        _ list: inout Quicklist, _ model: inout [[UInt8]], _ random: inout Random
    ) {
        if model.isEmpty { return }
        switch random.next(below: 8) {
        case 6...7:
            let atFront = random.next(below: 2) == 0
            for _ in 0...random.next(below: 20) where !model.isEmpty {
                var popped: [UInt8] = []
                list.pop(atFront: atFront) { popped = $0.copied() }
                let expected = atFront ? model.removeFirst() : model.removeLast()
                #expect(popped == expected)
            }
        case 0:
            list.remove(from: 0, count: 1)
            model.removeFirst()
        case 1:
            list.remove(from: model.count - 1, count: 1)
            model.removeLast()
        case 2:
            let index = random.next(below: model.count)
            let length = min(model.count - index, random.next(below: 30))
            list.remove(from: index, count: length)
            model.removeSubrange(index..<index + length)
        default:
            let value = model[random.next(below: model.count)]
            let limit = 1 + random.next(below: 3)
            let reversed = random.next(below: 2) == 0
            let removed = list.removeAll(value.rawSpan, limit: limit, reversed: reversed)
            var places = model.indices.filter { model[$0] == value }
            places = Array(reversed ? places.suffix(limit) : places.prefix(limit))
            for place in places.reversed() { model.remove(at: place) }
            #expect(removed == places.count)
        }
    }

    @Test("Ranges and searches in both directions", arguments: [-1, 3, 50])
    func reading(setting: Int) {
        var random = Random(seed: UInt64(setting + 10))
        var list = Quicklist(limit: QuicklistLimit(setting: setting))
        var model: [[UInt8]] = []
        for _ in 0..<400 {
            let value = value(&random, setting)
            list.append(value.rawSpan)
            model.append(value)
        }
        for _ in 0..<200 {
            let index = random.next(below: model.count)
            let length = random.next(below: 150)
            let reversed = random.next(below: 2) == 0
            var found: [[UInt8]] = []
            list.forEach(from: index, count: length, reversed: reversed) {
                found.append($0.copied())
                return true
            }
            let expected =
                reversed
                ? Array(model[0...index].reversed().prefix(length))
                : Array(model[index...].prefix(length))
            #expect(found == expected)
            var places: [Int] = []
            let wanted = model[index]
            list.forEachIndex(of: wanted.rawSpan, reversed: reversed, limit: 300) {
                places.append($0)
                return places.count < 5
            }
            var all = model.indices.filter { model[$0] == wanted }
            if reversed { all.reverse() }
            all = all.filter { reversed ? $0 >= 100 : $0 < 300 }
            #expect(places == Array(all.prefix(5)))
        }
    }

    @Test("Whichever end is used, a list costs the same, and its nodes are plain listpacks")
    func ends() {
        let value = [UInt8](repeating: 120, count: 3)
        var footprints: [Int] = []
        for atFront in [true, false] {
            var list = Quicklist(limit: QuicklistLimit(setting: -2))
            for _ in 0..<20_000 {
                if atFront { list.prepend(value.rawSpan) } else { list.append(value.rawSpan) }
            }
            list.checkInvariants()
            footprints.append(list.footprint)
            var elements = 0
            list.forEachNode { bytes, isPlain in
                let pack = isPlain ? nil : Listpack(validating: bytes)
                elements += pack?.count ?? 0
                pack?.free()
            }
            #expect(elements == 20_000)
            for _ in 0..<19_000 { list.pop(atFront: atFront) { _ in } }
            list.checkInvariants()
            let rest = list.footprint
            #expect(rest < 10_000)
            for step in 0..<1000 { list.pop(atFront: step % 2 == 0) { _ in } }
            let left = (list.count, list.nodeCount)
            #expect(left == (0, 0))
        }
        #expect(abs(footprints[0] - footprints[1]) < footprints[1] / 20)
    }

    @Test("A node far larger than the limit is emptied from the front")
    func hugeNode() {
        let value = [UInt8](repeating: 120, count: 1000)
        var pack = Listpack.allocate()
        for _ in 0..<4000 { pack.append(value.rawSpan) }
        var list = Quicklist(limit: QuicklistLimit(setting: -2))
        list.adopt(pack)
        for rest in (0..<4000).reversed() {
            list.pop(atFront: true) { _ in }
            if rest % 200 != 0 { continue }
            list.checkInvariants()
            let (count, footprint) = (list.count, list.footprint)
            #expect(count == rest && footprint <= rest * 2100 + 4096)
        }
    }

    @Test("A queue that runs through keeps no memory behind")
    func queue() {
        var list = Quicklist(limit: QuicklistLimit(setting: -2))
        let value = [UInt8](repeating: 120, count: 100)
        for _ in 0..<50_000 { list.append(value.rawSpan) }
        let full = list.footprint
        #expect(full < 50_000 * 115)
        for _ in 0..<200_000 {
            list.append(value.rawSpan)
            list.remove(from: 0, count: 1)
        }
        #expect(list.footprint < full + full / 10)
        list.remove(from: 10, count: 49_990)
        list.checkInvariants()
        let (count, footprint) = (list.count, list.footprint)
        #expect(count == 10 && footprint < 8192)
        list.remove(from: 0, count: 10)
        let left = (list.count, list.nodeCount)
        #expect(left == (0, 0))
    }
}
