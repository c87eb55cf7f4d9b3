import Bytes
import Grammar
import Structures

// Sets.

extension ObjectDecoder {
    /// A set, member by member.
    static func set(
        _ reader: inout RDBReader, _ forms: SetObject.Forms
    ) throws(BadSerialization) -> SetObject {
        let count = try reader.count()
        guard count > 0 else { throw BadSerialization() }
        var set = SetObject()
        do throws(BadSerialization) {
            for _ in 0..<count {
                let member = try reader.string()
                set.prepare(
                    for: member.rawSpan, expecting: min(count, largestReserve), forms)
                guard set.insert(member.rawSpan, forms) else { throw BadSerialization() }
            }
        } catch {
            set.free()
            throw error
        }
        return set
    }

    /// A set of integers in one block.
    static func integers(
        _ bytes: [UInt8], _ forms: SetObject.Forms
    ) throws(BadSerialization) -> SetObject {
        guard let integers = IntegerSet.validated(bytes.rawSpan) else {
            throw BadSerialization()
        }
        let set = SetObject(encoding: .integerSet, payload: integers.payload)
        guard integers.count > 0 else {
            set.free()
            throw BadSerialization()
        }
        return integers.count <= forms.integers ? set : rebuilt(set, forms)
    }

    /// A set of the members in a listpack, which belongs to it from now on.
    static func set(
        _ pack: Listpack, _ forms: SetObject.Forms
    ) throws(BadSerialization) -> SetObject {
        guard !pack.isEmpty, isDistinct(pack, every: 1) else {
            pack.free()
            throw BadSerialization()
        }
        let set = SetObject(encoding: .listpack, payload: pack.payload)
        return pack.count <= forms.limits.setEntries ? set : rebuilt(set, forms)
    }

    /// The same members in the form that they have here; the given set is freed.
    private static func rebuilt(_ set: SetObject, _ forms: SetObject.Forms) -> SetObject {
        var copy = SetObject()
        set.forEach { member in
            if copy.count == 0 {
                member.withText { copy.prepare(for: $0, expecting: set.count, forms) }
            }
            copy.insert(member, forms)
        }
        set.free()
        return copy
    }
}
