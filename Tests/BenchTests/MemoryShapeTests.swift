import Testing

@testable import Bench

@Suite("What memory is measured with")
struct MemoryShapeTests {
    @Test func elementsAreAsLongAsIsSaid() {
        #expect(MemoryShape.hash.command(12) == ["HSET", "hash", "field:00000012", "value:12"])
        for shape in [MemoryShape.sortedSet, .set, .list] {
            let words = shape.command(999_999)
            #expect(words.last == "member:00999999")
            #expect(words.last?.utf8.count == 15)
        }
        #expect(MemoryShape.smallHashes.command(3).count == 22)
    }

    @Test func scoresAreAllDifferent() {
        let scores = Set((0..<10_000).map { MemoryShape.sortedSet.command($0)[2] })
        #expect(scores.count == 10_000)
    }
}
