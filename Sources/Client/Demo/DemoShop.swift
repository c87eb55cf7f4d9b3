import Bytes
import Glibc
import Wire

/// The commands of a small shop, so that a newcomer has something to look at: visitors with
/// sessions, a product cache that is filled on a miss, a board of the day's best buyers, chat
/// channels, a rate limiter and a queue of mails.
///
/// The shop is a machine as a node is one: a turn of it says what to send, the replies say what
/// follows, and the same seed says the same. All its keys begin with `shop:`, and all of them but
/// the board have a time to live.
struct DemoShop {
    /// The name before all keys and channels.
    static let prefix = "shop:"
    /// The channels that somebody listens to.
    static let channels = ["lobby", "help", "offers", "orders"].map { prefix + "chat:" + $0 }
    /// The pattern that one more listens to.
    static let pattern = prefix + "chat:o*"
    /// How long a turn is, in milliseconds.
    static let turn = 50

    private static let products = 12_000
    private static let visitors = 400
    /// Seconds from one rush of visitors to the next.
    private static let tide = 40.0

    private var random: Random
    /// Turns so far.
    private var turns = 0
    /// Which products the last turn asked for, by the place of the request.
    private var asked: [(place: Int, product: Int)] = []

    init(seed: UInt64) { random = Random(seed: seed) }

    /// The requests of the next turn.
    mutating func next() -> [[String]] {
        let seconds = Double(turns * DemoShop.turn) / 1000
        turns += 1
        // Visitors come and go like a tide, so that the graphs have something to draw.
        let rush = 1 + 0.5 * sin(2 * .pi * seconds / DemoShop.tide)
        var requests: [[String]] = []
        asked = []
        for _ in 0..<max(1, Int((4 * rush).rounded())) { visit(&requests) }
        for _ in 0..<Int((8 * rush).rounded()) { look(&requests) }
        if random.next(below: 3) == 0 { order(&requests) }
        if random.next(below: 2) == 0 { chat(&requests) }
        return requests
    }

    /// What follows from the replies to a turn: products that were not there are put there.
    mutating func follow(_ replies: [RESPValue]) -> [[String]] {
        var requests: [[String]] = []
        for (place, product) in asked where place < replies.count {
            guard case .null = replies[place] else { continue }
            let key = DemoShop.prefix + "product:\(product)"
            requests.append(["SET", key, page(of: product), "EX", "\(60 + random.next(below: 60))"])
        }
        return requests
    }

    // MARK: What happens in the shop

    /// Somebody comes by: the session is renewed, and the rate limiter counts.
    private mutating func visit(_ requests: inout [[String]]) {
        let visitor = skewed(DemoShop.visitors)
        let session = DemoShop.prefix + "session:\(visitor)"
        requests.append([
            "HSET", session, "user", DemoShop.name(visitor), "page", "\(random.next(below: 40))",
            "cart", "\(random.next(below: 6))",
        ])
        requests.append(["EXPIRE", session, "900"])
        let limit = DemoShop.prefix + "rate:\(visitor)"
        requests.append(["INCR", limit])
        requests.append(["EXPIRE", limit, "10", "NX"])
        if random.next(below: 5) == 0 { requests.append(["HGETALL", session]) }
    }

    /// Somebody looks at a product, the popular ones far more often than the others.
    private mutating func look(_ requests: inout [[String]]) {
        let product = skewed(DemoShop.products)
        asked.append((requests.count, product))
        requests.append(["GET", DemoShop.prefix + "product:\(product)"])
    }

    /// Somebody buys: points for the board, a mail to be sent, tags for the warehouse.
    private mutating func order(_ requests: inout [[String]]) {
        let buyer = DemoShop.name(skewed(DemoShop.visitors))
        let board = DemoShop.prefix + "board:today"
        requests.append(["ZINCRBY", board, "\(5 + random.next(below: 95))", buyer])
        requests.append(["ZREVRANK", board, buyer])
        let queue = DemoShop.prefix + "queue:mail"
        requests.append(["LPUSH", queue, "order of \(buyer)"])
        requests.append(["EXPIRE", queue, "600"])
        if random.next(below: 4) != 0 { requests.append(["RPOP", queue]) }
        let tags = DemoShop.prefix + "tags:\(random.next(below: 20))"
        requests.append(["SADD", tags, "\(skewed(DemoShop.products))"])
        requests.append(["EXPIRE", tags, "300"])
    }

    /// Somebody says something.
    private mutating func chat(_ requests: inout [[String]]) {
        let channel = DemoShop.channels[skewed(DemoShop.channels.count)]
        let text = DemoShop.sentences[random.next(below: DemoShop.sentences.count)]
        let speaker = DemoShop.name(skewed(DemoShop.visitors))
        requests.append(["PUBLISH", channel, "\(speaker): \(text)"])
    }

    // MARK: Words and chances

    /// A number below `bound`, small ones far more often: the chance of each falls as one over
    /// its place, as with the popularity of products.
    private mutating func skewed(_ bound: Int) -> Int {
        min(bound - 1, Int(pow(Double(bound), random.nextUnit())) - 1)
    }

    /// A product's page, one to eight kilobytes; the same product always has the same size.
    private func page(of product: Int) -> String {
        let sentence = "Product \(product), well made, sent tomorrow, sent back for a month. "
        return String(repeating: sentence, count: 16 + product * 37 % 112)
    }

    private static func name(_ visitor: Int) -> String {
        let first = names[visitor % names.count]
        return visitor < names.count ? first : first + "\(visitor / names.count)"
    }

    private static let names = [
        "ada", "linus", "grace", "edsger", "barbara", "donald", "alan", "margaret", "dennis",
        "frances", "ken", "radia", "tony", "hedy", "niklaus", "karen", "leslie", "sophie", "john",
        "mary", "claude", "jean", "vint", "lynn", "bjarne", "shafi", "robin", "adele", "peter",
        "anita",
    ]

    private static let sentences = [
        "good morning", "is the blue one back?", "thank you", "where is my parcel?",
        "the kettle is lovely", "two for the price of one", "who beats ada today?",
        "ordered just now", "see you tomorrow", "does it come in green?",
    ]
}
