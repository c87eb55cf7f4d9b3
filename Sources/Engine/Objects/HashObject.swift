import Bytes
import Structures

/// A hash: fields with a value each.
///
/// A small one is a listpack of field, value, field, value; beyond the limits of the settings, on
/// the number of fields and on the length of a field or value, a `MemberTable`. It does not
/// become small again. A record of the table has room for an expiry, and the hash table's marks
/// are free, so fields that expire will need no other form.
struct HashObject: KeyspaceObject {
    static let type = ValueType.hash
    private(set) var encoding: Encoding
    private(set) var payload: UInt64

    init(encoding: Encoding, payload: UInt64) {
        self.encoding = encoding
        self.payload = payload
    }

    static func makeEmpty(_ store: borrowing Store) -> HashObject {
        HashObject(encoding: .listpack, payload: Listpack.allocate(capacity: 24).payload)
    }

    /// The fields and values in one block, when the hash is small.
    @inline(__always)
    var pack: Listpack { Listpack(payload: payload) }

    /// The fields in a table, when it is not.
    @inline(__always)
    var table: Box<MemberTable> { Box(payload: payload) }

    @inline(__always)
    var isSmall: Bool { encoding == .listpack }

    var count: Int { isSmall ? pack.count / 2 : table.value.count }

    var footprint: Int {
        isSmall ? pack.footprint : Box<MemberTable>.footprint + table.value.footprint
    }

    func duplicate() -> HashObject {
        let copy =
            isSmall
            ? pack.duplicate().payload : Box.allocate(table.value.duplicate()).payload
        return HashObject(encoding: encoding, payload: copy)
    }

    func free() {
        if isSmall { pack.free() } else { table.free() }
    }

    // MARK: Reading

    /// Calls `body` with the value of a field, or nil when there is no such field.
    @inline(__always)
    func withValue<Result>(
        of field: RawSpan, _ body: (borrowing Listpack.Element?) -> Result
    ) -> Result {
        if isSmall {
            let pack = pack
            guard let position = pack.find(field, every: 2),
                let value = pack.next(after: position)
            else { return body(nil) }
            return body(pack.element(at: value))
        }
        guard let record = table.value.find(field) else { return body(nil) }
        return body(.bytes(record.fieldValue))
    }

    func contains(_ field: RawSpan) -> Bool {
        isSmall ? pack.find(field, every: 2) != nil : table.value.find(field) != nil
    }

    /// Hands all fields and values to `visit`: in the order in which they came while the hash is
    /// small, else in none.
    @inline(__always)
    func forEach(_ visit: (borrowing Listpack.Element, borrowing Listpack.Element) -> Void) {
        if !isSmall {
            return table.value.forEach { visit(.bytes($0.key), .bytes($0.fieldValue)) }
        }
        let pack = pack
        var next = pack.first
        while let field = next, let value = pack.next(after: field) {
            visit(pack.element(at: field), pack.element(at: value))
            next = pack.next(after: value)
        }
    }

    // MARK: Changing

    /// Gives a field a value; true when the field is new.
    @inline(__always)
    mutating func set(_ field: RawSpan, _ value: RawSpan, _ store: borrowing Store) -> Bool {
        if isSmall {
            let limit = store.settings.limits.hashValue
            let size = pack.byteCount + field.byteCount + value.byteCount
            if field.byteCount <= limit && value.byteCount <= limit
                && size < HashObject.largestPack
            {
                return setInPack(field, value, store)
            }
            becomeTable(store)
        }
        return table.value.set(field, value)
    }

    /// However generous the settings are: a listpack must not come near its own bound.
    private static let largestPack = Listpack.maximumByteCount - 64

    private mutating func setInPack(
        _ field: RawSpan, _ value: RawSpan, _ store: borrowing Store
    ) -> Bool {
        var pack = pack
        var isNew = true
        if let position = pack.find(field, every: 2), let old = pack.next(after: position) {
            isNew = false
            pack.replace(at: old, with: value)
        } else {
            pack.append(field)
            pack.append(value)
        }
        payload = pack.payload
        if pack.count / 2 > store.settings.limits.hashEntries { becomeTable(store) }
        return isNew
    }

    /// Removes a field; false when there is none.
    mutating func remove(_ field: RawSpan) -> Bool {
        if !isSmall { return table.value.remove(field) }
        var pack = pack
        guard let position = pack.find(field, every: 2) else { return false }
        pack.remove(at: position, count: 2)
        payload = pack.payload
        return true
    }

    /// Becomes a table with room for `fields`, unless it is one.
    mutating func becomeTable(_ store: borrowing Store, fields: Int = 0) {
        if !isSmall { return }
        var members = MemberTable(sipKey: store.keyspaces[store.selected].table.sipKey)
        members.reserve(max(fields, pack.count / 2 + 1))
        forEach { field, value in
            _ = field.withText { name in value.withText { members.set(name, $0) } }
        }
        pack.free()
        encoding = .hashTable
        payload = Box.allocate(members).payload
    }

    // MARK: Chance

    /// Some field with its value, each as likely as any other; the hash must have fields.
    func withRandomField(
        using random: inout Random,
        _ body: (borrowing Listpack.Element, borrowing Listpack.Element) -> Void
    ) {
        if isSmall {
            let pack = pack
            let index = random.next(below: pack.count / 2)
            guard let field = pack.seek(2 * index), let value = pack.next(after: field) else {
                return
            }
            return body(pack.element(at: field), pack.element(at: value))
        }
        guard let record = table.value.randomMember(using: &random) else { return }
        body(.bytes(record.key), .bytes(record.fieldValue))
    }

    /// `wanted` different fields with their values, fewer than there are: those of a small hash
    /// in their order, else in none.
    func forRandomFields(
        _ wanted: Int, using random: inout Random,
        _ body: (borrowing Listpack.Element, borrowing Listpack.Element) -> Void
    ) {
        if !isSmall {
            for record in table.value.randomMembers(wanted, using: &random) {
                body(.bytes(record.key), .bytes(record.fieldValue))
            }
            return
        }
        // Each field is taken with the chance that so many are wanted of those that are left.
        var (wanted, left) = (wanted, count)
        var dice = random
        forEach { field, value in
            if dice.next(below: left) < wanted {
                body(field, value)
                wanted -= 1
            }
            left -= 1
        }
        random = dice
    }
}

extension Listpack.Element {
    /// Calls `body` with the element's text.
    @inline(__always)
    func withText<Result>(_ body: (RawSpan) -> Result) -> Result {
        switch self {
        case .bytes(let bytes): body(bytes)
        case .integer(let number): number.withDecimalText(body)
        }
    }
}
