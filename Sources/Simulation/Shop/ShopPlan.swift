/// What the shop of a world is: an application that shows products out of a database, with a
/// cache in front of it if its strategy says so.
public struct ShopPlan: Sendable, Equatable {
    /// How it uses the cache at the beginning.
    public var strategy = Strategy.none
    /// Nanoseconds of the application's own for each command to the cache, beyond the link.
    public var cacheCost: UInt64 = 0
    /// The session on which it talks to the cache.
    public var session = "app"
    /// Bytes of a product in the cache, at least.
    public var valueBytes = 0

    /// A shop that uses no cache.
    public init() {}

    /// How the cache is used.
    public struct Strategy: Sendable, Equatable {
        /// What a write does with the copy in the cache.
        public enum OnWrite: String, Sendable, CaseIterable {
            /// Nothing.
            case leave
            /// It deletes it.
            case delete
            /// It replaces it.
            case update
        }

        /// False when every request goes to the database.
        public var usesCache: Bool
        /// Nanoseconds that a copy lives.
        public var timeToLive: UInt64
        /// Up to so many nanoseconds more, by chance, so that copies do not die together.
        public var jitter: UInt64 = 0
        /// What a write does with the copy.
        public var onWrite = OnWrite.leave
        /// True when of those that miss the same product one asks the database and the others
        /// wait for its answer.
        public var isSingleFlight = false
        /// True when a reader fills only what has not been written since it missed.
        public var guardsFills = false
        /// True when a reader fills only what nobody else has filled meanwhile (SET … NX).
        public var fillsIfAbsent = false
        /// A hit that finds its copy in the last so many nanoseconds of its life lets it be
        /// fetched anew, and does not wait for that; 0 for never.
        public var early: UInt64 = 0

        /// A strategy.
        public init(usesCache: Bool, timeToLive: UInt64 = 300_000_000_000) {
            self.usesCache = usesCache
            self.timeToLive = timeToLive
        }

        /// Every request asks the database.
        public static let none = Strategy(usesCache: false)

        /// What it does, in a line: `cache-aside, ttl 300s, delete on write`.
        public var summary: String {
            guard usesCache else { return "none" }
            var parts = [onWrite == .update ? "write-through" : "cache-aside"]
            var life = "ttl \(Durations.short(timeToLive))"
            if jitter > 0 { life += " + up to \(Durations.short(jitter))" }
            parts.append(life)
            if isSingleFlight { parts.append("single-flight") }
            if onWrite == .delete { parts.append("delete on write") }
            if guardsFills { parts.append("guarded fills") }
            if fillsIfAbsent { parts.append("fill if absent") }
            if early > 0 { parts.append("early refresh \(Durations.short(early))") }
            return parts.joined(separator: ", ")
        }
    }
}

/// What the shop answered.
public struct ShopAnswer: Sendable, Equatable {
    /// Where the answer came from.
    public enum Source: String, Sendable {
        /// From the database.
        case database = "db"
        /// From the cache.
        case cache
    }

    /// 200, 404 for no such product, 503 when it could not be had.
    public var status: Int
    /// The product's number.
    public var product: Int
    /// Where it came from; nil for a write.
    public var source: Source?
    /// The version that was shown, or written; 0 when it is not known.
    public var version: Int
    /// True when a later version had been written before the request began.
    public var isStale: Bool
    /// Nanoseconds that it took.
    public var time: UInt64

    /// As the shop prints it: `200 OK product=42 source=db time=203ms`.
    public var line: String {
        let reasons = [200: "OK", 404: "Not Found", 503: "Service Unavailable"]
        var words = ["\(status)", reasons[status] ?? "", "product=\(product)"]
        if status == 200 {
            words.append(source.map { "source=\($0.rawValue)" } ?? "version=\(version)")
        }
        words.append("time=\(Durations.rounded(time))")
        if isStale { words.append("stale") }
        return words.joined(separator: " ")
    }
}

/// Durations in words.
enum Durations {
    /// The whole duration in its largest whole unit: `300s`, `1500ms`.
    static func short(_ nanoseconds: UInt64) -> String {
        for (unit, size) in [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000)]
        where nanoseconds.isMultiple(of: UInt64(size)) {
            return "\(nanoseconds / UInt64(size))\(unit)"
        }
        return "\(nanoseconds)ns"
    }

    /// About, in milliseconds: `203ms`, `1ms`, `0.5ms`.
    static func rounded(_ nanoseconds: UInt64) -> String {
        if nanoseconds >= 950_000 { return "\((nanoseconds + 500_000) / 1_000_000)ms" }
        let hundredths = (nanoseconds + 5_000) / 10_000
        if hundredths.isMultiple(of: 10) { return "0.\(hundredths / 10)ms" }
        return "0.\(hundredths < 10 ? "0" : "")\(hundredths)ms"
    }
}
