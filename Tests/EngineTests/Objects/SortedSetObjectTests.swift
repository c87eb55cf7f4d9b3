import Bytes
import Grammar
import Structures
import Testing

@testable import Engine

@Suite("Both forms of sorted sets against a dictionary")
struct SortedSetObjectTests {
    @Test(
        "Random changes, everything checked all the time", arguments: UInt64(1)...4, [0, 20, 1000])
    func model(seed: UInt64, limit: Int) throws {
        var random = Random(seed: seed)
        let rules = SortedSetObject.Rules(
            entries: limit, value: 12, flavour: .redis70,
            sipKey: SipKey(k0: random.next(), k1: random.next()))
        var object =
            limit == 0
            ? SortedSetObject.makeTable(rules.sipKey)
            : SortedSetObject(encoding: .listpack, payload: Listpack.allocate().payload)
        defer { object.free() }
        var expected: [[UInt8]: Double] = [:]
        for phase in [80, 40, 90, 10, 60, 0] {
            for step in 0..<150 {
                try change(&object, &expected, rules, insertions: phase, &random)
                if step % 5 == 0 { check(object, expected, "seed \(seed), limit \(limit)") }
            }
        }
        let isSmall = object.encoding == .listpack
        #expect(isSmall == (limit == 1000))
    }

    private func change(
        _ object: inout SortedSetObject, _ expected: inout [[UInt8]: Double],
        _ rules: SortedSetObject.Rules, insertions: Int, _ random: inout Random
    ) throws {
        let number = random.next(below: 90)
        let member = Array((number % 3 == 0 ? "\(number)" : "m\(number)").utf8)
        if random.next(below: 100) < insertions {
            let score = Double(random.next(below: 40)) / 4 - 3
            let result = try object.put(member.rawSpan, ScoreChange(value: score), rules)
            let old = expected.updateValue(score, forKey: member)
            #expect(result.outcome == (old == nil ? .added : old == score ? .same : .updated))
        } else if random.next(below: 20) == 0, object.count > 0 {
            let start = random.next(below: object.count)
            let ranks = start..<min(object.count, start + random.next(below: 12))
            let order = SortedSetObjectTests.sorted(expected)
            for rank in ranks { expected[order[rank].member] = nil }
            object.remove(ranks: ranks)
        } else {
            let removed = object.remove(member.rawSpan)
            #expect(removed == (expected.removeValue(forKey: member) != nil))
        }
    }

    private static func sorted(
        _ members: [[UInt8]: Double]
    ) -> [(member: [UInt8], score: Double)] {
        members.map { ($0.key, $0.value) }.sorted {
            $0.1 != $1.1 ? $0.1 < $1.1 : $0.0.lexicographicallyPrecedes($1.0)
        }
    }

    private func check(
        _ object: SortedSetObject, _ expected: [[UInt8]: Double], _ note: String
    ) {
        object.checkInvariants()
        let order = SortedSetObjectTests.sorted(expected)
        var members: [[UInt8]] = []
        var scores: [Double] = []
        object.forEach(from: 0, count: object.count) { element, score in
            members.append(element.copied())
            scores.append(score)
        }
        #expect(members == order.map(\.member), "\(note)")
        #expect(scores == order.map(\.score), "\(note)")
        guard let (member, score) = order.last else { return }
        let place = object.place(of: member.rawSpan)
        #expect(place?.rank == order.count - 1 && place?.score == score, "\(note)")
        let below = object.count(below: score, orEqual: false)
        #expect(below == order.count { $0.score < score }, "\(note)")
        let copy = object.duplicate()
        copy.checkInvariants()
        #expect(copy.count == order.count, "\(note)")
        copy.free()
    }

    @Test("A large set that has shrunk gives its memory back")
    func shrinks() throws {
        let rules = SortedSetObject.Rules(
            entries: 0, value: 0, flavour: .valkey80, sipKey: SipKey(k0: 1, k1: 2))
        var object = SortedSetObject.makeTable(rules.sipKey)
        defer { object.free() }
        for number in 0..<20_000 {
            let member = Array("member:\(number * 7919 % 20_000)".utf8)
            _ = try object.put(member.rawSpan, ScoreChange(value: Double(number)), rules)
        }
        let full = object.footprint
        #expect(full < 20_000 * 72, "\(full / 20_000) bytes a member")
        for _ in 0..<19_000 { object.remove(ranks: 0..<1) }
        object.checkInvariants()
        #expect(object.count == 1000)
        #expect(object.footprint < full / 4, "\(object.footprint) of \(full) bytes")
    }
}
