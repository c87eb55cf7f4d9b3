import Glibc

// Safe: paths are lent to the system as C strings for one call each; stat values are local.
//
// The file of a history: one record per line, appended with one write under a lock that all
// sessions share, so that none overwrites what another has added. Trimming writes a new file and
// renames it over the old one; an appender that got its lock on the old one sees that the name
// now leads elsewhere, and opens again. The file is created with mode 0600, its directories with
// 0700: what people type at a cache is often private.

/// The file that a ``LineHistory`` is kept in.
struct HistoryFile {
    let path: String

    /// Nil when `path` is not a place for a file of ours: /dev/null, a directory, a pipe.
    init?(path: String) {
        guard !path.isEmpty, path != "/dev/null" else { return nil }
        // A link from a collection of dot files stays a link: the file behind it is ours.
        self.path = Self.resolved(path)
        if let status = Self.status(of: self.path), status.st_mode & S_IFMT != S_IFREG {
            return nil
        }
    }

    /// The records, oldest first; nil when there is no file or it cannot be read.
    func read() -> [String]? {
        guard let file = open(path, O_RDONLY | O_CLOEXEC) else { return nil }
        defer { close(file.number) }
        return Self.records(Self.contents(of: file))
    }

    /// Appends one record. False when the system refuses.
    func append(_ record: String) -> Bool {
        let line = Array((Self.escaped(record) + "\n").utf8)
        return withLock(O_WRONLY | O_APPEND) { file in file.write(line) } ?? false
    }

    /// Keeps the newest `limit` records. False when the system refuses.
    func trim(to limit: Int) -> Bool {
        withLock(O_RDONLY) { file in
            let records = Self.records(Self.contents(of: file))
            guard records.count > limit else { return true }
            let text = records.suffix(limit).map { Self.escaped($0) + "\n" }.joined()
            let fresh = path + ".\(getpid())"
            guard let new = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC) else {
                return false
            }
            let isWritten = new.write(text) && fsync(new.number) == 0
            close(new.number)
            guard isWritten, unsafe rename(fresh, path) == 0 else {
                unsafe unlink(fresh)
                return false
            }
            return true
        } ?? false
    }

    /// Runs `body` on the file, created if need be and locked. Nil when that fails.
    private func withLock<T>(_ flags: Int32, _ body: (Descriptor) -> T) -> T? {
        Self.makeDirectories(above: path)
        for _ in 0..<100 {
            guard let file = open(path, flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW) else {
                return nil
            }
            defer { close(file.number) }
            while flock(file.number, LOCK_EX) < 0 {
                if errno != EINTR { return nil }
            }
            guard let here = Self.status(of: file), let there = Self.status(of: path) else {
                continue
            }
            if here.st_ino == there.st_ino, here.st_dev == there.st_dev {
                // A file that was there before may be open to others.
                if here.st_mode & 0o077 != 0 { fchmod(file.number, 0o600) }
                return body(file)
            }
        }
        return nil
    }

    private func open(_ path: String, _ flags: Int32) -> Descriptor? {
        let number = unsafe Glibc.open(path, flags, 0o600 as mode_t)
        return number < 0 ? nil : Descriptor(number)
    }

    private static func contents(of file: Descriptor) -> [UInt8] {
        var result: [UInt8] = []
        while true {
            switch file.read(atMost: 65536) {
            case .bytes(let bytes): result += bytes
            case .nothing: continue
            case .end: return result
            }
        }
    }

    private static func status(of path: String) -> stat? {
        var result = stat()
        return unsafe stat(path, &result) == 0 ? result : nil
    }

    private static func status(of file: Descriptor) -> stat? {
        var result = stat()
        return unsafe fstat(file.number, &result) == 0 ? result : nil
    }

    private static func resolved(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    private static func makeDirectories(above path: String) {
        var end = path.startIndex
        while let slash = path[end...].dropFirst().firstIndex(of: "/") {
            unsafe mkdir(String(path[..<slash]), 0o700)
            end = slash
        }
    }
}

extension HistoryFile {
    /// A record as one line: backslash and line ends are written with a backslash.
    static func escaped(_ record: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in record.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The record of a line. An escape that is none stands for itself.
    static func unescaped(_ line: some StringProtocol) -> String {
        var result = String.UnicodeScalarView()
        var isEscape = false
        for scalar in line.unicodeScalars {
            guard isEscape else {
                isEscape = scalar == "\\"
                if !isEscape { result.append(scalar) }
                continue
            }
            isEscape = false
            switch scalar {
            case "\\": result.append("\\")
            case "n": result.append("\n")
            case "r": result.append("\r")
            default:
                result.append("\\")
                result.append(scalar)
            }
        }
        if isEscape { result.append("\\") }
        return String(result)
    }

    static func records(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: 10).map { unescaped(String(decoding: $0, as: UTF8.self)) }
    }
}
