import Bytes

/// Which of several nodes has a key, by a client that spreads keys over nodes, and how many keys
/// move when there are more nodes or fewer.
public enum Partition {
    /// How a key finds its node.
    public enum Scheme: Sendable {
        /// The hash modulo the number of nodes.
        case modulo
        /// Consistent hashing: each node stands at many points of a ring, and a key belongs to
        /// the next point after its own.
        case ring
    }

    /// Points of the ring for each node.
    private static let points = 160

    /// The share of keys that have another node when there are `to` nodes instead of `from`.
    public static func moved(_ scheme: Scheme, from: Int, to: Int, keys: Int) -> Double {
        guard keys > 0 else { return 0 }
        let before = homes(scheme, nodes: from, keys: keys)
        let after = homes(scheme, nodes: to, keys: keys)
        return Double(zip(before, after).count { $0 != $1 }) / Double(keys)
    }

    /// The node of each key.
    static func homes(_ scheme: Scheme, nodes: Int, keys: Int) -> [Int] {
        switch scheme {
        case .modulo:
            return (0..<keys).map { Int(hash("key:\($0)") % UInt64(nodes)) }
        case .ring:
            var ring: [(point: UInt64, node: Int)] = []
            for node in 0..<nodes {
                for point in 0..<points { ring.append((hash("node\(node)-\(point)"), node)) }
            }
            ring.sort { $0.point < $1.point }
            return (0..<keys).map { key in
                let point = hash("key:\(key)")
                var low = 0
                var high = ring.count
                while low < high {
                    let middle = (low + high) / 2
                    if ring[middle].point >= point { high = middle } else { low = middle + 1 }
                }
                return ring[low % ring.count].node
            }
        }
    }

    private static func hash(_ text: String) -> UInt64 {
        SHA1.digest(Array(text.utf8).rawSpan).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
