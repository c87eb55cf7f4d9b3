import Bytes
import Structures
import Testing

@Suite("Blobs and owned arrays against arrays")
struct BlobTests {
    @Test("Writes anywhere, zeros in between", arguments: 1...5)
    func writes(seed: UInt64) {
        var random = Random(seed: seed)
        for _ in 0..<20 {
            var model: [UInt8] = (0..<random.next(below: 100)).map { UInt8($0) }
            var blob = Blob.allocate(model.rawSpan, capacity: random.next(below: 300))
            for _ in 0..<40 {
                let offset = random.next(below: model.count + random.next(below: 200) + 1)
                let bytes = (0..<random.next(below: 120)).map { _ in
                    UInt8(1 + random.next(below: 255))
                }
                if offset > model.count {
                    model += [UInt8](repeating: 0, count: offset - model.count)
                }
                let end = max(offset, min(model.count, offset + bytes.count))
                model.replaceSubrange(offset..<end, with: bytes)
                blob = blob.replacing(bytes.rawSpan, at: offset)
                #expect(blob.bytes.copied() == model)
                #expect(blob.count == model.count && blob.capacity >= blob.count)
                #expect(blob.footprint >= blob.count)
                #expect(Blob(payload: blob.payload) == blob)
            }
            blob.free()
        }
    }

    @Test("Appending doubles, so that it moves rarely")
    func appending() {
        let nothing: [UInt8] = []
        let one: [UInt8] = [1]
        var blob = Blob.allocate(nothing.rawSpan)
        var moves = 0
        for _ in 0..<20_000 {
            let before = blob
            blob = blob.replacing(one.rawSpan, at: blob.count)
            if blob != before || blob.capacity != before.capacity { moves += 1 }
        }
        #expect(blob.count == 20_000)
        #expect(moves < 40)
        blob.free()
    }

    private final class Counted {
        static nonisolated(unsafe) var living = 0
        let value: Int
        init(_ value: Int) {
            self.value = value
            Counted.living += 1
        }
        deinit { Counted.living -= 1 }
    }

    @Test("An owned array keeps, swaps, hands out and ends its elements")
    func ownedArray() {
        do {
            var array = OwnedArray<Counted>()
            for number in 0..<100 { array.append(Counted(number)) }
            array.swapAt(0, 99)
            array.swapAt(5, 5)
            #expect(array[0].value == 99 && array[99].value == 0 && array[5].value == 5)
            array[7] = Counted(-7)
            #expect(array[7].value == -7 && Counted.living == 100)
            #expect(array.removeLast().value == 0)
            #expect(array.count == 99 && Counted.living == 99)
        }
        #expect(Counted.living == 0)
    }
}
