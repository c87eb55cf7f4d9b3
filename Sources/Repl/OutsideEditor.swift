import Client
import Glibc
import Terminal

/// The line in the person's own editor: $VISUAL, $EDITOR, or vi. The text lies in a file of the
/// directory that nobody else may look into, for as long as that takes.
enum OutsideEditor {
    /// What became of the text; nil when nothing was changed or it went wrong, which `remark` is
    /// told.
    static func edit(_ text: String, remark: (String) -> Void) -> String? {
        guard let directory = PrivateSocket.directory() else {
            remark("There is no directory for the line that is closed to others.")
            return nil
        }
        let path = "\(directory.path)/\(getpid()).line"
        // A file of this name can only be left from a process with our number that is no more.
        directory.remove(path)
        defer { directory.remove(path) }
        guard let file = Descriptor(openingToWrite: path, appending: false) else {
            remark("\(path) cannot be written.")
            return nil
        }
        file.write(text + "\n")
        file.close()
        let program = ["VISUAL", "EDITOR"].lazy.compactMap(TerminalEnvironment.variable)
            .first { !$0.isEmpty }
        // A shell command has a pipe for its input; an editor wants the terminal.
        let command = "\(program ?? "vi") '\(path.replacing("'", with: "'\\''"))' < /dev/tty"
        guard let status = ShellChild(command)?.wait() else {
            remark("The editor could not be started.")
            return nil
        }
        guard status == 0 else {
            remark("The editor ended with status \(status), the line stays as it was.")
            return nil
        }
        return contents(path)
    }

    private static func contents(_ path: String) -> String? {
        guard let file = Descriptor(openingToRead: path) else { return nil }
        defer { file.close() }
        var bytes: [UInt8] = []
        while case .bytes(let more) = file.read(atMost: 65_536) { bytes += more }
        if bytes.last == 10 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
