import Glibc
import Terminal

// Safe: the strings given to the system are duplicated, terminated by nil and freed after the
// call; every other pointer is to a variable of the function that makes the call.

/// A shell command that reads what is printed; its own output goes where this process's goes, or
/// is kept for later.
public final class ShellChild {
    private let identifier: pid_t
    private var input: Descriptor?
    private var captured: Descriptor?

    /// Starts `/bin/sh -c command`. Nil when the system has no room for it.
    ///
    /// - Parameter isCaptured: true where nobody else may write to the terminal now; then
    ///   ``output()`` has what the command says.
    public init?(_ command: String, isCaptured: Bool = false) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        if isCaptured {
            // A file and no pipe: nobody has to read while the command runs.
            var path = Array("/tmp/larder-XXXXXX".utf8CString)
            let file = unsafe mkstemp(&path)
            if file >= 0 {
                unsafe unlink(&path)
                _ = fcntl(file, F_SETFD, FD_CLOEXEC)
                captured = Descriptor(file)
                unsafe posix_spawn_file_actions_adddup2(&actions, file, 1)
                unsafe posix_spawn_file_actions_adddup2(&actions, file, 2)
            }
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        // No signal is blocked or ignored in the child: Ctrl-C and a closed pipe end it. The
        // numbers are SETSIGDEF and SETSIGMASK, which the Swift module of the C library lacks.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGTSTP] {
            unsafe sigaddset(&signals, number)
        }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, 0x04 | 0x08)
        let words: [String] = ["sh", "-c", command]
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        var environment = unsafe Self.environment.map { unsafe strdup($0) } + [nil]
        var child: pid_t = 0
        let failure = unsafe posix_spawn(
            &child, "/bin/sh", &actions, &attributes, &arguments, &environment)
        unsafe arguments.forEach { unsafe free($0) }
        unsafe environment.forEach { unsafe free($0) }
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
        close(ends[0])
        guard failure == 0 else {
            close(ends[1])
            return nil
        }
        // A child that stops reading must not end this process.
        signal(SIGPIPE, SIG_IGN)
        identifier = child
        input = Descriptor(ends[1])
    }

    /// The environment of this process as it was started.
    private static var environment: [String] {
        guard let file = Descriptor(openingToRead: "/proc/self/environ") else { return [] }
        defer { file.close() }
        var bytes: [UInt8] = []
        while case .bytes(let more) = file.read(atMost: 65_536) { bytes += more }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Gives the child bytes to read. False when it reads no more.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool { input?.write(bytes) ?? false }

    /// What the command has written, once; empty unless it was captured.
    public func output() -> [UInt8] {
        guard let captured else { return [] }
        self.captured = nil
        defer { captured.close() }
        _ = lseek(captured.number, 0, SEEK_SET)
        var bytes: [UInt8] = []
        while case .bytes(let more) = captured.read(atMost: 1 << 16) { bytes += more }
        return bytes
    }

    /// Ends the child's input and waits for its end: its exit status, or 128 and the signal.
    public func wait() -> Int32 {
        input?.close()
        input = nil
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0 {
            if errno != EINTR { return 127 }
        }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
