import ArgumentParser
import Repl

/// `larder exec`: one command, its words as the shell has split them.
struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run one command and print its reply.",
        discussion: """
            The words are taken as the shell has split them; nothing is unquoted again. Options \
            come before the command:

              larder exec --target redis://127.0.0.1:6379 SET greeting 'hello world'
            """)

    @OptionGroup var session: SessionOptions

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var words: [String]

    func run() throws {
        var options = try session.options()
        options.words = words
        try end(with: Repl.run(options))
    }
}
