import Bytes
import Engine
import Server
import Terminal

// What the dashboard itself costs: processor time of the process and of the thread that draws,
// time and bytes of frames. For whoever works on it, by an option that the help does not show.

/// How the dashboard is measured.
public struct Measuring: Sendable {
    /// For how long, in seconds, after a little time to settle.
    public var seconds: Int
    /// True when every cell of every frame is to differ from the frame before: the worst case.
    public var scrambles: Bool

    /// A measurement.
    public init(seconds: Int, scrambles: Bool = false) {
        self.seconds = seconds
        self.scrambles = scrambles
    }
}

/// Counts what frames cost.
struct FrameCosts {
    private struct Spread {
        var sum = 0.0
        var most = 0.0
        var count = 0

        mutating func add(_ value: Double) {
            sum += value
            most = max(most, value)
            count += 1
        }

        var mean: Double { count > 0 ? sum / Double(count) : 0 }
    }

    /// Nanoseconds after which counting begins.
    private static let settling: UInt64 = 3_000_000_000

    let measuring: Measuring
    private let began = SystemClock.monotonicNanoseconds()
    private var start: (instant: UInt64, facts: HostFacts, dropped: Int)?
    private var builds = Spread()
    private var draws = Spread()
    private var bytes = Spread()
    private var samples = 0
    private var unchanged = 0
    private var frames = 0

    init(_ measuring: Measuring) { self.measuring = measuring }

    private static func facts() -> HostFacts {
        var facts = HostFacts()
        SystemFacts.refresh(&facts)
        return facts
    }

    /// Milliseconds until it is over; 0 then. Begins to count when things have settled.
    mutating func left(_ screen: FullScreen) -> Int {
        let now = SystemClock.monotonicNanoseconds()
        if start == nil {
            guard now >= began + Self.settling else {
                return Int((began + Self.settling - now) / 1_000_000) + 1
            }
            start = (now, Self.facts(), screen.framesDropped)
            samples = 0
        }
        let end = (start?.instant ?? now) + UInt64(measuring.seconds) * 1_000_000_000
        return now >= end ? 0 : Int((end - now) / 1_000_000) + 1
    }

    mutating func take(samples count: Int) { samples += count }

    /// Takes a frame: when it was begun, when it was built, and what became of it.
    mutating func take(_ begun: UInt64, _ built: UInt64, _ outcome: FullScreen.Outcome) {
        guard start != nil else { return }
        frames += 1
        builds.add(Double(built - begun) / 1e6)
        draws.add(Double(SystemClock.monotonicNanoseconds() - built) / 1e6)
        switch outcome {
        case .shown(let count): bytes.add(Double(count))
        case .unchanged: unchanged += 1
        case .dropped: break
        }
    }

    /// What was found.
    func report(_ screen: FullScreen, _ size: TerminalSize) -> String {
        guard let start else { return "too short to tell\n" }
        let facts = Self.facts()
        let seconds = Double(SystemClock.monotonicNanoseconds() - start.instant) / 1e9
        func share(_ time: (HostFacts) -> Double) -> String {
            Amount.decimals((time(facts) - time(start.facts)) / seconds * 100, 2) + " %"
        }
        func text(_ spread: Spread, _ decimals: Int, _ unit: String) -> String {
            "mean \(Amount.decimals(spread.mean, decimals))\(unit), "
                + "most \(Amount.decimals(spread.most, decimals))\(unit)"
        }
        let all = bytes.sum / seconds
        return """
            \(size.columns)x\(size.rows), \(Amount.decimals(seconds, 1)) s, \(samples) samples
            processor: \(share { $0.userTime + $0.systemTime }) of a core, of that drawing \
            \(share { $0.threadUserTime + $0.threadSystemTime })
            frames: \(frames) built, \(bytes.count) shown, \(unchanged) unchanged, \
            \(screen.framesDropped - start.dropped) dropped
            build: \(text(builds, 3, " ms"))
            draw: \(text(draws, 3, " ms"))
            bytes of a frame: \(text(bytes, 0, "")); \(Amount.decimals(all, 0)) a second
            memory: \(facts.residentMemory / 1024) KiB

            """
    }

    /// The same picture with every cell another one, which no two frames in a row share.
    static func scrambled(_ grid: CellGrid, _ round: Int) -> CellGrid {
        var grid = grid
        let colors = [Style(.ansi(1)), Style(.ansi(4)), Style(.ansi(6))].map { CellStyle($0) }
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let number = row &* 31 &+ column &* 17 &+ round &* 97
                let scalar = Unicode.Scalar(UInt32(0x2801 + number & 0x7F)) ?? "?"
                grid.set(scalar, row: row, column: column, colors[(column / 8 + round) % 3])
            }
        }
        return grid
    }
}
