import Bytes
import Client
import Glibc
import Terminal

/// A script that is read from its beginning: a file, or standard input. It gives whole commands:
/// a command with a heredoc comes with all rows of it.
final class ScriptFile {
    /// What complaints call it.
    let name: String
    private let descriptor: Descriptor
    private let closes: Bool
    private var reader: PlainLineReader
    private var row = 0

    /// The script at `path`; `-` is standard input. Nil when it cannot be read.
    init?(_ path: String) {
        guard let file = path == "-" ? Descriptor.input : Descriptor(openingToRead: path) else {
            return nil
        }
        name = path == "-" ? "stdin" : path
        closes = path != "-"
        descriptor = file
        reader = PlainLineReader(file)
    }

    /// True when nobody but its owner may write it.
    var isPrivate: Bool { descriptor.isPrivate }

    deinit { if closes { close(descriptor.number) } }

    /// The next command and the number of its first row, or nil at the end.
    func next() -> CommandSplitter.Piece? {
        guard case .line(var line) = reader.next() else { return nil }
        row += 1
        let first = row
        if let end = Heredoc.delimiter(of: line) {
            while case .line(let more) = reader.next() {
                row += 1
                line += [0x0A] + more
                if more == end { break }
            }
        }
        return CommandSplitter.Piece(bytes: line, line: first)
    }

    /// All its commands, after which it stands at its beginning again; nil for what can be read
    /// only once, such as a pipe.
    func preview() -> [[UInt8]]? {
        guard closes, lseek(descriptor.number, 0, SEEK_CUR) == 0 else { return nil }
        var lines: [[UInt8]] = []
        while let piece = next() { lines.append(piece.bytes) }
        guard lseek(descriptor.number, 0, SEEK_SET) == 0 else { return nil }
        reader = PlainLineReader(descriptor)
        row = 0
        return lines
    }
}
