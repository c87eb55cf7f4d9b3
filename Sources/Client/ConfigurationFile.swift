import Glibc
import Terminal

// Safe: paths are lent to the system as C strings for one call each.

/// The person's files below `$XDG_CONFIG_HOME/larder`.
public enum ConfigurationFile {
    /// What a file holds.
    public enum Contents: Equatable, Sendable {
        /// Its text.
        case text(String)
        /// There is none.
        case none
        /// It is there, and cannot be read as text.
        case unreadable
    }

    /// Where a file is; nil when there is no home.
    public static func path(_ name: String) -> String? {
        if let place = TerminalEnvironment.variable("XDG_CONFIG_HOME"), place.hasPrefix("/") {
            return "\(place)/larder/\(name)"
        }
        guard let home = TerminalEnvironment.variable("HOME"), home.hasPrefix("/") else {
            return nil
        }
        return "\(home)/.config/larder/\(name)"
    }

    /// Reads a file of at most a megabyte.
    public static func read(_ path: String) -> Contents {
        guard let file = Descriptor(openingToRead: path) else {
            return errno == ENOENT || errno == ENOTDIR ? .none : .unreadable
        }
        defer { file.close() }
        var bytes: [UInt8] = []
        reading: while bytes.count <= 1 << 20 {
            switch file.read(atMost: 1 << 16) {
            case .bytes(let more): bytes += more
            case .nothing: continue
            case .end: break reading
            }
        }
        guard bytes.count <= 1 << 20, !bytes.contains(0),
            let text = String(validating: bytes, as: UTF8.self)
        else { return .unreadable }
        return .text(text)
    }

    /// Replaces a file whole, or leaves it as it is. The directories above it are made if need be.
    public static func replace(_ path: String, with text: String) -> Bool {
        for (index, character) in zip(path.indices, path) where character == "/" {
            let above = String(path[..<index])
            if !above.isEmpty { unsafe mkdir(above, 0o700) }
        }
        let fresh = "\(path).\(getpid())"
        guard let file = Descriptor(openingToWrite: fresh, appending: false) else { return false }
        let isWritten = file.write(text) && fsync(file.number) == 0
        file.close()
        guard isWritten, unsafe rename(fresh, path) == 0 else {
            unsafe unlink(fresh)
            return false
        }
        return true
    }
}
