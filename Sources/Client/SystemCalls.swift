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

    /// Makes a file that is not there yet, to write; nil when that is not possible.
    public init?(creating path: String) {
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if number < 0 { return nil }
        self.init(number)
    }

    /// Removes a file, if it is there.
    public static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Closes it; the number is not to be used again.
    public func close() { _ = Glibc.close(number) }

    /// A pipe, whose ends no child inherits; nil when the system has no descriptors left.
    public static func pipe() -> (reading: Descriptor, writing: Descriptor)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// True when the file belongs to this user or to root, and nobody else may write it.
    public var isPrivate: Bool {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { return false }
        return status.st_mode & 0o022 == 0 && [geteuid(), 0].contains(status.st_uid)
    }
}

/// Names of files for completion.
public enum FileNames {
    /// So many entries of a directory are looked at.
    private static let reach = 10_000

    /// The paths that begin with `path`, directories with a slash behind them, in the order of
    /// their names. `~/` is the person's home. Hidden files are named only when asked for.
    public static func beginning(_ path: String, home: String?) -> [String] {
        let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
        let folder = cut.map { String(path[..<$0]) } ?? ""
        let start = cut.map { String(path[$0...]) } ?? path
        var place = folder.isEmpty ? "." : folder
        if place.hasPrefix("~/"), let home { place = home + place.dropFirst() }
        guard let directory = unsafe opendir(place) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        for _ in 0..<reach {
            guard let entry = unsafe readdir(directory) else { break }
            let isFolder = unsafe entry.pointee.d_type == DT_DIR
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            guard name.hasPrefix(start), name != ".", name != "..",
                !name.hasPrefix(".") || start.hasPrefix(".")
            else { continue }
            names.append(folder + name + (isFolder ? "/" : ""))
        }
        return names.sorted()
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

    /// The socket in it that was made last, of a process that still runs.
    public var newestSocket: String? {
        removeStale()
        var newest: (path: String, time: Int)?
        for name in FileNames.beginning(path + "/", home: nil) where name.hasSuffix(".sock") {
            var status = stat()
            guard unsafe lstat(name, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
                continue
            }
            let time = status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
            if time > newest?.time ?? 0 { newest = (name, time) }
        }
        return newest?.path
    }

    /// Removes a file, if it is there.
    public func remove(_ path: String) { _ = unsafe unlink(path) }

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
