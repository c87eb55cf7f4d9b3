import Bytes
import Dispatch
import Glibc
import Synchronization
import Wire

/// Stands between one client and a server on Unix sockets: hands on every byte, and keeps what
/// was asked and what was answered.
final class CountingProxy: Sendable {
    /// A command and its reply.
    struct Exchange: Sendable {
        var words: [String]
        var reply: RESPValue?
        var bytes = 0
    }

    private struct State {
        var exchanges: [Exchange] = []
        var answered = 0
    }

    /// Where the client connects.
    let path: String
    private let state = Mutex(State())
    private let listening: Int32

    /// A proxy before the server at `target`.
    init(before target: String) throws(RealServerError) {
        path = "\(target)-proxy"
        unlink(path)
        listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let bound = Self.with(path) { address, size in bind(listening, address, size) }
        guard bound == 0, listen(listening, 4) == 0 else { throw .system("bind") }
        let door = listening
        DispatchQueue(label: "proxy").async { [self] in
            let client = accept(door, nil, nil)
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard client >= 0, Self.with(target, { connect(server, $0, $1) }) == 0 else { return }
            carry(client, server)
            close(client)
            close(server)
        }
    }

    deinit {
        close(listening)
        unlink(path)
    }

    /// What has passed so far.
    var exchanges: [Exchange] { state.withLock { $0.exchanges } }

    /// Forgets what has passed.
    func clear() {
        state.withLock { state in
            state.exchanges = []
            state.answered = 0
        }
    }

    private func carry(_ client: Int32, _ server: Int32) {
        var requests = ReplyParser()
        var replies = ReplyParser()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ends, 2, -1) > 0 else { return }
            let isRequest = ends[0].revents != 0
            let count = read(isRequest ? client : server, &buffer, buffer.count)
            guard count > 0 else { return }
            let bytes = Array(buffer[..<count])
            // What is kept is kept before anybody can see its effect.
            if isRequest {
                requests.feed(bytes)
                while let words = try? requests.next() { note(request: words) }
            } else {
                replies.feed(bytes)
                while let reply = try? replies.next() { note(reply: reply) }
            }
            var offset = 0
            while offset < count {
                let sent = bytes[offset...].withUnsafeBytes {
                    send(isRequest ? server : client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return }
                offset += sent
            }
        }
    }

    private func note(request: RESPValue) {
        let words = (request.elements ?? []).map { $0.bytes?.text ?? "" }
        state.withLock { $0.exchanges.append(Exchange(words: words)) }
    }

    private func note(reply: RESPValue) {
        state.withLock { state in
            guard state.answered < state.exchanges.count else { return }
            state.exchanges[state.answered].reply = reply
            state.answered += 1
        }
    }

    private static func with(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}
