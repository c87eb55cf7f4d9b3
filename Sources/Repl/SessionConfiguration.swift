import Bytes
import Client
import Terminal
import Wire

// `$XDG_CONFIG_HOME/larder/config`: what `:set` says, one line each, and `production HOST`. It is
// read by sessions at a terminal only, so that a script does the same everywhere. A line that
// cannot be read is told with its place and changes nothing. A file that others may write is not
// read at all: it could switch the questions before destructive commands off.

enum SessionConfiguration {
    /// Where the file is; nil when there is no home.
    static var path: String? { ConfigurationFile.path("config") }

    /// Does what the file says, if there is one.
    static func load(into console: Console) {
        guard let path, let script = ScriptFile(path) else { return }
        guard script.isPrivate else {
            return console.complain(
                "\(path) is not used: others may write it (chmod go-w helps)\n", at: nil)
        }
        while let piece = script.next() {
            guard let reason = take(piece.bytes, console) else { continue }
            console.complain("\(path):\(piece.line): \(reason)\n", at: nil)
        }
    }

    /// Does what a line says; what is wrong with it otherwise.
    static func take(_ line: [UInt8], _ console: Console) -> String? {
        var words = Safety.words(of: line)
        guard let first = words.first else {
            let isFine = CommandSplitter.isBlank(line) || CommandSplitter.isComment(line)
            return isFine ? nil : "a quote is not closed"
        }
        let name = String(decoding: first, as: UTF8.self).lowercased()
        if name == "production" {
            guard words.count == 2 else { return "production HOST, or HOST:PORT" }
            console.caution.productionNames.append(String(decoding: words[1], as: UTF8.self))
            return nil
        }
        if name == ":set" || name == "set" { words.removeFirst() }
        if words.isEmpty { return "a setting and its value are missing" }
        return console.change(words)
    }
}
