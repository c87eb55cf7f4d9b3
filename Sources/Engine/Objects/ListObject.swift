import Bytes
import Grammar
import Structures
import Wire

// A list: one listpack while it is small, a quicklist when it has outgrown what a node holds. A
// node of flavour redis-7.0 reports all lists as quicklists, so there they are quicklists from
// the start.
//
// A list grows out of its small form before something is added that would not fit into a node,
// and goes back only when half a node would do, so that a list at the border does not change its
// form with every command.

/// The value of a list.
struct ListObject: KeyspaceObject {
    static var type: ValueType { .list }

    private(set) var encoding: Encoding
    private(set) var payload: UInt64

    init(encoding: Encoding, payload: UInt64) {
        self.encoding = encoding
        self.payload = payload
    }

    /// A list of the elements of a listpack, which belongs to it from now on.
    init(adopting pack: Listpack) { self.init(encoding: .listpack, payload: pack.payload) }

    /// A long list.
    init(adopting list: consuming Quicklist) {
        self.init(encoding: .quicklist, payload: Box.allocate(list).payload)
    }

    static func makeEmpty(_ store: borrowing Store) -> ListObject {
        if store.settings.flavour == .redis70 {
            return ListObject(adopting: Quicklist(limit: store.listLimit))
        }
        return ListObject(adopting: Listpack.allocate())
    }

    @inline(__always)
    private var pack: Listpack { Listpack(payload: payload) }

    @inline(__always)
    private var box: Box<Quicklist> { Box(payload: payload) }

    @inline(__always)
    private var isPack: Bool { encoding == .listpack }

    var count: Int { isPack ? pack.count : box.value.count }

    var footprint: Int {
        isPack ? pack.footprint : box.value.footprint + Box<Quicklist>.footprint
    }

    func duplicate() -> ListObject {
        isPack
            ? ListObject(adopting: pack.duplicate())
            : ListObject(adopting: box.value.duplicate())
    }

    func free() {
        if isPack { pack.free() } else { box.free() }
    }

    /// Hands each node to `body`: the bytes of a listpack, or one plain text.
    func forEachNode(_ body: (_ bytes: RawSpan, _ isPlain: Bool) -> Void) {
        if isPack { body(pack.bytes, false) } else { box.value.forEachNode(body) }
    }

    // MARK: Reading

    /// Hands up to `length` elements from `index` on to `body`, towards the end or, `reversed`,
    /// towards the front, until it returns false.
    @inline(__always)
    func forEach(
        from index: Int, count length: Int, reversed: Bool = false,
        _ body: (Listpack.Element) -> Bool
    ) {
        guard length > 0 && index >= 0 else { return }
        if isPack {
            var rest = length
            _ = pack.forEach(from: index, count: &rest, reversed: reversed, body)
        } else {
            box.value.forEach(from: index, count: length, reversed: reversed, body)
        }
    }

    /// A copy of the element at `index`, or nil when there is none.
    func text(at index: Int) -> [UInt8]? {
        var text: [UInt8]?
        forEach(from: index, count: 1) {
            text = $0.copied()
            return false
        }
        return text
    }

    /// Hands the indexes of elements with the text `text` to `body`, from the front on or,
    /// `reversed`, from the end on, until it returns false. Looks at up to `limit` elements.
    func forEachIndex(
        of text: RawSpan, reversed: Bool = false, limit: Int = .max, _ body: (Int) -> Bool
    ) {
        if !isPack {
            return box.value.forEachIndex(of: text, reversed: reversed, limit: limit, body)
        }
        var rest = limit
        let last = reversed ? count - 1 : 0
        _ = pack.forEachMatch(text, text.canonicalInteger, reversed: reversed, &rest) {
            body(reversed ? last - $0 : $0)
        }
    }

    // MARK: Editing

    /// Adds an element at one end.
    @inline(__always)
    mutating func push(_ text: RawSpan, atFront: Bool) {
        if isPack {
            var pack = pack
            if atFront { pack.prepend(text) } else { pack.append(text) }
            payload = pack.payload
        } else if atFront {
            box.value.prepend(text)
        } else {
            box.value.append(text)
        }
    }

    /// Hands the first or last element to `body` and removes it; there must be one.
    @inline(__always)
    mutating func pop(atFront: Bool, _ body: (Listpack.Element) -> Void) {
        if !isPack { return box.value.pop(atFront: atFront, body) }
        var pack = pack
        guard let position = atFront ? pack.first : pack.last else { return }
        body(pack.element(at: position))
        pack.remove(at: position)
        payload = pack.payload
    }

    /// Adds an element in front of the one at `index`, or at the end when that is the count.
    mutating func insert(_ text: RawSpan, at index: Int) {
        if !isPack { return box.value.insert(text, at: index) }
        var pack = pack
        if let position = pack.seek(index) {
            pack.insert(text, before: position)
        } else {
            pack.append(text)
        }
        payload = pack.payload
    }

    /// Puts another text in the place of the element at `index`.
    mutating func replace(at index: Int, with text: RawSpan) {
        if !isPack { return box.value.replace(at: index, with: text) }
        var pack = pack
        if let position = pack.seek(index) { pack.replace(at: position, with: text) }
        payload = pack.payload
    }

    /// Removes the `length` elements from `index` on.
    @inline(__always)
    mutating func remove(from index: Int, count length: Int) {
        if !isPack { return box.value.remove(from: index, count: length) }
        var pack = pack
        if let position = pack.seek(index) { pack.remove(at: position, count: length) }
        payload = pack.payload
    }

    /// Removes up to `limit` elements with the text `text`, from the front on or, `reversed`, from
    /// the end on; returns how many.
    mutating func removeAll(_ text: RawSpan, limit: Int, reversed: Bool) -> Int {
        if !isPack { return box.value.removeAll(text, limit: limit, reversed: reversed) }
        var pack = pack
        let removed = pack.removeAll(text, limit: limit, reversed: reversed)
        payload = pack.payload
        return removed
    }

    // MARK: Forms

    /// Becomes a quicklist when `count` more elements of `byteCount` bytes do not fit into a node.
    @inline(__always)
    mutating func prepare(for count: Int, _ byteCount: Int, _ limit: QuicklistLimit) {
        guard isPack else { return }
        let pack = pack
        if limit.allows(byteCount: pack.byteCount + byteCount, count: pack.count + count) {
            return
        }
        self = ListObject(adopting: Quicklist(limit: limit, adopting: pack))
    }

    /// Becomes a listpack again when it is a single node that is small enough: after a removal
    /// half a node's worth, else a node's.
    @inline(__always)
    mutating func condense(_ store: borrowing Store, afterRemoval: Bool) {
        if isPack || store.settings.flavour == .redis70 { return }
        condense(store.listLimit, divisor: afterRemoval ? 2 : 1)
    }

    private mutating func condense(_ limit: QuicklistLimit, divisor: Int) {
        guard let only = box.value.onlyPack, only.byteCount <= limit.byteCount / divisor,
            count <= limit.count / divisor
        else { return }
        let pack = only.duplicate()
        free()
        self = ListObject(adopting: pack)
    }

    /// Takes the form that a list with these elements has in this store.
    mutating func settleForm(_ store: borrowing Store) {
        if store.settings.flavour == .redis70 {
            guard isPack else { return }
            self = ListObject(adopting: Quicklist(limit: store.listLimit, adopting: pack))
        } else {
            prepare(for: 0, 0, store.listLimit)
            condense(store, afterRemoval: false)
        }
    }
}

extension Store {
    /// How much one node of a list holds.
    @inline(__always)
    var listLimit: QuicklistLimit { QuicklistLimit(setting: settings.limits.listSize) }
}

extension ReplyWriter {
    /// The text of an element.
    @inline(__always)
    mutating func bulk(_ element: Listpack.Element) {
        switch element {
        case .integer(let number): bulk(decimal: number)
        case .bytes(let bytes): bulk(bytes)
        }
    }
}
