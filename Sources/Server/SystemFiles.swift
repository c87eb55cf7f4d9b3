import Bytes
import Glibc

/// The few things that a server does with files and processes.
enum SystemFiles {
    /// The whole content of a file, or of standard input for `-`; nil with `errno` set when it
    /// cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = unsafe path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { if path != "-" { close(descriptor) } }
        var content: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            // Safe: the count is the size of the block.
            let count = unsafe block.withUnsafeMutableBytes { target in
                unsafe Glibc.read(descriptor, target.baseAddress, target.count)
            }
            if count == 0 { return content }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            content += block[0..<count]
        }
    }

    /// Writes text to a descriptor; what cannot be written is lost, as log lines may be.
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                // Safe: the range lies inside the text.
                let count = unsafe Glibc.write(
                    descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if count < 0 && errno != EINTR { return }
                offset += max(0, count)
            }
        }
    }

    /// Opens a file to append to, made with mode 0644 when it is not there.
    static func openLog(_ path: String) -> Int32? {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        return descriptor >= 0 ? descriptor : nil
    }

    /// Writes a file whole; false when that cannot be done.
    static func replace(_ path: String, with text: String) -> Bool {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        write(text, to: descriptor)
        close(descriptor)
        return true
    }

    /// Makes a directory the working one; false when that cannot be done.
    static func change(to directory: String) -> Bool { unsafe chdir(directory) == 0 }

    /// Removes a file, if it is there.
    static func remove(_ path: String) { unsafe unlink(path) }

    /// The system's words for the last error.
    static var lastError: String { message(of: errno) }

    /// The system's words for an error number.
    static func message(of number: Int32) -> String {
        // Safe: strerror gives a text that ends with a zero byte.
        unsafe String(cString: strerror(number))
    }

    /// The path of the running program.
    static var executable: String {
        var path = [CChar](repeating: 0, count: 4096)
        // Safe: one byte less than the buffer has, so that it ends with a zero byte.
        let count = unsafe readlink("/proc/self/exe", &path, path.count - 1)
        return count > 0
            ? String(decoding: path[0..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
    }

    /// Raises the number of files that may be open to what is needed, as far as the system lets.
    static func allowFiles(_ count: Int) {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < rlim_t(count) else { return }
        limit.rlim_cur = rlim_t(count)
        limit.rlim_max = max(limit.rlim_max, limit.rlim_cur)
        if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { return }
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// `POSIX_SPAWN_SETSID`, which the C header hides: a session of its own.
    private static let setSession: Int16 = 0x80

    /// Starts this program again with other words, in a session of its own and without a
    /// terminal; a process with threads must not fork.
    static func respawnDetached(_ words: [String]) -> Bool {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        unsafe posix_spawnattr_setflags(&attributes, setSession)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(
                &actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        // Safe: the copies live until they are freed below, after the call.
        let copies: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        var child = pid_t()
        return unsafe posix_spawn(
            &child, executable, &actions, &attributes, copies + [nil], environ) == 0
    }
}

/// Signals, taken one by one by the thread that waits for them.
enum Signals {
    /// Keeps the signals that end a server from ending it at once. Must be called before any
    /// thread is started: threads inherit it.
    static func hold() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
        var set = held()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for SIGTERM or SIGINT and says which it was.
    static func wait() -> Int32 {
        var set = held()
        var number: Int32 = 0
        while unsafe sigwait(&set, &number) != 0 {}
        return number
    }

    /// Ends a wait from another thread.
    static func wake() { kill(getpid(), SIGTERM) }

    private static func held() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        return set
    }
}
