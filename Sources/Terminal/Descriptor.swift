import CEdit
import Glibc

// Safe: every pointer given to the system here comes from an array for the length of one call,
// with that array's own count.

/// A file descriptor as the readers and painters use it: whole writes, reads that survive
/// signals, and waiting on several at once. It does not close what it holds.
public struct Descriptor: Equatable, Hashable, Sendable {
    /// The number that the system knows it by.
    public let number: Int32

    /// A descriptor by its number.
    public init(_ number: Int32) { self.number = number }

    /// Standard input.
    public static let input = Descriptor(0)
    /// Standard output.
    public static let output = Descriptor(1)
    /// Standard error.
    public static let error = Descriptor(2)

    /// True when a terminal is behind it.
    public var isTerminal: Bool { isatty(number) == 1 }

    /// What a read brought.
    public enum Reading: Equatable, Sendable {
        /// At least one byte.
        case bytes([UInt8])
        /// The other end is closed, or gone (a terminal that hung up).
        case end
        /// Nothing there now (a non-blocking descriptor), or a signal came first.
        case nothing
    }

    /// Reads once, at most `count` bytes.
    public func read(atMost count: Int) -> Reading {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let result = unsafe Glibc.read(number, buffer.baseAddress, count)
            failure = result < 0 ? errno : 0
            filled = max(result, 0)
        }
        if !bytes.isEmpty { return .bytes(bytes) }
        return failure == EINTR || failure == EAGAIN ? .nothing : .end
    }

    /// Writes all of `bytes`, waiting as long as the other end needs. False when it is gone.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>) -> Bool {
        let whole = Array(bytes)
        var offset = 0
        while offset < whole.count {
            let result = unsafe whole.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    number, buffer.baseAddress.map { unsafe $0 + offset }, whole.count - offset)
            }
            if result >= 0 {
                offset += result
            } else if errno == EAGAIN {
                _ = Self.poll([pollfd(fd: number, events: Int16(POLLOUT), revents: 0)], nil)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Writes the string as UTF-8.
    @discardableResult
    public func write(_ string: String) -> Bool { write(string.utf8) }

    /// What ``wait(for:milliseconds:)`` found.
    public enum Waiting: Equatable, Sendable {
        /// These can be read, or are at their end; in the order asked for.
        case ready([Descriptor])
        /// The time is over.
        case timeout
        /// A signal handler ran.
        case interrupted
    }

    /// Waits until one of `descriptors` can be read; for ever when `milliseconds` is nil.
    public static func wait(for descriptors: [Descriptor], milliseconds: Int?) -> Waiting {
        let asked = descriptors.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
        guard let answered = poll(asked, milliseconds) else { return .interrupted }
        let ready = answered.filter { $0.revents != 0 }.map { Descriptor($0.fd) }
        return ready.isEmpty ? .timeout : .ready(ready)
    }

    /// Nil when a signal came first.
    private static func poll(_ asked: [pollfd], _ milliseconds: Int?) -> [pollfd]? {
        var descriptors = asked
        let limit = milliseconds.map { Int32(clamping: $0) } ?? -1
        let result = unsafe descriptors.withUnsafeMutableBufferPointer { buffer in
            unsafe Glibc.poll(buffer.baseAddress, nfds_t(buffer.count), limit)
        }
        return result < 0 ? nil : descriptors
    }
}

/// Rows and columns of a terminal.
public struct TerminalSize: Equatable, Sendable {
    /// Rows.
    public var rows: Int
    /// Columns.
    public var columns: Int

    /// A size.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// What a terminal that does not tell is taken for.
    public static let classic = TerminalSize(rows: 24, columns: 80)
}

extension Descriptor {
    /// The size of the terminal behind it, nil when there is none or it does not tell.
    public var terminalSize: TerminalSize? {
        var rows: Int32 = 0
        var columns: Int32 = 0
        guard unsafe cedit_window_size(number, &rows, &columns) else { return nil }
        return TerminalSize(rows: Int(rows), columns: Int(columns))
    }
}
