import Bytes
import Grammar
import Structures
import Testing

@testable import Engine

/// Sets in all their forms against `Swift.Set`, and members by chance against what chance may
/// do.
@Suite("Set objects against sets")
struct SetObjectTests {
    private typealias Model = Swift.Set<[UInt8]>

    private static func forms(_ seed: UInt64) -> SetObject.Forms {
        var limits = EncodingLimits()
        limits.integerSetEntries = [0, 3, 40, 512][Int(seed % 4)]
        limits.setEntries = [0, 2, 30, 128][Int(seed / 4 % 4)]
        limits.setValue = [0, 3, 64][Int(seed % 3)]
        return SetObject.Forms(
            limits: limits, hasListpacks: seed % 2 == 0, sipKey: SipKey(k0: seed, k1: 7))
    }

    private static func member(_ random: inout Random, _ seed: UInt64) -> [UInt8] {
        let text =
            switch random.next(below: seed % 5 == 0 ? 40 : 6) {
            case 0: "text-\(random.next(below: 60))"
            case 1: String(repeating: "x", count: random.next(below: 80))
            case 2: "\(Int64(bitPattern: random.next()))"
            default: "\(random.next(below: 120) - 60)"
            }
        return Array(text.utf8)
    }

    private static func members(_ set: SetObject) -> [[UInt8]] {
        var all: [[UInt8]] = []
        set.forEach { all.append($0.copied()) }
        return all
    }

    @Test("Adds, removes, finds and walks", arguments: 0..<24)
    func model(seed: UInt64) {
        var random = Random(seed: seed)
        let forms = SetObjectTests.forms(seed)
        var set = SetObject()
        var model: Model = []
        for step in 0..<400 {
            let member = SetObjectTests.member(&random, seed)
            switch random.next(below: 6) {
            case 0, 1: #expect(set.remove(member.rawSpan) == (model.remove(member) != nil))
            case 2: #expect(set.contains(member.rawSpan) == model.contains(member))
            case 3:
                let hint = 1 + random.next(below: 5)
                set.prepare(for: member.rawSpan, expecting: hint, forms)
                fallthrough
            default:
                #expect(set.insert(member.rawSpan, forms) == model.insert(member).inserted)
            }
            #expect(set.count == model.count, "seed \(seed), step \(step)")
            let all = SetObjectTests.members(set)
            #expect(all.count == model.count && Model(all) == model, "seed \(seed), step \(step)")
            var seen = 0
            set.walk { _ in
                seen += 1
                return seen < 3
            }
            #expect(seen == min(3, model.count))
        }
        #expect(set.footprint > 0)
        let copy = set.duplicate()
        #expect(Model(SetObjectTests.members(copy)) == model)
        copy.free()
        set.free()
    }

    @Test(
        "Members by chance are members, differ where they must, and go when taken",
        arguments: 0..<48)
    func chance(seed: UInt64) {
        var random = Random(seed: seed)
        let forms = SetObjectTests.forms(seed)
        var set = SetObject()
        var model: Model = []
        for _ in 0..<(1 + random.next(below: 300)) {
            let member = SetObjectTests.member(&random, seed)
            _ = set.insert(member.rawSpan, forms)
            model.insert(member)
        }
        while model.count > 1 {
            set.withRandomMember(using: &random) { #expect(model.contains($0.copied())) }
            let wanted = 1 + random.next(below: model.count)
            var drawn: [[UInt8]] = []
            set.forRandomMembers(wanted, using: &random) { drawn.append($0.copied()) }
            #expect(drawn.count == wanted && Model(drawn).count == wanted, "seed \(seed)")
            #expect(Model(drawn).isSubset(of: model), "seed \(seed)")
            let count = min(model.count - 1, 1 + random.next(below: model.count))
            var taken: [[UInt8]] = []
            if count == 1 {
                set.popRandomMember(using: &random) { taken.append($0.copied()) }
            } else {
                set.popRandomMembers(count, using: &random, forms) { taken.append($0.copied()) }
            }
            #expect(taken.count == count && Model(taken).isSubset(of: model), "seed \(seed)")
            model.subtract(taken)
            #expect(Model(SetObjectTests.members(set)) == model, "seed \(seed)")
        }
        set.free()
    }

    /// Of 16 members each is drawn about as often as any other, in every form.
    @Test("No member is favoured", arguments: [0, 1, 2])
    func fairness(form: Int) {
        var random = Random(seed: 11)
        var limits = EncodingLimits()
        limits.setEntries = form == 1 ? 128 : 0
        let forms = SetObject.Forms(
            limits: limits, hasListpacks: form == 1, sipKey: SipKey(k0: 1, k1: 2))
        var set = SetObject()
        for number in 0..<16 {
            let member = Array((form == 0 ? "\(number)" : "m\(number)").utf8)
            _ = set.insert(member.rawSpan, forms)
        }
        #expect(set.encoding == [.integerSet, .listpack, .hashTable][form])
        for isSome in [false, true] {
            var drawn: [[UInt8]: Int] = [:]
            for _ in 0..<4000 {
                if isSome {
                    set.forRandomMembers(4, using: &random) { drawn[$0.copied(), default: 0] += 1 }
                } else {
                    set.withRandomMember(using: &random) { drawn[$0.copied(), default: 0] += 1 }
                }
            }
            let expected = isSome ? 1000 : 250
            #expect(drawn.count == 16)
            // Six standard deviations.
            #expect(drawn.values.allSatisfy { abs($0 - expected) < expected * 2 / 5 })
        }
        set.free()
    }
}
