/// A place on the heap for one noncopyable value, with an address that fits a payload.
///
/// A box is a handle: copying it copies the address. Whoever owns the record that keeps the
/// address frees it.
@safe
public struct Box<Value: ~Copyable> {
    @usableFromInline let base: UnsafeMutablePointer<Value>

    @usableFromInline
    init(_ base: UnsafeMutablePointer<Value>) { unsafe self.base = base }

    /// The box that a payload stands for.
    public init(payload: UInt64) {
        guard let address = unsafe UnsafeMutablePointer<Value>(bitPattern: UInt(payload)) else {
            preconditionFailure("a payload without an address")
        }
        unsafe self.base = address
    }

    /// What to keep as the payload of a record.
    public var payload: UInt64 { UInt64(UInt(bitPattern: unsafe base)) }

    /// A new box with this value in it.
    public static func allocate(_ value: consuming Value) -> Box {
        let base = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        // Safe: the place was allocated for one value and holds none yet.
        unsafe base.initialize(to: value)
        return unsafe Box(base)
    }

    /// Ends the value and gives its place back.
    public func free() {
        // Safe: `allocate` initialised it, and its owner frees it once.
        unsafe base.deinitialize(count: 1)
        unsafe base.deallocate()
    }

    /// Bytes of the place itself, the allocator's share included.
    public static var footprint: Int { (MemoryLayout<Value>.size + 8 + 15) & ~15 }

    /// The value, in place.
    public var value: Value {
        @inline(__always)
        unsafeAddress {
            // Safe: the value is initialised until `free`.
            unsafe UnsafePointer(base)
        }
        @inline(__always)
        nonmutating unsafeMutableAddress {
            // Safe: as above; the engine has one thread, and edits one value at a time.
            unsafe base
        }
    }
}
