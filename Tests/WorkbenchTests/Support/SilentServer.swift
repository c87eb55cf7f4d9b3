import Glibc

/// Takes connections and answers what it is told to, mostly nothing.
final class SilentServer {
    private let listening: Int32

    init(_ path: String) throws {
        listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listening, $0, length) }
        }
        guard result == 0, listen(listening, 8) == 0 else { throw ProgramError("no socket") }
    }

    deinit { close(listening) }

    /// The first bytes that come on the connections taken so far or on the next one. Questions
    /// of the prompt itself, which come on connections of their own, are passed over.
    func nextRequest() throws -> String {
        while true {
            var wanted = pollfd(
                fd: connection < 0 ? listening : connection, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, 20_000) == 1 else { throw ProgramError("nobody speaks") }
            if connection < 0 { connection = accept(listening, nil, nil) }
            guard connection >= 0 else { throw ProgramError("nobody connects") }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(connection, &buffer, buffer.count)
            let text = String(decoding: buffer[..<max(count, 0)], as: UTF8.self)
            if count > 0, !text.contains("larder-completion") { return text }
            close(connection)
            connection = -1
        }
    }

    /// Writes on the connection of the last request.
    func answer(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(connection, bytes, bytes.count)
    }

    /// Closes the connection of the last request.
    func hangUp() {
        // Programs that other tests started meanwhile may hold the descriptor too.
        shutdown(connection, Int32(SHUT_RDWR))
        close(connection)
        connection = -1
    }

    private var connection: Int32 = -1
}
