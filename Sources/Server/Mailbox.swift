import Bytes
import Glibc
import Synchronization

/// Bytes on their way from an event loop to a thread that waits for them with `poll`.
///
/// The loop puts, the thread takes; a pipe of one byte tells the thread when there is something,
/// so that it can wait for the mailbox, the keyboard and signals at once.
public final class Mailbox: Sendable {
    /// What was in the mailbox.
    public struct Delivery: Sendable {
        /// The bytes, in the order in which they came.
        public var bytes: [UInt8]
        /// True once the connection stands.
        public var isOpen: Bool
        /// Why nothing more will come, in words for a person; nil while more may come.
        public var end: String?
        /// How long a node in this process has worked on it, in nanoseconds; 0 when nobody can
        /// tell.
        public var work: UInt64 = 0
    }

    private struct State {
        var bytes: [UInt8] = []
        var work: UInt64 = 0
        var isOpen = false
        var end: String?
        var isAnnounced = false
        var onSpace: (@Sendable () -> Void)?
    }

    /// Readable when there is something to take. Only ever wait for it.
    public let descriptor: Int32
    private let announcing: Int32
    private let state = Mutex(State())

    /// An empty mailbox; traps when the process has no descriptors left.
    public init() {
        var ends: [Int32] = [-1, -1]
        // Safe: the array has room for the two descriptors that the call writes.
        let result = unsafe ends.withUnsafeMutableBufferPointer {
            unsafe pipe($0.baseAddress!)
        }
        precondition(result == 0, "no descriptors are left")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends[0]
        announcing = ends[1]
    }

    deinit {
        close(descriptor)
        close(announcing)
    }

    /// Says that the connection stands.
    public func open() {
        announce { $0.isOpen = true }
    }

    /// Adds bytes. Returns how many are waiting now, so that the sender can pause.
    /// - Parameter work: the nanoseconds that it took to make them, where that is known.
    @discardableResult
    public func put(_ span: RawSpan, work: UInt64 = 0) -> Int {
        let bytes = span.copied()
        return announce { state in
            state.bytes += bytes
            state.work += work
            return state.bytes.count
        }
    }

    /// Says that nothing more will come; the first reason counts.
    public func end(_ reason: String) {
        announce { state in
            if state.end == nil { state.end = reason }
            state.onSpace = nil
        }
    }

    /// Calls `body` once, after the next ``take()``, on the taker's thread.
    func whenTaken(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.onSpace = body }
    }

    /// Puts something in, and wakes the taker unless it is awake. That comes after the lock is
    /// given back: who is woken wants it at once.
    private func announce<R: Sendable>(_ body: (inout State) -> R) -> R {
        let (result, isNews) = state.withLock { state in
            let result = body(&state)
            let isNews = !state.isAnnounced
            state.isAnnounced = true
            return (result, isNews)
        }
        if isNews {
            // Safe: one byte of an array with one element; the pipe has room, since it is empty.
            _ = unsafe [1 as UInt8].withUnsafeBytes { unsafe write(announcing, $0.baseAddress, 1) }
        }
        return result
    }

    /// Everything that has come since the last call; does not wait.
    public func take() -> Delivery {
        let (delivery, onSpace) = state.withLock { state in
            let delivery = Delivery(
                bytes: state.bytes, isOpen: state.isOpen, end: state.end, work: state.work)
            let onSpace = state.onSpace
            state.bytes = []
            state.work = 0
            state.onSpace = nil
            // The end stays announced, whoever waits after it.
            if state.isAnnounced, state.end == nil {
                var byte: UInt8 = 0
                // Safe: reads at most the one byte that the variable has room for.
                let count = unsafe withUnsafeMutableBytes(of: &byte) {
                    unsafe read(descriptor, $0.baseAddress, 1)
                }
                // A byte that is still on its way will wake whoever waits for more as well.
                state.isAnnounced = count != 1
            }
            return (delivery, onSpace)
        }
        onSpace?()
        return delivery
    }
}

/// A connection to a node as its user sees it: requests go out as bytes, and what the node sends
/// arrives in a mailbox. It makes no difference where the node is.
public protocol WireConnection: AnyObject, Sendable {
    /// What the node has sent.
    var mailbox: Mailbox { get }
    /// Sends bytes; never waits. After the end of the connection it does nothing.
    func send(_ bytes: [UInt8])
    /// Ends the connection; replies that are under way are lost.
    func close()
}
