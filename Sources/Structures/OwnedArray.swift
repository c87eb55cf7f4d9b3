/// A growable array of noncopyable elements, edited in place.
///
/// `Array` needs copyable elements and asks before each change whether it is shared; this one
/// never is.
@safe
public struct OwnedArray<Element: ~Copyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    /// The number of elements.
    public private(set) var count: Int

    /// No elements.
    public init() {
        unsafe base = .allocate(capacity: 4)
        capacity = 4
        count = 0
    }

    deinit {
        // Safe: `count` elements are initialised and owned by this array alone.
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    /// Adds an element at the end.
    public mutating func append(_ element: consuming Element) {
        if count == capacity {
            // Safe: the elements move to a block twice as large; the old one holds none then.
            let next = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
            unsafe next.moveInitialize(from: base, count: count)
            unsafe base.deallocate()
            unsafe base = next
            capacity *= 2
        }
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    /// Takes the last element off and hands it over; traps when there is none.
    public mutating func removeLast() -> Element {
        precondition(count > 0)
        count -= 1
        // Safe: the element was initialised, and nobody reaches it here any more.
        return unsafe (base + count).move()
    }

    /// Exchanges two elements.
    public mutating func swapAt(_ first: Int, _ second: Int) {
        precondition(first >= 0 && first < count && second >= 0 && second < count)
        if first == second { return }
        // Safe: both are initialised, and they are different.
        let held = unsafe (base + first).move()
        unsafe (base + first).initialize(to: (base + second).move())
        unsafe (base + second).initialize(to: held)
    }

    /// The element at `index`, in place; traps when there is none.
    public subscript(index: Int) -> Element {
        @inline(__always)
        unsafeAddress {
            precondition(index >= 0 && index < count)
            // Safe: the element is initialised.
            return unsafe UnsafePointer(base + index)
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(index >= 0 && index < count)
            // Safe: the element is initialised, and this array is borrowed exclusively.
            return unsafe base + index
        }
    }
}
