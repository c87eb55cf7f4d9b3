import Bytes
import Grammar
import Structures

// Sorted sets.

extension ObjectDecoder {
    /// A sorted set, member by member.
    static func sortedSet(
        _ type: RDBType, _ reader: inout RDBReader, _ rules: SortedSetObject.Rules
    ) throws(BadSerialization) -> SortedSetObject {
        let count = try reader.count()
        guard count > 0 else { throw BadSerialization() }
        var set = SortedSetObject.makeTable(rules.sipKey)
        do throws(BadSerialization) {
            for _ in 0..<count {
                let member = try reader.string()
                let score =
                    type == .sortedSet
                    ? Double(bitPattern: try reader.littleEndian(bytes: 8))
                    : try textScore(&reader)
                try add(member, score, to: &set, rules)
            }
        } catch {
            set.free()
            throw error
        }
        set.becomeSmallIfFitting(rules)
        return set
    }

    /// A score as text behind its length; the three largest lengths are words.
    private static func textScore(_ reader: inout RDBReader) throws(BadSerialization) -> Double {
        switch try reader.byte() {
        case 255: return -.infinity
        case 254: return .infinity
        case 253: throw BadSerialization()
        case let length:
            guard let score = Doubles.parse(try reader.take(Int(length))) else {
                throw BadSerialization()
            }
            return score
        }
    }

    private static func add(
        _ member: [UInt8], _ score: Double, to set: inout SortedSetObject,
        _ rules: SortedSetObject.Rules
    ) throws(BadSerialization) {
        guard !score.isNaN else { throw BadSerialization() }
        do throws(CommandError) {
            let result = try set.put(member.rawSpan, ScoreChange(value: score), rules)
            if case .added = result.outcome { return }
        } catch {
            throw BadSerialization()
        }
        throw BadSerialization()
    }

    /// A sorted set of the members and scores in a listpack, which belongs to it from now on. One
    /// that is not in order, which a faulty server may have made, is put in order.
    static func sortedSet(
        _ pack: Listpack, _ rules: SortedSetObject.Rules
    ) throws(BadSerialization) -> SortedSetObject {
        guard let isOrdered = order(of: pack), isDistinct(pack, every: 2) else {
            pack.free()
            throw BadSerialization()
        }
        let small = SortedSetObject(encoding: .listpack, payload: pack.payload)
        if isOrdered, small.count <= rules.entries { return small }
        var set = SortedSetObject.makeTable(rules.sipKey)
        var position = pack.first
        while let member = position, let place = pack.next(after: member) {
            let text = pack.element(at: member).copied()
            let score = Doubles.parse(pack.element(at: place).copied())
            do {
                try add(text, score ?? .nan, to: &set, rules)
            } catch {
                set.free()
                small.free()
                throw error
            }
            position = pack.next(after: place)
        }
        small.free()
        set.becomeSmallIfFitting(rules)
        return set
    }

    /// Whether members and scores are in order; nil when they are none.
    private static func order(of pack: Listpack) -> Bool? {
        var before: (member: [UInt8], score: Double)?
        var isOrdered = true
        var position = pack.first
        while let member = position {
            guard let place = pack.next(after: member),
                let score = Doubles.parse(pack.element(at: place).copied()), !score.isNaN
            else { return nil }
            let text = pack.element(at: member).copied()
            if let before {
                let isBehind =
                    before.score < score
                    || before.score == score && ByteString(before.member) < ByteString(text)
                if !isBehind { isOrdered = false }
            }
            before = (text, score)
            position = pack.next(after: place)
        }
        return before == nil ? nil : isOrdered
    }
}
