import Glibc
import Grammar

/// A real redis-server or valkey-server of its own, on a Unix socket in a temporary directory.
///
/// It keeps nothing on disk, listens on no port, and ends when it is stopped or dropped, and also
/// when the test process dies: a shell stands between, which waits for its input to close.
/// Tests that need it are enabled `if: RealServer.isInstalled`, or call `RealServer.notice()`.
final class RealServer {
    /// Which server it is.
    enum Kind: String, CaseIterable, Sendable {
        case redis = "redis-server"
        case valkey = "valkey-server"

        /// Where it is, by PATH; nil when it is not installed.
        var binary: String? { find(rawValue) }

        /// Those that are installed here.
        static let installed = allCases.filter { $0.binary != nil }

        /// The flavour of a node that is compared with it.
        var flavour: Flavour { self == .redis ? .redis70 : .valkey80 }
    }

    /// The version of redis-server that differential tests compare with.
    static let expectedVersion = "7.0"

    /// Where redis-server is, by PATH; nil when it is not installed.
    static let binary: String? = Kind.redis.binary

    /// True when redis-server is installed.
    static var isInstalled: Bool { binary != nil }

    /// What a test that is skipped without redis-server says.
    static let notice = "redis-server is not installed: the comparison with it is skipped"

    /// The path of its socket.
    let socketPath: String
    private let directory: String
    private var process: pid_t = 0
    private var leash: Int32 = -1

    /// Starts a server with these settings besides its own, such as `["--databases", "4"]`, and
    /// returns when it takes connections.
    init(_ kind: Kind = .redis, options: [String] = []) throws(RealServerError) {
        guard let binary = kind.binary else {
            throw RealServerError("\(kind.rawValue) is not installed")
        }
        var template = Array("/tmp/larder-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system("mkdtemp") }
        directory = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        socketPath = directory + "/redis.sock"
        let script = #""$@" & child=$!; read line; kill -9 $child; wait $child"#
        let words =
            [
                "/bin/sh", "-c", script, "sh", binary, "--port", "0", "--unixsocket", socketPath,
                "--save", "", "--appendonly", "no", "--dir", directory, "--daemonize", "no",
                "--enable-debug-command", "yes",
            ] + options
        let log = try spawn(words)
        defer { close(log) }
        try waitUntilReady(log)
    }

    deinit { stop() }

    /// Opens a connection.
    func connect() throws(RealServerError) -> RealConnection {
        try RealConnection(socketPath: socketPath)
    }

    /// Ends the server and removes its directory. Connections to it are of no use afterwards.
    func stop() {
        guard process > 0 else { return }
        close(leash)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        process = 0
        unlink(socketPath)
        rmdir(directory)
    }

    /// Starts the words as a process on a leash; gives the reading end of its output.
    private func spawn(_ words: [String]) throws(RealServerError) -> Int32 {
        // Pairs of sockets and not pipes: they can be closed to other children from the start.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        var input: [Int32] = [-1, -1]
        var output: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, kind, 0, &input) == 0,
            socketpair(AF_UNIX, kind, 0, &output) == 0
        else { throw .system("socketpair") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, input[0], 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        posix_spawn_file_actions_adddup2(&actions, output[1], 2)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A blocked SIGCHLD, which a test runner may have, would keep the shell waiting for ever.
        var attributes = posix_spawnattr_t()
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_init(&attributes)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        defer { posix_spawnattr_destroy(&attributes) }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        let failure = posix_spawn(&process, words[0], &actions, &attributes, arguments, environ)
        close(input[0])
        close(output[1])
        leash = input[1]
        guard failure == 0 else {
            process = 0
            throw RealServerError("posix_spawn: \(failure)")
        }
        return output[0]
    }

    /// Reads the log until it says that connections are accepted: "now ready" or "Ready".
    private func waitUntilReady(_ log: Int32) throws(RealServerError) {
        var text = ""
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !text.contains("eady to accept connections") {
            let count = read(log, &chunk, chunk.count)
            guard count > 0 else { throw RealServerError("the server did not start: \(text)") }
            text += String(decoding: chunk[..<count], as: UTF8.self)
        }
    }

    private static func find(_ name: String) -> String? {
        guard let path = getenv("PATH").map({ String(cString: $0) }) else { return nil }
        return path.split(separator: ":").map { $0 + "/" + name }
            .first { access($0, X_OK) == 0 }
    }
}

/// What went wrong with the real server.
struct RealServerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A system call that failed.
    static func system(_ call: String) -> RealServerError {
        RealServerError("\(call): \(String(cString: strerror(errno)))")
    }
}
