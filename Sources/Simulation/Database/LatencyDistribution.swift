public import Bytes
import Glibc

/// How long something takes: a distribution to draw from.
public struct LatencyDistribution: Sendable, Equatable {
    /// The shape.
    public enum Shape: Sendable, Equatable {
        /// Always the same.
        case constant(UInt64)
        /// A bell around a mean.
        case normal(mean: UInt64, deviation: UInt64)
        /// Each in a range as likely.
        case uniform(UInt64, UInt64)
        /// Most are near the median and a few far above: a bell on a logarithmic scale, whose
        /// deviation is `sigma`, the natural logarithm of a factor.
        case logNormal(median: UInt64, sigma: Double)
    }

    /// The shape, in nanoseconds.
    public var shape: Shape
    /// The least that is ever drawn, in nanoseconds.
    public var minimum: UInt64

    /// A distribution in nanoseconds.
    public init(_ shape: Shape, minimum: UInt64 = 0) {
        self.shape = shape
        self.minimum = minimum
    }

    /// Draws one, in nanoseconds.
    public func draw(_ dice: inout Random) -> UInt64 {
        let drawn: Double
        switch shape {
        case .constant(let value): return max(minimum, value)
        case .normal(let mean, let deviation):
            drawn = Double(mean) + Double(deviation) * LatencyDistribution.bell(&dice)
        case .uniform(let low, let high):
            guard high > low else { return max(minimum, low) }
            return max(minimum, low + dice.next(below: high - low + 1))
        case .logNormal(let median, let sigma):
            drawn = Double(median) * exp(sigma * LatencyDistribution.bell(&dice))
        }
        return max(minimum, UInt64(max(0, min(drawn, 1e18))))
    }

    /// A number from the bell with mean 0 and deviation 1 (Box and Muller, 1958).
    private static func bell(_ dice: inout Random) -> Double {
        let radius = sqrt(-2 * log(1 - dice.nextUnit()))
        return radius * cos(2 * Double.pi * dice.nextUnit())
    }
}
