import Bytes
import Engine

/// Random commands on few keys of several databases, of all types, with expiries, transactions
/// and a second session that waits and listens: what a test of memory plays step by step.
struct MemoryWorkload {
    private var random: Random
    private let keys: Int
    private let longest: Int

    /// - Parameters:
    ///   - keys: how many names there are.
    ///   - longest: the longest value, in bytes.
    init(seed: UInt64, keys: Int = 60, longest: Int = 3000) {
        random = Random(seed: seed)
        self.keys = keys
        self.longest = longest
    }

    private mutating func below(_ bound: Int) -> Int { random.next(below: bound) }

    private mutating func key(_ type: String) -> String { "\(type):\(below(keys))" }

    private mutating func value() -> String {
        // Mostly short; now and then one that needs a block of its own.
        let length = below(8) == 0 ? below(longest) + 1 : below(40) + 1
        return String(repeating: "v", count: length)
    }

    /// The next step: who sends what; nil is a tick after some time.
    mutating func next() -> (session: Int, line: String)? {
        switch below(40) {
        case 0: return nil
        case 1: return (0, "SELECT \(below(3))")
        case 2: return (0, ["MULTI", "EXEC", "EXEC", "DISCARD"][below(4)])
        case 3:
            return (
                0, ["WATCH \(key("s"))", "UNWATCH", "CLIENT SETNAME n\(below(1000))"][below(3)]
            )
        case 4: return (1, ["SUBSCRIBE c\(below(9))", "UNSUBSCRIBE", "PSUBSCRIBE p*"][below(3)])
        case 5: return (2, "BLPOP \(key("l")) \(key("l")) 0.5")
        case 6: return (0, whole())
        default: return (0, below(3) == 0 ? string() : collection())
        }
    }

    private mutating func whole() -> String {
        switch below(8) {
        case 0: "FLUSHDB ASYNC"
        case 1: "FLUSHDB"
        case 2: "SWAPDB \(below(3)) \(below(3))"
        case 3: "MOVE \(key("s")) \(below(3))"
        case 4: "COPY \(key("h")) \(key("h")) DB \(below(3)) REPLACE"
        case 5: "RENAME \(key("z")) \(key("z"))"
        case 6: "RENAME \(key("l")) \(key("s"))"
        default: "CONFIG SET maxmemory-samples \(below(10) + 1)"
        }
    }

    private mutating func string() -> String {
        let key = key("s")
        switch below(12) {
        case 0: return "SET \(key) \(value()) PX \(below(3000) + 1)"
        case 1: return "SET \(key) \(below(100_000))"
        case 2: return "APPEND \(key) \(value())"
        case 3: return "SETRANGE \(key) \(below(2000)) \(value())"
        case 4: return "INCR \(key)"
        case 5: return "DEL \(key)"
        case 6: return "PERSIST \(key)"
        case 7: return "GETEX \(key) PX \(below(3000) + 1)"
        case 8: return "GET \(key)"
        default: return "SET \(key) \(value())"
        }
    }

    private mutating func collection() -> String {
        let expiring = ["l", "h", "t", "z"][below(4)]
        switch below(18) {
        case 0, 1: return "RPUSH \(key("l")) \(value()) \(value())"
        case 2: return "LPOP \(key("l")) \(below(4) + 1)"
        case 3: return "LSET \(key("l")) 0 \(value())"
        case 4, 5: return "HSET \(key("h")) f\(below(200)) \(value())"
        case 6: return "HDEL \(key("h")) f\(below(200))"
        case 7, 8: return "SADD \(key("t")) \(below(300)) m\(below(300)) \(below(9))"
        case 9: return "SREM \(key("t")) \(below(300)) m\(below(300))"
        case 10, 11: return "ZADD \(key("z")) \(below(1000)) m\(below(300)) 7 \(value())"
        case 12: return "ZPOPMIN \(key("z")) \(below(4) + 1)"
        case 13: return "SUNIONSTORE \(key("t")) \(key("t")) \(key("t"))"
        case 14: return "LMOVE \(key("l")) \(key("l")) LEFT RIGHT"
        case 15: return "DEL \(key(expiring))"
        default: return "PEXPIRE \(key(expiring)) \(below(4000) + 1)"
        }
    }
}
