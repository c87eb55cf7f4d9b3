import Glibc

/// A client's socket that does no more than it is told. Waiting has an end only so that a
/// failing test does not hang.
final class PlainSocket {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let descriptor: Int32
    private let scratch = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 1 << 18, alignment: 16)
    private static let patience: Int32 = 60_000

    /// Connects to a port of the loopback interface.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        try finish(result)
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
    }

    /// Connects to a Unix socket.
    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        try finish(result)
    }

    private func finish(_ result: Int32) throws {
        guard result == 0 else { throw Failure(description: "connect: errno \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        Glibc.close(descriptor)
        scratch.deallocate()
    }

    /// Ends what this side sends.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    private func wait(for events: Int) throws -> Int {
        var waiting = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        guard poll(&waiting, 1, PlainSocket.patience) == 1 else {
            throw Failure(description: "nothing happens on the socket")
        }
        return Int(waiting.revents)
    }

    /// Sends what the socket takes now, and returns how much that was.
    func trySend(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        guard errno == EAGAIN else { throw Failure(description: "send: errno \(errno)") }
        return 0
    }

    /// Sends everything; the other side must read it.
    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            _ = try wait(for: Int(POLLOUT))
            rest = rest.dropFirst(try trySend(rest))
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Adds what has arrived to `bytes`; returns 0 at the end of the stream, nil when nothing has.
    private func take(_ bytes: inout [UInt8], atMost limit: Int) throws -> Int? {
        let count = recv(descriptor, scratch.baseAddress, min(limit, scratch.count), 0)
        let code = errno
        if count >= 0 {
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            return count
        }
        // A peer that closes while bytes of ours are unread by it resets the connection.
        if code == ECONNRESET || code == EPIPE { return 0 }
        guard code == EAGAIN else { throw Failure(description: "receive: errno \(code)") }
        return nil
    }

    /// What has arrived by now, without waiting for more.
    func receiveNow() throws -> [UInt8] {
        var bytes: [UInt8] = []
        if try take(&bytes, atMost: 1 << 18) == 0 { throw Failure(description: "closed") }
        return bytes
    }

    /// Exactly the next `count` bytes.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            _ = try wait(for: Int(POLLIN))
            if try take(&bytes, atMost: count - bytes.count) == 0 {
                throw Failure(description: "closed after \(bytes.count) of \(count) bytes")
            }
        }
        return bytes
    }

    /// The bytes of `text`, as text of equal length that did arrive.
    func receiveText(like text: String) throws -> String {
        String(decoding: try receive(text.utf8.count), as: UTF8.self)
    }

    /// Everything until the other side closes.
    func receiveAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            _ = try wait(for: Int(POLLIN))
            if try take(&bytes, atMost: 1 << 18) == 0 { return bytes }
        }
    }

    /// As text, everything until the other side closes.
    func receiveAllText() throws -> String {
        String(decoding: try receiveAll(), as: UTF8.self)
    }

    /// Sends `bytes` and receives `count` at the same time, as neither side could wait.
    func exchange(_ bytes: [UInt8], expecting count: Int) throws -> [UInt8] {
        var rest = bytes[...]
        var received: [UInt8] = []
        received.reserveCapacity(count)
        while !rest.isEmpty || received.count < count {
            let ready = try wait(for: Int(POLLIN) | (rest.isEmpty ? 0 : Int(POLLOUT)))
            if ready & Int(POLLOUT) != 0 { rest = rest.dropFirst(try trySend(rest)) }
            if ready & Int(POLLIN) != 0, received.count < count {
                if try take(&received, atMost: count - received.count) == 0 {
                    throw Failure(description: "closed after \(received.count) bytes")
                }
            }
        }
        return received
    }
}
