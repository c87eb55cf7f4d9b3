public import Engine

// What a node tells of itself, for whoever holds it in the same process; others send LARDER
// OBSERVE and get the same.

extension Node {
    /// The node at this moment: a copy, which may be looked at anywhere and for as long as one
    /// likes.
    /// - Parameters:
    ///   - database: whose hot and big keys are told.
    ///   - withPercentiles: also how long commands took, which takes longer to tell.
    public mutating func observe(
        database: Int = 0, withPercentiles: Bool = false
    ) -> Observation {
        store.observe(database: database, withPercentiles: withPercentiles)
    }
}
