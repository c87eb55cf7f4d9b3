import Structures

// What is done with a value whose type is known only at run time: each type has its line in
// each of the three switches.

extension Record {
    /// Bytes that the value takes beside its entry.
    var valueFootprint: Int {
        guard flags.contains(.hasPayload) else { return 0 }
        switch type {
        case .string: return blob?.footprint ?? 0
        case .list: return ListObject(encoding: encoding, payload: payload).footprint
        case .hash: return HashObject(encoding: encoding, payload: payload).footprint
        case .set: return SetObject(encoding: encoding, payload: payload).footprint
        case .sortedSet: return sortedSet.footprint
        case .stream: Record.hasNoSuchType()
        }
    }

    /// Elements of the value; of a string its bytes.
    var elementCount: Int {
        switch type {
        case .string: return stringLength
        case .list: return ListObject(encoding: encoding, payload: payload).count
        case .hash: return HashObject(encoding: encoding, payload: payload).count
        case .set: return SetObject(encoding: encoding, payload: payload).count
        case .sortedSet: return sortedSet.count
        case .stream: Record.hasNoSuchType()
        }
    }

    /// A copy of the value, as a payload of its own.
    func duplicateValue() -> UInt64 {
        switch type {
        case .string:
            guard let blob else { return payload }
            return Blob.allocate(blob.bytes).payload
        case .list: return ListObject(encoding: encoding, payload: payload).duplicate().payload
        case .hash: return HashObject(encoding: encoding, payload: payload).duplicate().payload
        case .set: return SetObject(encoding: encoding, payload: payload).duplicate().payload
        case .sortedSet: return sortedSet.duplicate().payload
        case .stream: Record.hasNoSuchType()
        }
    }

    /// Gives back what a payload points at.
    @inline(__always)
    func freeValue() {
        if flags.contains(.hasPayload) { freePayload() }
    }

    @inline(never)
    private func freePayload() {
        switch type {
        case .string: blob?.free()
        case .list: ListObject(encoding: encoding, payload: payload).free()
        case .hash: HashObject(encoding: encoding, payload: payload).free()
        case .set: SetObject(encoding: encoding, payload: payload).free()
        case .sortedSet: sortedSet.free()
        case .stream: Record.hasNoSuchType()
        }
    }

    private var sortedSet: SortedSetObject {
        SortedSetObject(encoding: encoding, payload: payload)
    }

    /// No command makes values of the types that have no line of their own yet.
    private static func hasNoSuchType() -> Never {
        preconditionFailure("a value of a type that this engine does not have")
    }
}
