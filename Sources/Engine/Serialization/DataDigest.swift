import Bytes
import Structures

// What DEBUG DIGEST sums up. Two servers with the same data give the same twenty bytes, whatever
// their order and encodings: what has no order is added with exclusive or, what has one is mixed
// in, so that each step depends on all before.

/// A sum over data, twenty bytes.
struct DataDigest: Equatable {
    /// The sum so far.
    private(set) var bytes = [UInt8](repeating: 0, count: 20)

    /// Adds something that has no place in an order. Added twice it is gone.
    mutating func add(_ data: RawSpan) {
        let hash = SHA1.digest(data)
        for index in bytes.indices { bytes[index] ^= hash[index] }
    }

    /// Adds something that comes after all that was added before.
    mutating func mix(_ data: RawSpan) {
        add(data)
        bytes = SHA1.digest(bytes.rawSpan)
    }

    /// As `mix`, for a number of 32 bits.
    fileprivate mutating func mix(number: Int) {
        let word = UInt32(truncatingIfNeeded: number)
        let data = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
        mix(data.rawSpan)
    }

    /// Adds two things that belong together, and as a pair have no place in an order.
    private mutating func add(pair first: RawSpan, _ second: RawSpan) {
        var pair = DataDigest()
        pair.mix(first)
        pair.mix(second)
        add(pair.bytes.rawSpan)
    }

    /// Adds the value of an entry, with its type and whether it expires.
    mutating func add(value entry: Entry) {
        mix(number: Int(entry.type.rawValue))
        switch entry.type {
        case .string: mix(entry.stringBytes.rawSpan)
        case .list:
            let list = ListObject(encoding: entry.encoding, payload: entry.payload)
            list.forEach(from: 0, count: list.count) { element in
                element.withText { mix($0) }
                return true
            }
        case .set:
            SetObject(encoding: entry.encoding, payload: entry.payload)
                .forEach { $0.withText { add($0) } }
        case .hash:
            HashObject(encoding: entry.encoding, payload: entry.payload).forEach { field, value in
                field.withText { name in value.withText { add(pair: name, $0) } }
            }
        case .sortedSet:
            let set = SortedSetObject(encoding: entry.encoding, payload: entry.payload)
            set.forEach(from: 0, count: set.count) { member, score in
                var digits: [UInt8] = []
                Doubles.appendSeventeenDigits(score, to: &digits)
                member.withText { add(pair: $0, digits.rawSpan) }
            }
        case .stream: preconditionFailure("a value of a type that this engine does not have")
        }
        if entry.expiry != nil { add(ByteString("!!expire!!").rawSpan) }
    }
}

extension Store {
    /// The sum over all databases.
    func dataDigest() -> DataDigest {
        var sum = DataDigest()
        for database in 0..<keyspaces.count where keyspaces[database].count > 0 {
            sum.mix(number: database)
            keyspaces[database].table.forEach { entry in
                var own = DataDigest()
                own.mix(entry.key)
                own.add(value: entry)
                sum.add(own.bytes.rawSpan)
            }
        }
        return sum
    }
}
