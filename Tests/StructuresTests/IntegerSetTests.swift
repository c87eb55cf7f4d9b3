import Bytes
import Structures
import Testing

@Suite("Integer sets against sorted arrays")
struct IntegerSetTests {
    /// The format, written by another hand.
    private static func format(_ values: [Int64], width: Int) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(width), 0, 0, 0]
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(values.count >> shift & 0xFF)) }
        for value in values {
            for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (byte * 8))) }
        }
        return bytes
    }

    private static func width(_ value: Int64) -> Int {
        if (-32_768...32_767).contains(value) { return 2 }
        return (-2_147_483_648...2_147_483_647).contains(value) ? 4 : 8
    }

    private static let edges: [Int64] = [
        0, 1, -1, 32_767, 32_768, -32_768, -32_769, 2_147_483_647, 2_147_483_648,
        -2_147_483_648, -2_147_483_649, .max, .min,
    ]

    private static func value(_ random: inout Random, narrow: Bool) -> Int64 {
        switch random.next(below: narrow ? 40 : 8) {
        case 0: return edges[random.next(below: edges.count)]
        case 1: return Int64(bitPattern: random.next())
        case 2: return Int64(random.next(below: 200_000)) - 100_000
        default: return Int64(random.next(below: 300)) - 150
        }
    }

    @Test("Adds, removes and finds, byte for byte in the public format", arguments: 1...12)
    func model(seed: UInt64) {
        var random = Random(seed: seed)
        var set = IntegerSet.allocate()
        var model: [Int64] = []
        var width = 2
        let growth = 1 + random.next(below: 4)
        for step in 0..<600 {
            let value = IntegerSetTests.value(&random, narrow: seed % 3 == 0)
            let place = model.firstIndex { $0 >= value } ?? model.count
            let isThere = place < model.count && model[place] == value
            switch random.next(below: 3 + growth) {
            case 0:
                #expect(set.remove(value) == isThere)
                if isThere { model.remove(at: place) }
            case 1 where !model.isEmpty:
                let index = random.next(below: model.count)
                #expect(set.remove(at: index) == model.remove(at: index))
            case 2:
                #expect(set.contains(value) == isThere)
                #expect(set.index(of: value) == (isThere ? place : nil))
            default:
                #expect(set.insert(value) == !isThere)
                if !isThere {
                    model.insert(value, at: place)
                    width = max(width, IntegerSetTests.width(value))
                }
            }
            set.checkInvariants()
            let bytes = set.bytes.copied()
            #expect(
                bytes == IntegerSetTests.format(model, width: width),
                "seed \(seed), step \(step)")
            #expect(set.footprint >= bytes.count)
            #expect(IntegerSet(payload: set.payload) == set)
        }
        let copy = set.duplicate()
        let (own, other) = (set.bytes.copied(), copy.bytes.copied())
        #expect(copy != set && own == other)
        copy.free()
        set.free()
    }

    @Test("The block shrinks with the set")
    func shrinks() {
        var set = IntegerSet.allocate()
        for value in 0..<5000 { set.insert(Int64(value)) }
        let full = set.footprint
        #expect(full < 5000 * 2 * 5 / 4 + 64)
        while set.count > 10 { set.remove(at: set.count / 2) }
        #expect(set.footprint < 200 && set[9] == 4999)
        set.free()
    }

    @Test("Bytes from elsewhere are taken only when they are whole and in order")
    func validation() {
        func accepts(_ bytes: [UInt8]) -> Bool {
            guard let set = IntegerSet.validated(bytes.rawSpan) else { return false }
            let copy = set.bytes.copied()
            set.free()
            return copy == bytes
        }
        let good = IntegerSetTests.format([-70_000, 1, 2], width: 4)
        #expect(accepts(good))
        #expect(accepts(IntegerSetTests.format([.min, .max], width: 8)))
        #expect(accepts(IntegerSetTests.format([1], width: 2)))
        #expect(!accepts([]))
        #expect(!accepts(IntegerSetTests.format([], width: 2)))
        #expect(!accepts(IntegerSetTests.format([1, 2], width: 3)))
        #expect(!accepts(IntegerSetTests.format([1, 1], width: 2)))
        #expect(!accepts(IntegerSetTests.format([2, 1], width: 2)))
        for length in 0..<good.count { #expect(!accepts(Array(good[..<length]))) }
        #expect(!accepts(good + [0]))
        #expect(!accepts([2, 0, 0, 0, 255, 255, 255, 255, 0, 0]))
        #expect(!accepts([0, 0, 0, 2] + good[4...]))
    }

    @Test("Random bytes never make a broken set", arguments: 1...4)
    func foreign(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<2000 {
            var bytes = IntegerSetTests.format(
                (0..<random.next(below: 6)).map { Int64($0 * 3) }, width: [2, 4, 8][Int(seed) % 3])
            for _ in 0..<random.next(below: 3) where !bytes.isEmpty {
                bytes[random.next(below: bytes.count)] = UInt8(random.next(below: 256))
            }
            guard let set = IntegerSet.validated(bytes.rawSpan) else { continue }
            set.checkInvariants()
            let copy = set.bytes.copied()
            #expect(copy == bytes, "seed \(seed)")
            set.free()
        }
    }
}
