/// A stopwatch on which each command takes as long as a test says.
final class StepClock {
    private var now: UInt64 = 0
    /// Nanoseconds that pass between two looks.
    var step: UInt64 = 0

    /// Reads it.
    func read() -> UInt64 {
        now += step
        return now
    }
}
