import Client
import Glibc
import Terminal

// Safe: paths are lent to the system as C strings for the length of one call.

/// The file in which a learner's progress is kept. What is written replaces the file in one go, so
/// that a program that is killed leaves the old file or the new one, and never half of one; and it
/// is merged with what stands there, so that two programs do not take each other's results away.
public struct ProgressFile: Sendable {
    /// Where it is.
    public let path: String

    /// A file at this path.
    public init(_ path: String) { self.path = path }

    /// The person's own, after the XDG rules; nil without a home.
    public static var standard: ProgressFile? {
        if let state = TerminalEnvironment.variable("XDG_STATE_HOME"), state.hasPrefix("/") {
            return ProgressFile(state + "/larder/progress.json")
        }
        guard let home = TerminalEnvironment.variable("HOME"), home.hasPrefix("/") else {
            return nil
        }
        return ProgressFile(home + "/.local/state/larder/progress.json")
    }

    /// What the file says; nothing where there is none.
    public func read() throws(Progress.Failure) -> Progress {
        guard let text = TextFile.read(path) else { return Progress() }
        return try Progress(parsing: text)
    }

    /// Adds what was reached to the file.
    /// - Returns: what could not be done, in words for a person; nil when all is well.
    public func save(_ progress: Progress) -> String? {
        let kept: Progress
        do throws(Progress.Failure) {
            kept = try read()
        } catch .newer {
            return "\(path) was written by a newer larder; progress is not kept"
        } catch {
            // What nobody can read is set aside, so that it can still be looked at.
            _ = unsafe rename(path, path + ".unreadable")
            kept = Progress()
        }
        var text = kept.merged(with: progress).text
        text.makeContiguousUTF8()
        return TextFile.replace(path, with: text) ? nil : "\(path) cannot be written"
    }
}

/// Whole files of text.
enum TextFile {
    /// The text of a file; nil when it cannot be read.
    static func read(_ path: String) -> String? {
        guard let file = Descriptor(openingToRead: path) else { return nil }
        defer { file.close() }
        var bytes: [UInt8] = []
        while true {
            switch file.read(atMost: 1 << 16) {
            case .bytes(let more): bytes += more
            case .nothing: continue
            case .end: return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// Puts a text in the place of a file, all of it or nothing. Directories that are missing are
    /// made.
    static func replace(_ path: String, with text: String) -> Bool {
        makeDirectory(of: path)
        let draft = "\(path).\(getpid()).new"
        guard let file = Descriptor(openingToWrite: draft, appending: false) else { return false }
        var isWritten = file.write(text)
        isWritten = fsync(file.number) == 0 && isWritten
        file.close()
        guard isWritten, unsafe rename(draft, path) == 0 else {
            _ = unsafe unlink(draft)
            return false
        }
        return true
    }

    private static func makeDirectory(of path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var directory = ""
        for part in parts where !part.isEmpty {
            directory += (directory.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
            _ = unsafe mkdir(directory, 0o700)
        }
    }
}
