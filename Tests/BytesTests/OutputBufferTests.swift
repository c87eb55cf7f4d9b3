import Testing

@testable import Bytes

@Suite struct OutputBufferTests {
    @Test func theFrontCanBeTakenAway() {
        var buffer = OutputBuffer(capacity: 64)
        buffer.append(Array("0123456789".utf8))
        buffer.removeFirst(4)
        buffer.append(UInt8(ascii: "x"))
        let text = buffer.bytes.text
        #expect(text == "456789x")
        buffer.removeFirst(7)
        let isEmpty = buffer.isEmpty
        #expect(isEmpty)
    }

    @Test func memoryIsGivenBack() {
        var buffer = OutputBuffer(capacity: 64)
        buffer.append([UInt8](repeating: 1, count: 1 << 20))
        buffer.removeAll(keepingAtMost: 1 << 16)
        let smaller = buffer.footprint
        #expect(smaller <= 4096)
        buffer.removeAll(keepingAtMost: 0)
        let smallest = buffer.footprint
        #expect(smallest == 64)
    }
}
