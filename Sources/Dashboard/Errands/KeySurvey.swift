import Bytes

// What a walk over the keys tells: the tree of names, types, sizes, times to live, the biggest
// keys and those used most. All of it is bounded. A walk that is not over is a sample: SCAN goes
// through the keys in the order of their hashes, which has nothing to do with what they are.

/// What is known of the keys that were seen.
public struct KeySurvey: Equatable, Sendable {
    /// A count and its bytes.
    struct Share: Equatable, Sendable {
        var keys = 0
        var bytes = 0

        mutating func add(_ size: Int) {
            keys += 1
            bytes += size
        }
    }

    /// Keys that were seen.
    private(set) var seen = 0
    /// Bytes of these.
    private(set) var bytes = 0
    /// Keys that there are.
    private(set) var total = 0
    /// True when all keys were seen.
    private(set) var isWhole = false
    /// When the last page came, in milliseconds since 1970.
    private(set) var wall: Int64 = 0
    /// The names.
    private(set) var tree = KeyTree()
    /// By type.
    private(set) var types: [String: Share] = [:]
    /// By the classes of ``sizes``.
    private(set) var sizeClasses = Array(repeating: Share(), count: sizes.count)
    /// By the classes of ``lifetimes``.
    private(set) var lifetimeClasses = Array(repeating: Share(), count: lifetimes.count)
    /// The biggest.
    private(set) var biggest: [SeenKey] = []
    /// Those used most, where that is counted.
    private(set) var hottest: [SeenKey] = []

    /// So many of the biggest and hottest keys are kept.
    static let rowLimit = 64

    /// The classes of sizes: up to so many bytes.
    static let sizes: [(label: String, limit: Int)] = [
        ("to 64", 64), ("to 256", 256), ("to 1K", 1024), ("to 4K", 4096), ("to 16K", 16_384),
        ("to 64K", 65_536), ("to 1M", 1_048_576), ("above", .max),
    ]

    /// The classes of times to live: up to so many milliseconds. Keys that never expire are last.
    static let lifetimes: [(label: String, limit: Int)] = [
        ("to 10s", 10_000), ("to 1m", 60_000), ("to 10m", 600_000), ("to 1h", 3_600_000),
        ("to 1d", 86_400_000), ("to 7d", 604_800_000), ("longer", .max), ("never", -1),
    ]

    /// Nothing was seen.
    public init() {}

    /// Takes a page.
    mutating func take(_ page: KeyPage) {
        total = page.total
        wall = page.wall
        isWhole = page.isLast
        for key in page.keys {
            seen += 1
            bytes += key.bytes
            tree.add(key)
            types[key.type, default: Share()].add(key.bytes)
            let size = Self.sizes.firstIndex { key.bytes <= $0.limit } ?? Self.sizes.count - 1
            sizeClasses[size].add(key.bytes)
            let last = Self.lifetimes.count - 1
            let life =
                key.left < 0
                ? last : Self.lifetimes[..<last].firstIndex { key.left <= $0.limit } ?? last - 1
            lifetimeClasses[life].add(key.bytes)
            Self.keep(key, in: &biggest) { $0.bytes }
            if key.frequency != nil { Self.keep(key, in: &hottest) { $0.frequency ?? 0 } }
        }
    }

    private static func keep(
        _ key: SeenKey, in rows: inout [SeenKey], by rank: (SeenKey) -> Int
    ) {
        if rows.count == rowLimit, let last = rows.last, rank(last) >= rank(key) { return }
        // A rehash may show a key twice.
        if let known = rows.firstIndex(where: { $0.name == key.name }) { rows.remove(at: known) }
        let place = rows.firstIndex { rank($0) < rank(key) } ?? rows.count
        rows.insert(key, at: place)
        if rows.count > rowLimit { rows.removeLast() }
    }

    /// How much of the keys was seen, in words: with `~` while it is a sample.
    var remark: String {
        let all = Amount.count(Double(max(total, seen)))
        if isWhole { return "all \(Amount.count(Double(seen))) keys" }
        return "~ \(Amount.count(Double(seen))) of \(all) keys"
    }

    /// The half width of the interval in which a share of the keys lies, 19 times of 20, in
    /// hundredths; 0 when all keys were seen.
    var error: Double {
        guard !isWhole, seen > 0 else { return 0 }
        let unseen = max(1 - Double(seen) / Double(max(total, seen)), 0)
        return min(98 / Double(seen).squareRoot() * unseen.squareRoot(), 100)
    }
}
