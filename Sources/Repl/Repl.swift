import Bytes
import Client
import Glibc
import Terminal

// The ways in: one command, commands as arguments, files, standard input, or a person at a
// terminal. Arguments win over standard input.

/// The interactive workbench and its non-interactive forms.
public enum Repl {
    /// Runs a session to its end and returns how it went.
    public static func run(_ options: ReplOptions) -> ExitStatus {
        if let words = options.words {
            let console = Console(options, guardian: nil, isInteractive: false)
            console.run(words.map { Array($0.utf8) })
            return console.status
        }
        if !options.commands.isEmpty || !options.files.isEmpty { return runScripts(options) }
        guard Descriptor.input.isTerminal else {
            var options = options
            options.files = ["-"]
            return runScripts(options)
        }
        return InteractiveSession(options).run()
    }

    private static func runScripts(_ options: ReplOptions) -> ExitStatus {
        let console = Console(options, guardian: nil, isInteractive: false)
        for text in options.commands {
            for piece in CommandSplitter.split(Array(text.utf8), semicolons: true) {
                guard console.perform(piece.bytes, from: .script("-c", line: piece.line)),
                    !console.isLeaving
                else { return console.status }
            }
        }
        for path in options.files {
            guard runFile(path, console) else { break }
        }
        return console.status
    }

    /// False when nothing more is to be run.
    private static func runFile(_ path: String, _ console: Console) -> Bool {
        guard let file = path == "-" ? Descriptor.input : Descriptor(openingToRead: path) else {
            console.complain("\(path) cannot be read\n", at: nil)
            return console.noteUsage()
        }
        let reader = PlainLineReader(file)
        var number = 0
        while case .line(let line) = reader.next() {
            number += 1
            let name = path == "-" ? "stdin" : path
            guard console.perform(line, from: .script(name, line: number)), !console.isLeaving
            else { return false }
        }
        return true
    }
}
