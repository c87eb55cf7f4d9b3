// What `larder bench --memory` fills servers with. A shape says which command brings its element
// number n, so that two servers get the same elements in the same order.

/// Into what kind of value the measured memory goes.
public enum MemoryShape: String, CaseIterable, Sendable {
    /// Strings: a key of 16 bytes each, and values as long as asked for.
    case strings
    /// One hash with a field for each element: 14 bytes, and a value like `value:12`.
    case hash
    /// Hashes of ten small fields each.
    case smallHashes = "small-hashes"
    /// One sorted set with a member of 15 bytes for each element; their scores are all different
    /// and come in no order.
    case sortedSet = "zset"
    /// One set with a member of 15 bytes for each element.
    case set
    /// One list with an element of 15 bytes each.
    case list
    /// Keys of all types: strings short and long, numbers, and small collections; some expire.
    case mixed

    /// The numbers of elements that are measured unless others are asked for.
    public var counts: [Int] {
        switch self {
        case .strings: [600_000, 1_000_000, 1_600_000]
        case .smallHashes: [100_000]
        case .hash, .sortedSet, .set, .list, .mixed: [1_000_000]
        }
    }

    /// What one of the counted things is.
    var element: String {
        switch self {
        case .strings: "key"
        case .hash: "field"
        case .smallHashes: "hash"
        case .sortedSet, .set: "member"
        case .list: "element"
        case .mixed: "key"
        }
    }

    /// More than one of them.
    var elements: String { self == .smallHashes ? "hashes" : element + "s" }

    /// What the things are, for the head of a report; nil for strings, which have options.
    var account: String? {
        switch self {
        case .strings: nil
        case .hash: "one hash, fields like field:00000012 with values like value:12"
        case .smallHashes: "hashes of ten fields like field:1 with values like value:12"
        case .sortedSet: "one sorted set, members of 15 bytes"
        case .set: "one set, members of 15 bytes"
        case .list: "one list, elements of 15 bytes"
        case .mixed: "strings, numbers and small collections; some expire"
        }
    }

    /// The command that brings the element with this number; strings are not filled this way.
    func command(_ number: Int) -> [String] {
        switch self {
        case .strings: ["SET", "key:" + MemoryShape.padded(number, 12), ""]
        case .hash: ["HSET", "hash", "field:" + MemoryShape.padded(number, 8), "value:\(number)"]
        case .smallHashes:
            ["HSET", "hash:" + MemoryShape.padded(number, 8)]
                + (0..<10).flatMap { ["field:\($0)", "value:\(number % 90 + $0)"] }
        case .sortedSet:
            // An odd factor takes each 32-bit number to another one.
            [
                "ZADD", "board", String(UInt32(truncatingIfNeeded: number) &* 2_654_435_761),
                "member:" + MemoryShape.padded(number, 8),
            ]
        case .set: ["SADD", "set", "member:" + MemoryShape.padded(number, 8)]
        case .list: ["RPUSH", "list", "member:" + MemoryShape.padded(number, 8)]
        case .mixed: MemoryShape.mixed(number)
        }
    }

    /// One key of a dataset as caches have it.
    private static func mixed(_ number: Int) -> [String] {
        let name = padded(number, 8)
        func text(_ length: Int) -> String { String(repeating: "x", count: length) }
        switch number % 10 {
        case 0: return ["SET", "counter:" + name, String(number)]
        case 1: return ["SET", "session:" + name, text(20 + number % 60), "EX", "100000"]
        case 2: return ["SET", "page:" + name, text(100 + number % 400)]
        case 3: return ["SET", "blob:" + name, text(number % 7 == 0 ? 4000 : 900)]
        case 4, 5:
            return ["HSET", "user:" + name]
                + (0..<6).flatMap { ["field:\($0)", "value:\(number % 1000 + $0)"] }
        case 6:
            return ["RPUSH", "queue:" + name] + (0..<number % 20 + 1).map { "job:\(number + $0)" }
        case 7: return ["SADD", "tags:" + name] + (0..<5).map { "tag:\(number % 97 + $0)" }
        case 8: return ["SADD", "ids:" + name] + (0..<10).map { String(number + $0 * 7) }
        default:
            return ["ZADD", "board:" + name]
                + (0..<6).flatMap { [String(number % 100 + $0), "player:\($0)"] }
        }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension BenchServer {
    /// Sends the commands for a range of elements, a thousand at a time.
    func fill(
        _ shape: MemoryShape, _ elements: Range<Int>, _ report: BenchReport
    ) throws(BenchError) {
        let control = try ControlConnection(address)
        var next = elements.lowerBound
        while next < elements.upperBound {
            try Interruption.check()
            let end = min(next + 1000, elements.upperBound)
            var bytes: [UInt8] = []
            for number in next..<end { bytes += RequestTemplate(shape.command(number)).bytes }
            try control.exchange(bytes, replies: end - next)
            next = end
            report.progress("\(name): filling, \(grouped(Double(next))) \(shape.elements)")
        }
    }
}

extension ControlConnection {
    /// Sends requests and waits until so many replies have come, none of them an error.
    fileprivate func exchange(_ requests: [UInt8], replies: Int) throws(BenchError) {
        try socket.send(requests)
        var received: [UInt8] = []
        while true {
            let part = try socket.receive()
            if part.isEmpty { throw BenchError("the server closed the connection") }
            received += part
            var reader = ControlReader(bytes: received)
            var count = 0
            while let reply = reader.next() {
                if case .failure(let text) = reply {
                    throw BenchError("a server answered: \(text)")
                }
                count += 1
            }
            if count >= replies { return }
        }
    }
}
