public import Bytes
public import Engine

// What a node tells of itself, for whoever holds it in the same process; others send LARDER
// OBSERVE and get the same.

extension Node {
    /// The node at this moment: a copy, which may be looked at anywhere and for as long as one
    /// likes.
    /// - Parameters:
    ///   - depth: how much of it.
    ///   - database: whose hot and big keys and beginnings of names are told.
    ///   - now: the time; without it that of the last turn holds.
    public mutating func observe(
        _ depth: Observation.Depth = .tables, database: Int = 0, at now: Tick? = nil
    ) -> Observation {
        if let now { store.latch(now) }
        return store.observe(depth, database: database)
    }
}
