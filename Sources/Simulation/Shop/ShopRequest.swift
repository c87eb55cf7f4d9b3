import Bytes

/// A request to the shop that is under way.
final class ShopRequest {
    /// What is to be done.
    enum Kind {
        /// Show a product.
        case read
        /// Change one.
        case write
        /// Fetch a product anew for the cache; nobody waits for it.
        case refresh
    }

    /// What it waits for.
    enum Phase {
        case lookup
        case query
        case fill
        case invalidation
        case done
    }

    let kind: Kind
    let product: Int
    let startedAt: UInt64
    /// The load that it belongs to; nil for a person's.
    let load: LoadRun?
    var phase = Phase.lookup
    /// The version that was acknowledged when it began: what it shows must not be older.
    let known: Int
    /// How often the product had been written when the lookup missed.
    var writes = 0
    /// The version that it has found.
    var version = 0
    /// Those that wait for the same product.
    var followers: [ShopRequest] = []
    var answer: ShopAnswer?

    init(_ kind: Kind, _ product: Int, at time: UInt64, known: Int, load: LoadRun?) {
        self.kind = kind
        self.product = product
        startedAt = time
        self.known = known
        self.load = load
    }
}
