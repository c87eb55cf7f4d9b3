import Testing

@testable import Playback

@Suite struct ExpressionTests {
    @Test func quantities() {
        #expect(Quantity("200ms")?.base == 0.2)
    }
}
