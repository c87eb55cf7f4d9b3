// The tests of `larder bench` and the bytes they send. A test is a command with holes: twelve
// decimal digits where a key number goes. A batch is the command repeated, built once per
// connection; before each sending only the digits change, so the generator's own cost per command
// stays far below the server's.

/// A request in RESP form with the places of its key numbers.
struct RequestTemplate: Equatable {
    /// How many digits a key number has: `key:` and these make sixteen bytes.
    static let digits = 12

    private(set) var bytes: [UInt8] = []
    /// Where the digits of each key number begin.
    private(set) var holes: [Int] = []

    /// A request of the given words; `{n}` in a word stands for a key number.
    init(_ words: [String]) {
        append("*\(words.count)\r\n")
        for word in words {
            let pieces = word.split(separator: "{n}", omittingEmptySubsequences: false)
            let length = word.utf8.count + (pieces.count - 1) * (Self.digits - 3)
            append("$\(length)\r\n")
            for (index, piece) in pieces.enumerated() {
                if index > 0 {
                    holes.append(bytes.count)
                    append(String(repeating: "0", count: Self.digits))
                }
                append(String(piece))
            }
            append("\r\n")
        }
    }

    /// Bytes that are sent as they are.
    init(verbatim text: String) { append(text) }

    /// The same request several times in a row.
    func repeated(_ count: Int) -> RequestTemplate {
        var batch = self
        batch.bytes.reserveCapacity(bytes.count * count)
        for index in 1..<max(1, count) {
            batch.bytes += bytes
            batch.holes += holes.map { $0 + index * bytes.count }
        }
        return batch
    }

    private mutating func append(_ text: String) { bytes += Array(text.utf8) }

    /// Writes a number as twelve digits, leading zeros included.
    static func patch(_ bytes: inout MutableSpan<UInt8>, at offset: Int, with number: UInt64) {
        var rest = number
        var position = offset + digits
        while position > offset {
            position -= 1
            let quotient = rest / 10
            bytes[position] = UInt8(truncatingIfNeeded: rest &- quotient &* 10) &+ 0x30
            rest = quotient
        }
    }
}

/// Random numbers that depend on the seed alone (splitmix64).
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number from zero to just below the bound.
    mutating func next(below bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }
}

/// Which key numbers a run uses.
enum KeyChoice {
    /// Any of the first so many.
    case random(below: UInt64, seed: UInt64)
    /// Each once, upward from the first.
    case sequential(from: UInt64)
    /// In turns any of the first so many, and each once, upward from zero.
    case randomAndUpward(below: UInt64, seed: UInt64)
}

/// The key numbers of a run, one after the other.
struct KeySequence {
    private let choice: KeyChoice
    private var numbers: SeededNumbers
    private var upward: UInt64 = 0
    /// True when the next number is one that counts upward.
    private var isSecond = false

    init(_ choice: KeyChoice) {
        self.choice = choice
        switch choice {
        case .random(_, let seed), .randomAndUpward(_, let seed):
            numbers = SeededNumbers(seed: seed)
        case .sequential(let first):
            numbers = SeededNumbers(seed: 0)
            upward = first
        }
    }

    private mutating func next() -> UInt64 {
        switch choice {
        case .random(let bound, _): return numbers.next(below: max(1, bound))
        case .sequential: break
        case .randomAndUpward(let bound, _):
            isSecond.toggle()
            if isSecond { return numbers.next(below: max(1, bound)) }
        }
        upward += 1
        return upward - 1
    }

    /// Writes the next numbers into the holes of a batch that begins at `start`.
    mutating func patch(_ bytes: inout [UInt8], from start: Int = 0, at holes: ArraySlice<Int>) {
        var span = bytes.mutableSpan
        for hole in holes {
            RequestTemplate.patch(&span, at: start + hole, with: next())
        }
    }
}

/// One of the tests that `-t` names.
public struct BenchTest: Sendable {
    /// What must hold of the server's data before the test.
    enum Preparation: Sendable {
        case nothing
        /// Every key of the keyspace holds a string.
        case strings
        /// The list holds at least so many elements.
        case list(Int)
        /// The collection of the kind holds an element for each request to take.
        case stock(Stock)
    }

    /// A collection that a test takes elements from.
    enum Stock: Sendable {
        case list
        case set
        case sortedSet

        /// What tells how many elements there are.
        var counting: [String] {
            switch self {
            case .list: ["LLEN", "mylist"]
            case .set: ["SCARD", "myset"]
            case .sortedSet: ["ZCARD", "myzset"]
            }
        }

        /// What adds an element.
        func adding(_ data: String) -> [String] {
            switch self {
            case .list: ["RPUSH", "mylist", data]
            case .set: ["SADD", "myset", "element:{n}"]
            case .sortedSet: ["ZADD", "myzset", "{n}", "element:{n}"]
            }
        }
    }

    /// The name for `-t`, as redis-benchmark has it.
    public let name: String
    /// Whether a run without `-t` includes it.
    public let isDefault: Bool
    let preparation: Preparation
    let words: @Sendable (_ data: String) -> [String]

    init(
        _ name: String, isDefault: Bool = false, preparation: Preparation = .nothing,
        _ words: @escaping @Sendable (_ data: String) -> [String]
    ) {
        self.name = name
        self.isDefault = isDefault
        self.preparation = preparation
        self.words = words
    }

    func template(dataSize: Int) -> RequestTemplate {
        if name == "ping_inline" { return RequestTemplate(verbatim: "PING\r\n") }
        return RequestTemplate(words(String(repeating: "x", count: dataSize)))
    }

    /// Every test, in the order in which they run.
    public static let all: [BenchTest] = [
        BenchTest("ping_inline", isDefault: true) { _ in [] },
        BenchTest("ping_mbulk", isDefault: true) { _ in ["PING"] },
        BenchTest("set", isDefault: true) { ["SET", "key:{n}", $0] },
        BenchTest("get", isDefault: true, preparation: .strings) { _ in ["GET", "key:{n}"] },
        BenchTest("incr", isDefault: true) { _ in ["INCR", "counter:{n}"] },
        BenchTest("lpush") { ["LPUSH", "mylist", $0] },
        BenchTest("rpush") { ["RPUSH", "mylist", $0] },
        BenchTest("lpop", preparation: .stock(.list)) { _ in ["LPOP", "mylist"] },
        BenchTest("rpop", preparation: .stock(.list)) { _ in ["RPOP", "mylist"] },
        BenchTest("sadd") { _ in ["SADD", "myset", "element:{n}"] },
        BenchTest("hset") { ["HSET", "myhash", "element:{n}", $0] },
        BenchTest("spop", preparation: .stock(.set)) { _ in ["SPOP", "myset"] },
        BenchTest("zadd") { _ in ["ZADD", "myzset", "{n}", "element:{n}"] },
        BenchTest("zpopmin", preparation: .stock(.sortedSet)) { _ in ["ZPOPMIN", "myzset"] },
        BenchTest("lrange_100", preparation: .list(300)) { _ in ["LRANGE", "mylist", "0", "99"] },
        BenchTest("lrange_300", preparation: .list(300)) { _ in ["LRANGE", "mylist", "0", "299"] },
        BenchTest("mset", isDefault: true) { data in
            ["MSET"] + (0..<10).flatMap { _ in ["key:{n}", data] }
        },
    ]

    /// The tests of a list of names, or the default ones.
    public static func named(_ names: [String]) throws(BenchError) -> [BenchTest] {
        if names.isEmpty { return all.filter(\.isDefault) }
        var chosen: [BenchTest] = []
        for name in names {
            guard let test = all.first(where: { $0.name == name.lowercased() }) else {
                let known = all.map(\.name).joined(separator: ", ")
                throw BenchError("there is no test '\(name)'; there are \(known)")
            }
            chosen.append(test)
        }
        return chosen
    }
}
