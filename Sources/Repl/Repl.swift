import Bytes
public import Client
import Glibc
import Terminal

// The ways in: one command, commands as arguments, files, standard input, or a person at a
// terminal. Arguments win over standard input.

/// The interactive workbench and its non-interactive forms.
public enum Repl {
    /// Runs a session to its end and returns how it went.
    public static func run(_ options: ReplOptions) -> ExitStatus {
        let status = runSession(options)
        let isReply = status == .errorReply || status == .notAllowed
        return isReply && options.forgivesErrors ? .success : status
    }

    /// Shows a dashboard with a prompt in it, and nothing else; how that ended.
    public static func runInDashboard(_ options: ReplOptions) -> Pane.End {
        InteractiveSession(options).runInDashboard()
    }

    private static func runSession(_ options: ReplOptions) -> ExitStatus {
        if options.isMassInsertion {
            guard !options.isReadOnly else {
                Descriptor.error.write("larder: --pipe writes, and --readonly forbids that\n")
                return .usage
            }
            return MassInsertion.run(Console(options, guardian: nil, isInteractive: false))
        }
        if let words = options.words {
            let console = Console(options, guardian: nil, isInteractive: false)
            console.currentSource = .script("exec", line: 1)
            let words = withInput(words.map { Array($0.utf8) }, options)
            if console.approve(commands: [words]) { console.run(words) }
            return console.status
        }
        if !options.commands.isEmpty || !options.files.isEmpty { return runScripts(options) }
        // Where nobody sees a prompt there is none.
        guard Descriptor.input.isTerminal, Descriptor.output.isTerminal else {
            var options = options
            options.files = ["-"]
            return runScripts(options)
        }
        return InteractiveSession(options).run()
    }

    /// The words of a command with what standard input has in its place.
    private static func withInput(_ words: [[UInt8]], _ options: ReplOptions) -> [[UInt8]] {
        guard options.takesLastFromInput || options.inputTag != nil else { return words }
        var input: [UInt8] = []
        reading: while true {
            switch Descriptor.input.read(atMost: 1 << 16) {
            case .bytes(let more): input += more
            case .nothing: continue
            case .end: break reading
            }
        }
        guard let tag = options.inputTag else { return words + [input] }
        return words.map { $0 == Array(tag.utf8) ? input : $0 }
    }

    private static func runScripts(_ options: ReplOptions) -> ExitStatus {
        let console = Console(options, guardian: nil, isInteractive: false)
        defer { console.endRecording() }
        if let path = options.recordsTo, let complaint = console.beginRecording(path) {
            console.complain(complaint + "\n", at: nil)
            _ = console.noteUsage()
            return console.status
        }
        let pieces = options.commands.flatMap {
            CommandSplitter.split(Array($0.utf8), semicolons: true)
        }
        console.currentSource = .script("-c", line: 1)
        guard console.approve(lines: pieces.map(\.bytes)) else { return console.status }
        let approved = console.endpoint.target
        for piece in pieces {
            let source = Console.Source.script("-c", line: piece.line)
            guard console.perform(piece.bytes, from: source, approved: approved),
                !console.isLeaving
            else { return console.status }
        }
        for path in options.files {
            guard runFile(path, console) else { break }
        }
        return console.status
    }

    /// False when nothing more is to be run.
    private static func runFile(_ path: String, _ console: Console) -> Bool {
        guard let script = ScriptFile(path) else {
            console.complain("\(path) cannot be read\n", at: nil)
            return console.noteUsage()
        }
        return console.play(script)
    }
}
