import Glibc

/// Writes to a connection's descriptor, and reads from it, without a way through the channel
/// pipeline.
///
/// A reply nearly always fits into the socket's buffer. Sending it with one system call, and
/// leaving to the pipeline only what did not fit, saves a third of the time that a small request
/// takes outside the kernel. Reading is left to the pipeline but for one case: see
/// `NodeHost.readAgain`.
enum DirectSocket {
    /// Sends what the socket takes at once and returns how many bytes that were, or nil when the
    /// connection is broken.
    static func send(_ bytes: RawSpan, to descriptor: Int32) -> Int? {
        // Safe: the pointer is used only during the call. MSG_NOSIGNAL because a peer that has
        // gone must not end the process.
        let sent = unsafe bytes.withUnsafeBytes { source in
            unsafe Glibc.send(
                descriptor, source.baseAddress, source.count,
                Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if sent >= 0 { return sent }
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : nil
    }

    /// Reads what has arrived into the buffer and returns how many bytes that were: none when
    /// nothing has, or when there is an end or an error, which the pipeline will find as well.
    static func receive(from descriptor: Int32, into buffer: inout [UInt8]) -> Int {
        // Safe: the count is the size of the buffer.
        let count = unsafe buffer.withUnsafeMutableBytes { target in
            unsafe recv(descriptor, target.baseAddress, target.count, Int32(MSG_DONTWAIT))
        }
        return max(0, count)
    }
}
