import Bytes
import Grammar
import Structures

/// A set: members without order.
///
/// Integers alone are an `IntegerSet` while they are few. Other members are a listpack while
/// they are few and short, in the flavours that have such sets, and a `MemberTable` else. A set
/// never goes back to a smaller form. One that has no members yet has no block either: the first
/// member decides what it becomes.
struct SetObject: KeyspaceObject, Equatable {
    static let type = ValueType.set
    private(set) var encoding: Encoding
    private(set) var payload: UInt64

    init(encoding: Encoding, payload: UInt64) {
        self.encoding = encoding
        self.payload = payload
    }

    /// A set that has no form yet.
    init() { self.init(encoding: .integerSet, payload: 0) }

    static func makeEmpty(_ store: borrowing Store) -> SetObject { SetObject() }

    /// What a set goes by when it chooses its form.
    struct Forms {
        let limits: EncodingLimits
        /// True when small sets of any members have a form of their own.
        let hasListpacks: Bool
        let sipKey: SipKey

        /// The limit on integers, which the field caps: a longer block could not be described.
        @inline(__always)
        var integers: Int { min(limits.integerSetEntries, 1 << 30) }
    }

    /// True for a set that has no members and no form yet.
    @inline(__always)
    private var isFormless: Bool { payload == 0 }

    @inline(__always)
    private var integers: IntegerSet { IntegerSet(payload: payload) }

    @inline(__always)
    private var pack: Listpack { Listpack(payload: payload) }

    @inline(__always)
    private var table: Box<MemberTable> { Box(payload: payload) }

    // MARK: Facts

    @inline(__always)
    var count: Int {
        switch encoding {
        case .integerSet: isFormless ? 0 : integers.count
        case .listpack: pack.count
        default: table.value.count
        }
    }

    var footprint: Int {
        switch encoding {
        case .integerSet: isFormless ? 0 : integers.footprint
        case .listpack: pack.footprint
        default: Box<MemberTable>.footprint + table.value.footprint
        }
    }

    func duplicate() -> SetObject {
        let copy =
            switch encoding {
            case .integerSet: isFormless ? 0 : integers.duplicate().payload
            case .listpack: pack.duplicate().payload
            default: Box.allocate(table.value.duplicate()).payload
            }
        return SetObject(encoding: encoding, payload: copy)
    }

    func free() {
        switch encoding {
        case .integerSet: if !isFormless { integers.free() }
        case .listpack: pack.free()
        default: table.free()
        }
    }

    // MARK: Reading

    /// True when `member` is in the set.
    @inline(__always)
    func contains(_ member: RawSpan) -> Bool {
        switch encoding {
        case .integerSet:
            guard !isFormless, let number = member.canonicalInteger else { return false }
            return integers.contains(number)
        case .listpack: return pack.find(member) != nil
        default: return table.value.find(member) != nil
        }
    }

    /// True when a member of another set is in this one.
    func contains(_ member: borrowing Listpack.Element) -> Bool {
        switch copy member {
        case .bytes(let bytes): return contains(bytes)
        case .integer(let number):
            if encoding == .integerSet { return !isFormless && integers.contains(number) }
            return number.withDecimalText { contains($0) }
        }
    }

    /// Hands all members to `visit`: integers in ascending order, those of a listpack in the
    /// order in which they came, others in none.
    @inline(__always)
    func forEach(_ visit: (borrowing Listpack.Element) -> Void) {
        switch encoding {
        case .integerSet:
            if isFormless { return }
            let integers = integers
            for index in 0..<integers.count { visit(.integer(integers[index])) }
        case .listpack:
            pack.forEach { member in
                visit(member)
                return true
            }
        default:
            table.value.forEach { visit(.bytes($0.key)) }
        }
    }

    /// Hands members to `visit` until it returns false. A few more may still be looked at, but
    /// are not handed on.
    func walk(_ visit: (borrowing Listpack.Element) -> Bool) {
        switch encoding {
        case .integerSet:
            if isFormless { return }
            let integers = integers
            for index in 0..<integers.count where !visit(.integer(integers[index])) { return }
        case .listpack:
            pack.forEach { visit($0) }
        default:
            var cursor: UInt64 = 0
            var isWanted = true
            repeat {
                cursor = table.value.scan(cursor) { record in
                    if isWanted { isWanted = visit(.bytes(record.key)) }
                }
            } while isWanted && cursor != 0
        }
    }

    /// The members of some buckets from a cursor on, or nil when the set is so small that it is
    /// walked at once.
    var walkedTable: Box<MemberTable>? { encoding == .hashTable ? table : nil }

    // MARK: Adding

    /// Chooses a form with a view to so many members that are about to come, the first of them
    /// being `member`.
    @inline(__always)
    mutating func prepare(for member: RawSpan, expecting members: Int, _ forms: Forms) {
        if !isFormless && !forms.hasListpacks { return }
        choose(member, members, forms)
    }

    private mutating func choose(_ member: RawSpan, _ members: Int, _ forms: Forms) {
        if !isFormless {
            let isOutgrown =
                encoding == .integerSet && members > forms.integers
                || encoding == .listpack && members > forms.limits.setEntries
            if isOutgrown { becomeTable(forms, members: members) }
            return
        }
        let isInteger = member.canonicalInteger != nil
        if isInteger && (!forms.hasListpacks || members <= forms.limits.integerSetEntries) {
            payload = IntegerSet.allocate().payload
        } else if forms.hasListpacks && members <= forms.limits.setEntries {
            encoding = .listpack
            payload = Listpack.allocate(capacity: 24).payload
        } else {
            becomeTable(forms, members: members)
        }
    }

    /// An empty set of a form.
    static func make(_ encoding: Encoding, _ forms: Forms) -> SetObject {
        switch encoding {
        case .integerSet:
            return SetObject(encoding: encoding, payload: IntegerSet.allocate().payload)
        case .listpack:
            return SetObject(encoding: encoding, payload: Listpack.allocate().payload)
        default:
            var set = SetObject()
            set.becomeTable(forms, members: 0)
            return set
        }
    }

    /// Adds a member, which must not lie in the set itself; false when it is there already.
    @inline(__always)
    mutating func insert(_ member: RawSpan, _ forms: Forms) -> Bool {
        if encoding == .hashTable { return table.value.add(member) }
        return insertIntoSmall(member, forms)
    }

    /// Adds a member of another set.
    @discardableResult
    mutating func insert(_ member: borrowing Listpack.Element, _ forms: Forms) -> Bool {
        switch copy member {
        case .bytes(let bytes): return insert(bytes, forms)
        case .integer(let number):
            if encoding == .integerSet && !isFormless { return insert(number, forms) }
            return number.withDecimalText { insert($0, forms) }
        }
    }

    private mutating func insertIntoSmall(_ member: RawSpan, _ forms: Forms) -> Bool {
        if isFormless { choose(member, 1, forms) }
        if encoding == .hashTable { return table.value.add(member) }
        if encoding == .integerSet {
            if let number = member.canonicalInteger { return insert(number, forms) }
            if takesText(member, forms) { becomePack() } else { becomeTable(forms, members: 0) }
            return append(member)
        }
        if pack.find(member) != nil { return false }
        let isSmall =
            pack.count < forms.limits.setEntries && member.byteCount <= forms.limits.setValue
        if !isSmall { becomeTable(forms, members: 0) }
        return append(member)
    }

    private mutating func insert(_ number: Int64, _ forms: Forms) -> Bool {
        var integers = integers
        let isNew = integers.insert(number)
        payload = integers.payload
        if isNew && integers.count > forms.integers { becomeTable(forms, members: 0) }
        return isNew
    }

    /// Adds a member that is not there to a listpack or a table.
    private mutating func append(_ member: RawSpan) -> Bool {
        if encoding == .hashTable { return table.value.add(member) }
        var pack = pack
        pack.append(member)
        payload = pack.payload
        return true
    }

    /// True when a set of integers becomes a listpack because of a member that is none.
    private func takesText(_ member: RawSpan, _ forms: Forms) -> Bool {
        guard forms.hasListpacks, integers.count < forms.limits.setEntries else { return false }
        let limit = forms.limits.setValue
        if member.byteCount > limit { return false }
        guard integers.count > 0 else { return true }
        let longest = max(
            decimalWidth(integers[0]), decimalWidth(integers[integers.count - 1]))
        return longest <= limit
    }

    // MARK: Removing

    /// Removes a member; false when it is not there. The span may lie in the set itself.
    @inline(__always)
    mutating func remove(_ member: RawSpan) -> Bool {
        switch encoding {
        case .integerSet:
            guard !isFormless, let number = member.canonicalInteger else { return false }
            var integers = integers
            let wasThere = integers.remove(number)
            payload = integers.payload
            return wasThere
        case .listpack:
            var pack = pack
            guard let position = pack.find(member) else { return false }
            pack.remove(at: position)
            payload = pack.payload
            return true
        default:
            return table.value.remove(member)
        }
    }

    // MARK: Other forms

    private mutating func becomePack() {
        let integers = integers
        var pack = Listpack.allocate(capacity: 24)
        for index in 0..<integers.count { pack.append(integers[index]) }
        integers.free()
        encoding = .listpack
        payload = pack.payload
    }

    /// Becomes a table with room for at least so many members.
    private mutating func becomeTable(_ forms: Forms, members: Int) {
        var table = MemberTable(sipKey: forms.sipKey)
        table.reserve(max(members, count + 1))
        forEach { member in
            switch copy member {
            case .bytes(let bytes): _ = table.add(bytes)
            case .integer(let number): number.withDecimalText { _ = table.add($0) }
            }
        }
        free()
        encoding = .hashTable
        payload = Box.allocate(table).payload
    }

    /// Becomes a set of integers, when its members, which all are integers, are few enough.
    mutating func becomeIntegers(_ forms: Forms) {
        if encoding == .integerSet || count > forms.integers { return }
        var integers = IntegerSet.allocate()
        forEach { member in
            switch copy member {
            case .bytes(let bytes):
                if let number = bytes.canonicalInteger { integers.insert(number) }
            case .integer(let number): integers.insert(number)
            }
        }
        free()
        encoding = .integerSet
        payload = integers.payload
    }
}

extension Store {
    /// What the sets of this store go by.
    @inline(__always)
    var setForms: SetObject.Forms {
        SetObject.Forms(
            limits: settings.limits, hasListpacks: settings.flavour != .redis70,
            sipKey: keyspaces[0].table.sipKey)
    }
}
