import Glibc

/// One blocking connection to a real server: bytes out, whole replies in.
final class RealConnection {
    private let socket: Int32
    private var unread: [UInt8] = []

    /// Connects to a Unix socket. A read that waits longer than twenty seconds is an error.
    init(socketPath: String) throws(RealServerError) {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .system("socket") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socketPath.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, size)
            }
        }
        guard status == 0 else { throw .system("connect") }
    }

    deinit { close(socket) }

    /// Sends the bytes as they are. To a server that has closed the connection nothing is sent;
    /// what it said before can still be received.
    func send(_ bytes: [UInt8]) throws(RealServerError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EPIPE || errno == ECONNRESET { return }
            guard count > 0 else { throw .system("send") }
            sent += count
        }
    }

    /// The bytes of the next whole reply.
    func receive() throws(RealServerError) -> [UInt8] {
        while true {
            if let end = WireValue.endOfReply(in: unread) {
                let reply = Array(unread[..<end])
                unread.removeFirst(end)
                return reply
            }
            try fill()
        }
    }

    /// What the server sends until and with `last`, or until it closes the connection, or falls
    /// silent for twenty seconds.
    func receive(until last: [UInt8]) throws(RealServerError) -> (bytes: [UInt8], isClosed: Bool) {
        defer { unread = [] }
        while !unread.suffix(last.count).elementsEqual(last) {
            do throws(RealServerError) {
                guard try fill(orEnd: true) else { return (unread, true) }
            } catch {
                guard errno == EAGAIN else { throw error }
                break
            }
        }
        return (unread, false)
    }

    /// So many bytes, or fewer when no more come for two seconds.
    func receive(count: Int) throws(RealServerError) -> [UInt8] {
        while unread.count < count {
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 2000) == 1, try fill(orEnd: true) else { break }
        }
        defer { unread.removeFirst(min(count, unread.count)) }
        return Array(unread.prefix(count))
    }

    /// What has come and nobody has looked at.
    func receivePending() -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        defer { unread = [] }
        return unread + chunk.prefix(max(0, count))
    }

    /// Tells the server that nothing more comes.
    func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// Whatever the server sends until it closes the connection.
    func receiveUntilClosed() throws(RealServerError) -> [UInt8] {
        while try fill(orEnd: true) {}
        defer { unread = [] }
        return unread
    }

    /// Sends one request and gives the bytes of its reply.
    func call(_ words: [String]) throws(RealServerError) -> [UInt8] {
        try call(words.map { Array($0.utf8) })
    }

    /// Sends one request and gives the bytes of its reply.
    func call(_ words: [[UInt8]]) throws(RealServerError) -> [UInt8] {
        try send(WireValue.request(words))
        return try receive()
    }

    /// Sends one request and gives its reply, decoded.
    func value(_ words: String...) throws(RealServerError) -> WireValue {
        WireValue(reply: try call(words))
    }

    @discardableResult
    private func fill(orEnd: Bool = false) throws(RealServerError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        var count = recv(socket, &chunk, chunk.count, 0)
        while count < 0, errno == EINTR { count = recv(socket, &chunk, chunk.count, 0) }
        if orEnd, count == 0 || count < 0 && errno == ECONNRESET { return false }
        guard count > 0 else { throw .system("recv") }
        unread += chunk[..<count]
        return true
    }
}
