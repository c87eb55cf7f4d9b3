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
              larder exec -x SET page < page.html
              larder exec -X BODY SET page BODY EX 60 < page.html
            """)

    @OptionGroup var session: SessionOptions

    @Flag(name: .customShort("x"), help: "Standard input is the last argument.")
    var lastFromInput = false

    @Option(
        name: .customShort("X"),
        help: ArgumentHelp(
            "Standard input takes the place of this argument.", valueName: "tag"))
    var tag: String?

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var words: [String]

    func run() throws {
        var options = try session.options()
        if lastFromInput, tag != nil { throw complaint("-x and -X exclude each other") }
        if let tag, !words.contains(tag) {
            throw complaint("-X: no argument is '\(tag)'")
        }
        options.takesLastFromInput = lastFromInput
        options.inputTag = tag
        options.words = words
        try end(with: Repl.run(options))
    }
}
