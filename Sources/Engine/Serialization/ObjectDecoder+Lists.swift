import Bytes
import Grammar
import Structures

// Lists and hashes.

extension ObjectDecoder {
    /// A list in any of its forms.
    static func list(
        _ type: RDBType, _ reader: inout RDBReader, _ store: borrowing Store
    ) throws(BadSerialization) -> ListObject {
        var nodes = Quicklist(limit: store.listLimit)
        if type == .listZiplist {
            adopt(try Ziplist.listpack(try reader.string()), into: &nodes)
        } else {
            for _ in 0..<(try reader.count()) { try readNode(type, &reader, into: &nodes) }
        }
        guard nodes.count > 0 else { throw BadSerialization() }
        var list = ListObject(adopting: nodes)
        list.settleForm(store)
        return list
    }

    private static func readNode(
        _ type: RDBType, _ reader: inout RDBReader, into nodes: inout Quicklist
    ) throws(BadSerialization) {
        switch type {
        case .list:
            let text = try reader.string()
            nodes.append(text.rawSpan)
        case .listZiplists: adopt(try Ziplist.listpack(try reader.string()), into: &nodes)
        default:
            switch try reader.length() {
            case RDBNode.plain:
                let text = try reader.string()
                nodes.appendPlain(text.rawSpan)
            case RDBNode.listpack: adopt(try listpack(&reader), into: &nodes)
            default: throw BadSerialization()
            }
        }
    }

    /// An empty node is not kept; it does no harm either.
    private static func adopt(_ pack: Listpack, into nodes: inout Quicklist) {
        if pack.isEmpty { pack.free() } else { nodes.adopt(pack) }
    }

    // MARK: Hashes

    /// A hash, field by field.
    static func hash(
        _ reader: inout RDBReader, _ store: borrowing Store
    ) throws(BadSerialization) -> HashObject {
        let count = try reader.count()
        var hash = HashObject.makeEmpty(store)
        do throws(BadSerialization) {
            guard count > 0 else { throw BadSerialization() }
            if count > store.settings.limits.hashEntries {
                hash.becomeTable(store, fields: min(count, largestReserve))
            }
            for _ in 0..<count {
                let field = try reader.string()
                let value = try reader.string()
                guard hash.set(field.rawSpan, value.rawSpan, store) else {
                    throw BadSerialization()
                }
            }
        } catch {
            hash.free()
            throw error
        }
        return hash
    }

    /// A hash of the fields and values in a listpack, which belongs to it from now on. Where it
    /// was one before, only the number of fields decides whether it stays one.
    static func hash(
        _ pack: Listpack, _ store: borrowing Store, isOld: Bool = false
    ) throws(BadSerialization) -> HashObject {
        let count = pack.count
        guard count > 0, count % 2 == 0, isDistinct(pack, every: 2) else {
            pack.free()
            throw BadSerialization()
        }
        var small = HashObject(encoding: .listpack, payload: pack.payload)
        if isOld {
            var hash = HashObject.makeEmpty(store)
            small.forEach { field, value in
                _ = field.withText { name in
                    value.withText { hash.set(name, $0, store) }
                }
            }
            small.free()
            return hash
        }
        if count / 2 > store.settings.limits.hashEntries { small.becomeTable(store) }
        return small
    }

    /// True when no two of every `stride`-th elements are the same.
    static func isDistinct(_ pack: Listpack, every stride: Int) -> Bool {
        var seen = Set<[UInt8]>()
        var position = pack.first
        while let own = position {
            guard seen.insert(pack.element(at: own).copied()).inserted else { return false }
            position = own
            for _ in 0..<stride { position = position.flatMap { pack.next(after: $0) } }
        }
        return true
    }
}
