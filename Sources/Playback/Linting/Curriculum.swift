/// The lessons that there are to be, in their order. Those that are not written yet may be linked
/// and required already, and lists show them as planned.
public enum Curriculum {
    /// A lesson by its file's name without the ending.
    public struct Lesson: Sendable {
        /// Its number.
        public var order: Int
        /// Its id.
        public var id: String
        /// What it is about.
        public var topic: String

        /// The name of its file.
        public var file: String { "\(order < 10 ? "0" : "")\(order)-\(id).md" }
    }

    /// All of them.
    public static let lessons: [Lesson] = [
        ("desk-and-library", "what a cache is"),
        ("latency-ladder", "what the network adds"),
        ("data-types", "the types of values"),
        ("memcached-strings-only", "what memcached keeps"),
        ("cache-aside", "from 200 ms to under 20 ms, and what that leaves out"),
        ("ttl", "how entries get old"),
        ("sessions", "people who are logged in"),
        ("stale-data", "when the cache is wrong"),
        ("stampede", "many misses at once"),
        ("eviction", "when memory is full"),
        ("leaderboard", "sorted sets"),
        ("pub-sub", "messages that nobody keeps"),
        ("realtime-analytics", "counting as it happens"),
        ("volatility", "what a restart loses"),
        ("rdb", "snapshots"),
        ("aof", "the log of writes"),
        ("backup-restore", "going back to yesterday"),
        ("replication", "copies that follow"),
        ("failover", "when the primary dies"),
        ("memcached-node-loss", "when a node of many dies"),
        ("scale-out-in", "adding and removing nodes"),
        ("pipelining", "fewer round trips"),
        ("threads-and-five-x", "what threads can do"),
        ("security", "who may do what"),
        ("drop-in", "one engine for another"),
        ("licence-history", "who may use what"),
        ("choose-an-engine", "which engine for which need"),
        ("black-friday", "all of it at once"),
    ].enumerated().map { Lesson(order: $0 + 1, id: $1.0, topic: $1.1) }

    /// The lesson of this id.
    public static func lesson(_ id: String) -> Lesson? { lessons.first { $0.id == id } }
}
