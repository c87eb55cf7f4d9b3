import Bytes
import Grammar
import Structures
import Wire

// What several sets have in common, have together, or do not share. Nothing is copied for a
// reply: the members of one set are asked of the others where they stand.

extension Sets {
    // MARK: SINTER, SINTERCARD, SINTERSTORE

    static let sinter = Command<Store>(
        "SINTER", .set, [.readonly], since: "1.0.0",
        summary: "Lists the members that all the sets have.",
        complexity: "O(N*M), N being the size of the smallest set and M the number of sets.",
        categories: [.set], arguments: [.key([.readOnly, .access]).repeated],
        tips: ["nondeterministic_output_order"],
        examples: ["SADD a 1 2 3", "SADD b 2 3 4", "SINTER a b"], run: runSinter)

    static func runSinter(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let operands = try SetOperands(&store, call, 1..<call.count)
        reply.deferred(.set) { reply in
            var count = 0
            operands.forEachCommon { member in
                reply.text(member)
                count += 1
                return true
            }
            return count
        }
    }

    static let sintercard = Command<Store>(
        "SINTERCARD", .set, [.readonly], since: "7.0.0",
        summary: "Counts the members that all the sets have, up to a limit.",
        complexity: "O(N*M), N being the size of the smallest set and M the number of sets.",
        categories: [.set],
        arguments: [
            .integer("numkeys"), .key([.readOnly, .access]).repeated,
            .integer("limit").after("LIMIT").optional,
        ],
        examples: ["SADD a 1 2 3", "SADD b 2 3 4", "SINTERCARD 2 a b LIMIT 1"],
        run: runSintercard)

    static func runSintercard(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let number = call[1].canonicalInteger, number > 0 else { throw .noKeysCounted }
        guard number <= call.count - 2 else { throw .keysBeyondArguments }
        let end = 2 + Int(number)
        var limit: Int64 = 0
        var options = ArgumentCursor(call, from: end)
        while !options.isAtEnd {
            guard options.take("LIMIT", followedBy: 1), let word = options.next() else {
                throw .syntax
            }
            guard let value = word.canonicalInteger, value >= 0 else { throw .negativeLimit }
            limit = value
        }
        let operands = try SetOperands(&store, call, 2..<end)
        var count = 0
        operands.forEachCommon { _ in
            count += 1
            return limit == 0 || count < limit
        }
        reply.integer(count)
    }

    static let sinterstore = Command<Store>(
        "SINTERSTORE", .set, [.write, .denyOOM], since: "1.0.0",
        summary: "Makes a key a set of the members that all the sets have.",
        complexity: "O(N*M), N being the size of the smallest set and M the number of sets.",
        categories: [.set],
        arguments: [
            .key([.readWrite, .update], "destination"), .key([.readOnly, .access]).repeated,
        ],
        examples: ["SADD a 1 2 3", "SADD b 2 3 4", "SINTERSTORE both a b"], run: runSinterstore)

    static func runSinterstore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let operands = try SetOperands(&store, call, 2..<call.count)
        let forms = store.setForms
        // The newer flavours begin with the form of the smallest set.
        let form = forms.hasListpacks ? operands.smallest?.encoding : nil
        var result = SetObject.make(form ?? .integerSet, forms)
        var hasIntegersOnly = true
        operands.forEachCommon { member in
            if case .bytes(let bytes) = copy member, bytes.canonicalInteger == nil {
                hasIntegersOnly = false
            }
            result.insert(member, forms)
            return true
        }
        if hasIntegersOnly && forms.hasListpacks { result.becomeIntegers(forms) }
        keep(result, "sinterstore", &store, call, &reply)
    }

    // MARK: SUNION, SUNIONSTORE

    static let sunion = Command<Store>(
        "SUNION", .set, [.readonly], since: "1.0.0",
        summary: "Lists the members that any of the sets has.",
        complexity: "O(N), N being the number of members of all the sets.",
        categories: [.set], arguments: [.key([.readOnly, .access]).repeated],
        tips: ["nondeterministic_output_order"],
        examples: ["SADD a 1 2 3", "SADD b 2 3 4", "SUNION a b"], run: runSunion)

    static func runSunion(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let operands = try SetOperands(&store, call, 1..<call.count)
        let forms = store.setForms
        reply.deferred(.set) { reply in
            var count = 0
            operands.forEachOfAny(forms) { member in
                reply.text(member)
                count += 1
            }
            return count
        }
    }

    static let sunionstore = Command<Store>(
        "SUNIONSTORE", .set, [.write, .denyOOM], since: "1.0.0",
        summary: "Makes a key a set of the members that any of the sets has.",
        complexity: "O(N), N being the number of members of all the sets.",
        categories: [.set],
        arguments: [
            .key([.overwrite, .update], "destination"), .key([.readOnly, .access]).repeated,
        ],
        examples: ["SADD a 1 2 3", "SADD b 2 3 4", "SUNIONSTORE all a b"], run: runSunionstore)

    static func runSunionstore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let operands = try SetOperands(&store, call, 2..<call.count)
        let forms = store.setForms
        var result = SetObject.make(.integerSet, forms)
        for set in operands.inOrder {
            set?.forEach { result.insert($0, forms) }
        }
        keep(result, "sunionstore", &store, call, &reply)
    }

    // MARK: SDIFF, SDIFFSTORE

    static let sdiff = Command<Store>(
        "SDIFF", .set, [.readonly], since: "1.0.0",
        summary: "Lists the members of the first set that none of the others has.",
        complexity: "O(N*M), N being the size of the first set and M the number of sets.",
        categories: [.set], arguments: [.key([.readOnly, .access]).repeated],
        tips: ["nondeterministic_output_order"],
        examples: ["SADD a 1 2 3", "SADD b 2 3 4", "SDIFF a b"], run: runSdiff)

    static func runSdiff(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let operands = try SetOperands(&store, call, 1..<call.count)
        let forms = store.setForms
        reply.deferred(.set) { reply in
            var count = 0
            operands.forEachOfFirstAlone(forms) { member in
                reply.text(member)
                count += 1
            }
            return count
        }
    }

    static let sdiffstore = Command<Store>(
        "SDIFFSTORE", .set, [.write, .denyOOM], since: "1.0.0",
        summary: "Makes a key a set of the members of the first set that no other has.",
        complexity: "O(N*M), N being the size of the first set and M the number of sets.",
        categories: [.set],
        arguments: [
            .key([.overwrite, .update], "destination"), .key([.readOnly, .access]).repeated,
        ],
        examples: ["SADD a 1 2 3", "SADD b 2 3 4", "SDIFFSTORE rest a b"], run: runSdiffstore)

    static func runSdiffstore(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let operands = try SetOperands(&store, call, 2..<call.count)
        let forms = store.setForms
        var result = SetObject.make(.integerSet, forms)
        operands.forEachOfFirstAlone(forms) { result.insert($0, forms) }
        keep(result, "sdiffstore", &store, call, &reply)
    }

    /// Puts a result under the destination, or removes that when the result is empty.
    private static func keep(
        _ result: SetObject, _ event: StaticString, _ store: inout Store,
        _ call: borrowing Call, _ reply: inout ReplyWriter
    ) {
        let count = result.count
        reply.integer(count)
        if count > 0 {
            store.assign(call[1], object: result)
            return store.notify(.set, event, call[1])
        }
        result.free()
        guard let found = store.find(call[1], .silent) else { return }
        store.remove(found)
        store.notify(.generic, "del", call[1])
    }
}

/// The sets that a command combines.
private struct SetOperands {
    /// The sets in the order of their keys; a key that is not there is nil.
    let inOrder: [SetObject?]

    /// Looks up the keys of the words in `range`. All of them must hold sets, also those behind
    /// a key whose absence decides the result.
    init(
        _ store: inout Store, _ call: borrowing Call, _ range: Range<Int>
    ) throws(CommandError) {
        var sets: [SetObject?] = []
        sets.reserveCapacity(range.count)
        for index in range { sets.append(try store.object(call[index], as: SetObject.self)) }
        inOrder = sets
    }

    /// The set with the fewest members, or nil when some key is not there.
    var smallest: SetObject? {
        var smallest: SetObject?
        for set in inOrder {
            guard let set else { return nil }
            if smallest.map({ set.count < $0.count }) ?? true { smallest = set }
        }
        return smallest
    }

    /// Hands the members that all sets have to `visit`, until it returns false.
    func forEachCommon(_ visit: (borrowing Listpack.Element) -> Bool) {
        guard smallest != nil else { return }
        // The smallest is walked, and each member is looked for in the smaller ones first.
        let sets = inOrder.compactMap { $0 }.sorted { $0.count < $1.count }
        let others = sets.dropFirst()
        sets[0].walk { member in
            for other in others where other != sets[0] && !other.contains(member) { return true }
            return visit(member)
        }
    }

    /// So many sets are asked for each member; of more, a set of their members is made first.
    private static let asked = 8

    /// Hands each member that any set has to `visit`, once.
    func forEachOfAny(_ forms: SetObject.Forms, _ visit: (borrowing Listpack.Element) -> Void) {
        // The largest comes first: its members need not be looked for anywhere.
        let sets = inOrder.compactMap { $0 }.sorted { $0.count > $1.count }
        if sets.count > SetOperands.asked {
            let all = SetOperands.merged(sets, forms)
            all.forEach(visit)
            return all.free()
        }
        for (index, set) in sets.enumerated() {
            let before = sets[..<index]
            set.forEach { member in
                for other in before where other.contains(member) { return }
                visit(member)
            }
        }
    }

    /// Hands the members of the first set that no other has to `visit`.
    func forEachOfFirstAlone(
        _ forms: SetObject.Forms, _ visit: (borrowing Listpack.Element) -> Void
    ) {
        guard let first = inOrder.first ?? nil else { return }
        var others = inOrder.dropFirst().compactMap { $0 }.sorted { $0.count > $1.count }
        if others.contains(first) { return }
        let isMerged = others.count > SetOperands.asked
        if isMerged { others = [SetOperands.merged(others, forms)] }
        first.forEach { member in
            for other in others where other.contains(member) { return }
            visit(member)
        }
        if isMerged { others[0].free() }
    }

    private static func merged(_ sets: [SetObject], _ forms: SetObject.Forms) -> SetObject {
        var all = SetObject.make(.integerSet, forms)
        for set in sets { set.forEach { all.insert($0, forms) } }
        return all
    }
}
