import Glibc
public import Terminal

// Safe: paths are lent to the system as C strings for one call each, directory entries are copied
// before the next is read, and stat values are local.
//
// What the front needs of the operating system beyond reading and writing.

extension Descriptor {
    /// Opens a file to read; nil when that is not possible.
    public init?(openingToRead path: String) {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if number < 0 { return nil }
        self.init(number)
    }

    /// Opens a file to write, and makes it if need be; nil when that is not possible. What it
    /// holds is kept when `appending`, and dropped otherwise.
    public init?(openingToWrite path: String, appending: Bool) {
        let way = appending ? O_APPEND : O_TRUNC
        let number = unsafe open(path, O_WRONLY | O_CREAT | way | O_CLOEXEC, 0o666)
        if number < 0 { return nil }
        self.init(number)
    }

    /// Closes it; the number is not to be used again.
    public func close() { _ = Glibc.close(number) }

    /// True when the file belongs to this user or to root, and nobody else may write it.
    public var isPrivate: Bool {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { return false }
        return status.st_mode & 0o022 == 0 && [geteuid(), 0].contains(status.st_uid)
    }
}

/// Secrets that a person types.
public enum SecretPrompt {
    /// Asks at the process's terminal, wherever its input comes from, without showing what is
    /// typed. Nil where there is no terminal, and when the person would rather not.
    public static func read(_ question: String) -> String? {
        let number = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        let terminal = Descriptor(number)
        guard number >= 0, let guardian = TerminalGuard(input: terminal, output: terminal) else {
            return nil
        }
        defer { terminal.close() }
        return guardian.readHidden(question).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Ends of the process.
public enum ProcessEnd {
    /// Ends as SIGPIPE does, even where the signal is switched off.
    public static func byBrokenPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        exit(141)
    }
}

/// A directory that only its owner can look into, with a socket in it for each process.
public struct PrivateDirectory {
    /// Where it is.
    public let path: String

    /// Makes the directory if need be. Nil when it cannot be made, or is open to others or not
    /// ours: then nobody can tell who listens in it.
    public init?(_ path: String) {
        var status = stat()
        unsafe mkdir(path, 0o700)
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == geteuid()
        else { return nil }
        if status.st_mode & 0o077 != 0, unsafe chmod(path, 0o700) != 0 { return nil }
        self.path = path
    }

    /// The path of this process's socket.
    public var ownSocket: String { "\(path)/\(getpid()).sock" }

    /// Removes the sockets of processes that are gone.
    public func removeStale() {
        guard let directory = unsafe opendir(path) else { return }
        defer { unsafe closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            guard name.hasSuffix(".sock"), let process = Int32(name.dropLast(5)),
                process > 0, kill(process, 0) < 0, errno == ESRCH
            else { continue }
            unsafe unlink("\(path)/\(name)")
        }
    }

    /// The effective user's number, for a directory in a place that all users share.
    public static var user: UInt32 { geteuid() }
}
