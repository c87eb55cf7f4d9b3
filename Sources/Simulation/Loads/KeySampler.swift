import Bytes
import Glibc

/// Draws the numbers of keys.
struct KeySampler {
    private let keys: ClosedRange<Int>
    private let choice: LoadPlan.Choice
    /// For each rank the chance of it and all before it.
    private var cumulative: [Double] = []
    private var position = 0

    init(_ keys: ClosedRange<Int>, _ choice: LoadPlan.Choice) {
        self.keys = keys
        self.choice = choice
        guard case .zipf(let exponent) = choice else { return }
        var sum = 0.0
        cumulative.reserveCapacity(keys.count)
        for rank in 1...keys.count {
            sum += pow(Double(rank), -exponent)
            cumulative.append(sum)
        }
    }

    mutating func draw(_ dice: inout Random) -> Int {
        switch choice {
        case .uniform: return keys.lowerBound + dice.next(below: keys.count)
        case .zipf: return keys.lowerBound + rank(dice.nextUnit() * (cumulative.last ?? 0))
        case .scan:
            defer { position += 1 }
            return keys.lowerBound + position % keys.count
        case .hot(let share):
            if keys.count == 1 || dice.nextUnit() < share { return keys.lowerBound }
            return keys.lowerBound + 1 + dice.next(below: keys.count - 1)
        }
    }

    /// The first rank up to which the chances are more than `point`.
    private func rank(_ point: Double) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > point { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
