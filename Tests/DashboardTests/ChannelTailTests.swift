import Bytes
import Testing

@testable import Dashboard

/// Messages are counted however many they are, and shown as many as eyes can follow.
@Suite struct ChannelTailTests {
    private func message(_ number: Int, at wall: Int64, on channel: String = "c") -> ChannelMessage
    {
        ChannelMessage(
            wall: wall, channel: Array(channel.utf8), text: Array("m\(number)".utf8))
    }

    private func take(_ gate: inout TailGate, _ tail: inout ChannelTail, at wall: Int64) -> Int {
        guard case .messages(let lines, let counts, _) = gate.empty(wall: wall) else { return -1 }
        tail.take(lines, counts, wall: wall)
        return lines.count
    }

    @Test func fiftyLinesASecondAreLetThrough() {
        var gate = TailGate()
        var tail = ChannelTail()
        for number in 0..<1000 { gate.take(message(number, at: 10_000 + Int64(number % 900))) }
        #expect(take(&gate, &tail, at: 10_900) == 50)
        #expect(tail.total == 1000 && tail.dropped == 950)
        // The second is not over, though they were taken meanwhile.
        gate.take(message(1, at: 10_950))
        #expect(take(&gate, &tail, at: 10_960) == 0)
        gate.take(message(2, at: 11_000))
        #expect(take(&gate, &tail, at: 11_000) == 1)
        #expect(tail.dropped == 951 && gate.isEmpty)
    }

    @Test func fiveHundredLinesAreKept() {
        var gate = TailGate()
        var tail = ChannelTail()
        for second in 0..<20 {
            for number in 0..<50 {
                gate.take(message(second * 50 + number, at: Int64(second) * 1000))
            }
            _ = take(&gate, &tail, at: Int64(second) * 1000)
        }
        #expect(tail.lines.count == 500 && tail.dropped == 0)
        #expect(tail.lines.last?.text == Array("m999".utf8))
        #expect(tail.lines.first?.text == Array("m500".utf8))
    }

    @Test func ratesAreOfTenSeconds() {
        var tail = ChannelTail()
        let name = ByteString("c")
        for second in 100..<130 {
            tail.take([], [ChannelCount(name: name.bytes, count: 20)], wall: Int64(second) * 1000)
        }
        #expect(tail.meters[name]?.rate(at: 130) == 20)
        #expect(tail.meters[name]?.rate(at: 135) == 10)
        #expect(tail.meters[name]?.rate(at: 200) == 0)
        #expect(tail.meters[name]?.total == 600)
    }

    @Test func channelsWithoutNumberAreOne() {
        var gate = TailGate()
        var tail = ChannelTail()
        for round in 0..<4 {
            for number in 0..<1000 {
                gate.take(message(number, at: Int64(round) * 1000, on: "c\(round)-\(number)"))
            }
            _ = take(&gate, &tail, at: Int64(round) * 1000)
        }
        #expect(tail.meters.count <= ChannelTail.channelLimit)
        #expect(tail.total == 4000)
    }
}
