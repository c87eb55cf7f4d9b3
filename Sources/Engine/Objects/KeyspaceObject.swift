import Bytes
import Grammar
import Structures

/// A value of a collection type: a handle over what its entry keeps, an encoding and a payload.
///
/// Copying a handle copies the address. The entry owns what the payload leads to; an edit may
/// exchange it, which is why values are edited only inside `Store.modify`.
protocol KeyspaceObject {
    /// The type, as `TYPE` names it.
    static var type: ValueType { get }
    /// The value that an entry keeps in this form.
    init(encoding: Encoding, payload: UInt64)
    /// A new value without elements; what it may become follows from the store's settings.
    static func makeEmpty(_ store: borrowing Store) -> Self
    /// How the value is stored at present.
    var encoding: Encoding { get }
    /// Where it is stored at present.
    var payload: UInt64 { get }
    /// The number of elements; a value without any does not stay in the keyspace.
    var count: Int { get }
    /// Bytes that the value takes beside its entry, the allocator's share included; O(1).
    var footprint: Int { get }
    /// A copy that shares nothing.
    func duplicate() -> Self
    /// Gives all its memory back.
    func free()
}

/// A value that is being changed, and how much it was.
struct Edit<Object: KeyspaceObject> {
    /// The value.
    var object: Object
    /// Changes that a save would wait for; with none, nobody is told that the key was modified.
    var changes = 0
}

extension Store {
    /// The value of `key` for reading, or nil when there is no such key.
    /// - Throws: WRONGTYPE when the key holds something else.
    @inline(__always)
    mutating func object<Object: KeyspaceObject>(
        _ key: RawSpan, as type: Object.Type, _ access: Access = .read
    ) throws(CommandError) -> Object? {
        guard let location = find(key, access) else { return nil }
        return try Store.object(of: location.entry, as: type)
    }

    /// The value of an entry.
    @inline(__always)
    static func object<Object: KeyspaceObject>(
        of entry: Entry, as type: Object.Type
    ) throws(CommandError) -> Object {
        guard entry.kind & 15 == Object.type.rawValue else { throw .wrongType }
        return Object(encoding: entry.encoding, payload: entry.payload)
    }

    /// Changes the value of `key`: the only way to do so. An empty value takes its key along.
    ///
    /// The body must not touch the keyspace; it publishes its events itself (`notify`), so that
    /// they come before the "del" of a key that it has emptied.
    /// - Parameter creating: begin with an empty value when there is no such key.
    /// - Returns: what the body returned, or nil when there is no such key.
    /// - Throws: WRONGTYPE when the key holds something else, and what the body throws.
    @discardableResult
    @inline(__always)
    mutating func modify<Object: KeyspaceObject, Result>(
        _ key: RawSpan, as type: Object.Type, creating: Bool,
        _ body: (inout Edit<Object>, inout Store) throws(CommandError) -> Result
    ) throws(CommandError) -> Result? {
        guard let location = find(key, .write) else {
            if !creating { return nil }
            if !settings.notifiedEvents.isEmpty { announcement = [.pending, .new] }
            var edit = Edit(object: Object.makeEmpty(self))
            do throws(CommandError) {
                let result = try body(&edit, &self)
                settleNew(key, edit)
                return result
            } catch {
                settleNew(key, edit)
                throw error
            }
        }
        var edit = Edit(object: try Store.object(of: location.entry, as: type))
        let before = edit.object.footprint
        if !settings.notifiedEvents.isEmpty { announcement = .pending }
        do throws(CommandError) {
            let result = try body(&edit, &self)
            settle(edit, before, key, at: location)
            return result
        } catch {
            settle(edit, before, key, at: location)
            throw error
        }
    }

    /// Puts a new value under a key that does not stand yet.
    private mutating func settleNew<Object>(_ key: RawSpan, _ edit: Edit<Object>) {
        let open = announcement
        announcement = []
        if edit.object.count == 0 { return edit.object.free() }
        insertNew(key, edit.object, isAnnounced: !open.isEmpty && !open.contains(.new))
        dirty += edit.changes
        if open.isEmpty || open.contains(.pending) { noteModified(key, database: selected) }
    }

    private mutating func insertNew<Object: KeyspaceObject>(
        _ key: RawSpan, _ object: Object, isAnnounced: Bool
    ) {
        let record = newRecord(
            key, Entry.kind(Object.type, object.encoding), [.hasPayload], .clear, inline: 0,
            at: nil)
        record.payload = object.payload
        settle(record, at: nil, hash: nil, isAnnounced: isAnnounced)
        noteAppeared(key, Object.type, database: selected)
    }

    /// Writes a changed value back into its entry.
    @inline(__always)
    private mutating func settle<Object>(
        _ edit: Edit<Object>, _ before: Int, _ key: RawSpan, at location: Location
    ) {
        let entry = location.entry
        entry.payload = edit.object.payload
        entry.kind = Entry.kind(Object.type, edit.object.encoding)
        let after = edit.object.footprint
        if after != before { noteEntry(after - before, kind: Object.type.rawValue) }
        dirty += edit.changes
        let open = announcement
        announcement = []
        if edit.changes > 0, open.isEmpty || open == .pending {
            noteModified(key, database: selected)
        }
        if edit.object.count == 0 {
            dropEmptied(location)
        } else {
            noteSize(entry, hash: location.hash, before: before, after: after)
        }
        if open.contains(.late) { noteModified(key, database: selected) }
    }

    private mutating func dropEmptied(_ location: Location) {
        notify(.generic, "del", location.entry.key)
        takeOut(location, .emptied)
    }

    /// Puts a whole value in the place of whatever `key` holds; an empty one removes the key.
    mutating func assign<Object: KeyspaceObject>(
        _ key: RawSpan, object: Object, _ expiry: NewExpiry = .clear
    ) {
        let location = find(key, .silent)
        if object.count == 0 {
            object.free()
            if let location { remove(location) }
            return
        }
        let record = newRecord(
            key, Entry.kind(Object.type, object.encoding), [.hasPayload], expiry, inline: 0,
            at: location)
        record.payload = object.payload
        settle(record, at: location, hash: location?.hash)
        changed(key)
        noteAppeared(key, Object.type, database: selected)
    }
}
