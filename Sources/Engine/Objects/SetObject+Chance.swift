import Bytes
import Structures

// Members by chance: one or some, to look at or to take out.

extension SetObject {
    /// Hands some member to `visit`, each as likely as any other; the set must have members.
    @inline(__always)
    func withRandomMember(
        using random: inout Random, _ visit: (borrowing Listpack.Element) -> Void
    ) {
        switch encoding {
        case .integerSet:
            let integers = IntegerSet(payload: payload)
            visit(.integer(integers[random.next(below: integers.count)]))
        case .listpack:
            let pack = Listpack(payload: payload)
            guard let place = pack.seek(random.next(below: pack.count)) else { return }
            visit(pack.element(at: place))
        default:
            let table = Box<MemberTable>(payload: payload)
            guard let record = table.value.randomMember(using: &random) else { return }
            visit(.bytes(record.key))
        }
    }

    /// Hands some member to `visit` and takes it out; the set must have members.
    @inline(__always)
    mutating func popRandomMember(
        using random: inout Random, _ visit: (borrowing Listpack.Element) -> Void
    ) {
        switch encoding {
        case .integerSet:
            var integers = IntegerSet(payload: payload)
            visit(.integer(integers.remove(at: random.next(below: integers.count))))
            self = SetObject(encoding: encoding, payload: integers.payload)
        case .listpack:
            var pack = Listpack(payload: payload)
            guard let place = pack.seek(random.next(below: pack.count)) else { return }
            visit(pack.element(at: place))
            pack.remove(at: place)
            self = SetObject(encoding: encoding, payload: pack.payload)
        default:
            let table = Box<MemberTable>(payload: payload)
            guard let record = table.value.randomMember(using: &random) else { return }
            visit(.bytes(record.key))
            table.value.remove(record.key)
        }
    }

    /// Hands `wanted` different members to `visit`, at most as many as there are.
    func forRandomMembers(
        _ wanted: Int, using random: inout Random,
        _ visit: (borrowing Listpack.Element) -> Void
    ) {
        let count = count
        // Of a small part of a large set each is drawn; else all are asked in turn.
        guard encoding != .listpack, wanted * 3 < count else {
            return chooseInTurn(wanted, count, &random) { member, isChosen in
                if isChosen { visit(member) }
            }
        }
        guard encoding == .integerSet else {
            let table = Box<MemberTable>(payload: payload)
            var drawn = MemberTable(sipKey: table.value.sipKey)
            drawn.reserve(wanted)
            while drawn.count < wanted {
                guard let record = table.value.randomMember(using: &random) else { return }
                if drawn.add(record.key) { visit(.bytes(record.key)) }
            }
            return
        }
        let integers = IntegerSet(payload: payload)
        var drawn: Set<Int> = []
        while drawn.count < wanted {
            let index = random.next(below: count)
            if drawn.insert(index).inserted { visit(.integer(integers[index])) }
        }
    }

    /// Asks each member in turn whether it is one of `wanted`: with the chance that so many are
    /// wanted of those that are left.
    private func chooseInTurn(
        _ wanted: Int, _ count: Int, _ random: inout Random,
        _ visit: (borrowing Listpack.Element, Bool) -> Void
    ) {
        var (wanted, left) = (wanted, count)
        var dice = random
        forEach { member in
            let isChosen = dice.next(below: left) < wanted
            visit(member, isChosen)
            if isChosen { wanted -= 1 }
            left -= 1
        }
        random = dice
    }

    /// Takes out `wanted` members, fewer than there are, and hands each to `visit`.
    mutating func popRandomMembers(
        _ wanted: Int, using random: inout Random, _ forms: Forms,
        _ visit: (borrowing Listpack.Element) -> Void
    ) {
        let remaining = count - wanted
        let drawsEach = encoding == .hashTable ? wanted <= remaining * 4 : wanted * 8 < remaining
        if drawsEach {
            for _ in 0..<wanted { popRandomMember(using: &random, visit) }
            return
        }
        // Most of them go: those that stay move to a set of the same form.
        var rest = SetObject.make(encoding, forms)
        if encoding == .hashTable {
            for _ in 0..<remaining {
                popRandomMember(using: &random) { rest.insert($0, forms) }
            }
            forEach(visit)
        } else {
            chooseInTurn(wanted, count, &random) { member, isChosen in
                if isChosen { visit(member) } else { rest.insert(member, forms) }
            }
        }
        free()
        self = rest
    }
}
