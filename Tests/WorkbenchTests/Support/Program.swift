import Bytes
import Glibc
import Testing

/// Runs the program that was built beside the tests.
enum Program {
    /// Where the program lies: in the directory of the running test.
    static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(
            decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let beside = own.split(separator: "/").dropLast().joined(separator: "/")
        let candidate = "/\(beside)/larder"
        if access(candidate, X_OK) == 0 { return candidate }
        // Some drivers load the tests into a helper of the toolchain.
        let sources = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(sources)/.build/debug/larder"
    }()

    /// What a run left.
    struct Result {
        var output: String
        var complaints: String
        /// The exit status; 128 and the number when a signal ended it.
        var status: Int32
    }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String], input: String = "", home: TemporaryHome = TemporaryHome(),
        program: String = path
    ) throws -> Result {
        let files = (try home.file(input), home.path + "/out", home.path + "/err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, files.0, O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 1, files.1, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, files.2, flags, 0o600)
        let process = try spawn(arguments, &actions, home, program: program)
        let status = wait(for: process)
        return Result(
            output: home.contents(files.1), complaints: home.contents(files.2), status: status)
    }

    static func spawn(
        _ arguments: [String], _ actions: inout posix_spawn_file_actions_t,
        _ home: TemporaryHome, program: String = path,
        terminal: String = "dumb", inNewSession: Bool = false
    ) throws -> pid_t {
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment(home, terminal).map { strdup($0) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        // The threads that tests run on block signals, which a child would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let setSession: Int32 = 0x80
        let flags = POSIX_SPAWN_SETSIGMASK | (inNewSession ? setSession : 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var process: pid_t = 0
        let result = posix_spawn(
            &process, program, &actions, &attributes, &words, &variables)
        guard result == 0 else { throw ProgramError("\(program) cannot be started: \(result)") }
        return process
    }

    private static func environment(_ home: TemporaryHome, _ terminal: String) -> [String] {
        var variables = [
            "HOME": home.path, "XDG_STATE_HOME": home.path + "/state",
            "XDG_RUNTIME_DIR": home.path, "TERM": terminal, "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
        ]
        for entry in home.variables {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : nil
        }
        return variables.map { "\($0.key)=\($0.value)" }.sorted()
    }

    static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}

struct ProgramError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A directory that goes when the test does.
final class TemporaryHome {
    let path: String
    /// More of the environment that programs get, `NAME=value`; a bare name takes one away.
    var variables: [String] = []

    init() {
        var name = Array("/tmp/larder-test-XXXXXX".utf8CString)
        mkdtemp(&name)
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove(path) }

    private func remove(_ path: String) {
        for name in names(path) {
            let inner = path + "/" + name
            if unlink(inner) != 0 { remove(inner) }
        }
        rmdir(path)
    }

    /// The names in a directory.
    func names(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The text of a file.
    func contents(_ path: String) -> String {
        guard let stream = fopen(path, "r") else { return "" }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Writes a file and returns its path.
    func file(_ text: String, name: String = "in") throws -> String {
        let path = path + "/" + name
        guard let stream = fopen(path, "w") else { throw ProgramError("no file \(path)") }
        let bytes = Array(text.utf8)
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
        return path
    }

    /// The permission bits of a path, or nil.
    func mode(_ path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }
}
