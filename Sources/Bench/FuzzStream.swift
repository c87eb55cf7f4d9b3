import Bytes

/// One input of the fuzz: a stream of requests, damaged or not, and where to cut it.
struct FuzzStream {
    private(set) var bytes: [UInt8] = []
    private(set) var cuts: [Int] = []
    private var random: Random

    init(seed: UInt64) { random = Random(seed: seed) }

    /// Commands whose replies do not depend on how a stream is cut. In a pattern `k` is a key,
    /// `n` a number and `v` a value.
    private static let patterns: [[String]] = [
        "PING", "PING v", "ECHO v", "SET k v", "SET k v EX n", "SET k v NX GET", "GET k",
        "GETDEL k", "GETEX k PERSIST", "APPEND k v", "STRLEN k", "INCR k", "INCRBY k n",
        "INCRBYFLOAT k n", "SETRANGE k n v", "GETRANGE k n n", "MSET k v k v", "MGET k k k",
        "DEL k k", "EXISTS k k", "TYPE k", "RENAME k k", "COPY k k REPLACE", "MOVE k n",
        "EXPIRE k n", "TTL k", "PERSIST k", "SELECT n", "DBSIZE", "RANDOMKEY", "SCAN n",
        "KEYS v", "HELLO 3", "HELLO 2", "AUTH secret", "AUTH v", "RESET", "QUIT",
        "CLIENT REPLY ON", "CLIENT REPLY SKIP", "CLIENT ID", "COMMAND COUNT", "FLUSHDB",
        "OBJECT ENCODING k", "NOSUCH v v",
    ].map { $0.split(separator: " ").map(String.init) }

    /// What is put into streams: the bytes and words that the protocol is made of.
    private static let pieces: [[UInt8]] = [
        "\r\n", "\r", "\n", "*", "$", "0", "-1", "\0", "\"", "'", "\\", " ", "*0\r\n", "*-1\r\n",
        "*1\r\n", "*2147483647\r\n", "*2147483648\r\n", "$-1\r\n", "$0\r\n\r\n", "$20001\r\n",
        "$4294967296\r\n", "99999999999999999999", "\\x", "\"\" ", "*1\r\n$4\r\nPING\r\n",
        "PING\r\n", "\r\n\r\n", "+OK\r\n", ":1\r\n", "$16385\r\n", "*11\r\n",
    ].map { Array($0.utf8) }

    /// Makes the next input.
    mutating func make() {
        bytes.removeAll(keepingCapacity: true)
        for _ in 0..<1 + random.next(below: 5) { addRequest() }
        if random.next(below: 4) != 0 {
            for _ in 0..<1 + random.next(below: 3) { damage() }
        }
        if random.next(below: 20_000) == 0 { addLongLine() }
        cuts.removeAll(keepingCapacity: true)
        if bytes.isEmpty { return }
        if random.next(below: 50) == 0, bytes.count < 400 {
            cuts = Array(1..<bytes.count)
        } else {
            for _ in 0..<1 + random.next(below: 4) {
                cuts.append(random.next(below: bytes.count + 1))
            }
            cuts.sort()
        }
    }

    private mutating func addRequest() {
        let pattern = FuzzStream.patterns[random.next(below: FuzzStream.patterns.count)]
        let isInline = random.next(below: 5) == 0
        if !isInline { append("*\(pattern.count)\r\n") }
        for (index, symbol) in pattern.enumerated() {
            let word = word(symbol)
            if isInline {
                if index > 0 { append(" ") }
                bytes += word
            } else {
                append("$\(word.count)\r\n")
                bytes += word
                append("\r\n")
            }
        }
        if isInline { append(random.next(below: 2) == 0 ? "\r\n" : "\n") }
    }

    private mutating func word(_ symbol: String) -> [UInt8] {
        switch symbol {
        case "k": return [UInt8(ascii: "k"), UInt8(ascii: "a") + UInt8(random.next(below: 16))]
        case "n":
            let number = random.next(below: 8) == 0 ? 1 << 40 : random.next(below: 100)
            return Array(String(number).utf8)
        case "v":
            let length = random.next(below: 30) == 0 ? 300 : random.next(below: 12)
            return (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        default: return Array(symbol.utf8)
        }
    }

    private mutating func damage() {
        if bytes.isEmpty { return }
        let place = random.next(below: bytes.count)
        let length = min(bytes.count - place, 1 + random.next(below: 12))
        switch random.next(below: 7) {
        case 0: bytes[place] ^= 1 << UInt8(random.next(below: 8))
        case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeSubrange(place..<place + length)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        case 4: bytes.removeSubrange(place...)
        case 5:
            let piece = FuzzStream.pieces[random.next(below: FuzzStream.pieces.count)]
            bytes.replaceSubrange(place..<place + length, with: piece)
        default:
            let piece = FuzzStream.pieces[random.next(below: FuzzStream.pieces.count)]
            bytes.insert(contentsOf: piece, at: place)
        }
    }

    /// A line longer than any may be, or nearly.
    private mutating func addLongLine() {
        let heads = ["", "*", "*1\r\n$", "*2\r\n$4\r\nPING\r\n$"]
        append(heads[random.next(below: heads.count)])
        bytes += [UInt8](repeating: UInt8(ascii: "1"), count: 65_000 + random.next(below: 1200))
        append("\r\n")
    }

    private mutating func append(_ text: String) { bytes += Array(text.utf8) }
}
