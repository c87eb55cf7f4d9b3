import ArgumentParser
import Client
import Repl
import Terminal
import Wire

/// Where commands go and how replies look: what the prompt and `larder exec` have in common.
struct SessionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Where commands go: redis://[user:password@]host:port/db, unix:PATH[?db=N], host:port \
            or embedded (default).
            """, valueName: "address"))
    var target: String?

    @Flag(name: [.customShort("3"), .customLong("resp3")], help: "Speak RESP3.")
    var resp3 = false

    @Flag(
        name: .customShort("2"),
        help: "Speak RESP2, also where --json and its like would speak RESP3.")
    var resp2 = false

    @Flag(help: "Ask for the password at the terminal.")
    var askpass = false

    @Flag(help: "Send destructive commands without asking.")
    var yes = false

    @Flag(name: .customLong("readonly"), help: "Send nothing that changes data or the server.")
    var isReadOnly = false

    @Option(
        help: ArgumentHelp(
            """
            How replies look: table for eyes, classic as redis-cli on a terminal, raw as on a \
            pipe, json, jsonl, quoted-json, csv or resp.
            """, valueName: "form"))
    var format: String?

    @Option(help: ArgumentHelp("The same as --format.", valueName: "form"))
    var render: String?

    @Flag(help: "The same as --format json.")
    var json = false

    @Flag(help: "The same as --format csv.")
    var csv = false

    @Flag(help: "The same as --format raw.")
    var raw = false

    @Flag(help: "No line may start a shell command or write a file.")
    var noShell = false

    @Option(
        help: ArgumentHelp(
            "Where error replies go: stdout, as with redis-cli, or stderr.", valueName: "where"))
    var errors = "stdout"

    @Flag(help: "End with status 0 even after error replies, as redis-cli does.")
    var redisExit = false

    @Option(help: ArgumentHelp("Colour remarks: auto, always or never.", valueName: "when"))
    var color = "auto"

    /// The options as the session takes them.
    func options() throws -> ReplOptions {
        var options = ReplOptions()
        options.programVersion = Larder.version
        options.dashboard = PromptDashboard.link()
        PromptLessons.wire(&options)
        if let target {
            do throws(TargetError) {
                options.target = try Target(parsing: target)
            } catch {
                throw complaint("--target: \(error.description)")
            }
        }
        options.agrees = yes
        options.isReadOnly = isReadOnly
        try signIn(&options.target)
        let flags = [(json, "json"), (csv, "csv"), (raw, "raw")].filter(\.0).map(\.1)
        let forms = [format, render].compactMap { $0 } + flags
        if forms.count > 1 { throw complaint("the form of replies is given more than once") }
        if let form = forms.first {
            guard let format = ReplyFormat(named: form) else {
                throw complaint("--format is one of \(ReplyFormat.names), not '\(form)'")
            }
            options.format = format
        }
        // The types of RESP3 say more to a program; a server without it will do too.
        let isStructured = [.json, .jsonl, .quotedJSON].contains(options.format)
        options.version = !resp2 && (resp3 || isStructured) ? .three : .two
        options.insistsOnVersion = resp3
        guard ["stdout", "stderr"].contains(errors) else {
            throw complaint("--errors is stdout or stderr, not '\(errors)'")
        }
        options.separatesErrors = errors == "stderr"
        options.forgivesErrors = redisExit
        options.allowsShell = !noShell
        guard let choice = TerminalEnvironment.ColorChoice(rawValue: color) else {
            throw complaint("--color is auto, always or never, not '\(color)'")
        }
        options.color = choice
        return options
    }

    /// Adds the password, wherever it comes from.
    private func signIn(_ target: inout Target) throws {
        target = try PasswordSource.signIn(target, asks: askpass)
    }

}

/// Where the password comes from.
enum PasswordSource {
    /// A target with the password that the person types or that the environment has. Warns of
    /// one that stands in the command line, where others can see it.
    static func signIn(_ target: Target, asks: Bool) throws -> Target {
        guard case .remote(var server) = target else { return target }
        if server.password != nil {
            Descriptor.error.write(
                "larder: a password in the command line can be seen by others; "
                    + "LARDER_PASSWORD or --askpass hides it\n")
        } else if asks {
            guard let password = SecretPrompt.read("Password: ") else {
                throw complaint("--askpass needs a terminal, and a password typed there")
            }
            server.password = password
        } else {
            server.password = ["LARDER_PASSWORD", "REDISCLI_AUTH"]
                .lazy.compactMap(TerminalEnvironment.variable).first { !$0.isEmpty }
        }
        return .remote(server)
    }
}

/// Says what is wrong with the command line; the error to throw then.
func complaint(_ text: String) -> any Error {
    Descriptor.error.write("larder: \(text)\n")
    return ExitCode(ExitStatus.usage.rawValue)
}

/// What `larder` does without a subcommand.
struct ReplCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "A prompt on a terminal; elsewhere the commands of standard input.",
        discussion: "What larder does without a subcommand; see larder --help.")

    @OptionGroup var session: SessionOptions

    @Option(
        name: .customShort("c"),
        help: ArgumentHelp("Run these commands and end. May be repeated.", valueName: "commands"))
    var commands: [String] = []

    @Option(
        name: .customShort("f"),
        help: ArgumentHelp(
            "Run the commands in this file and end; - is standard input. May be repeated.",
            valueName: "file"))
    var files: [String] = []

    @Flag(name: .customShort("e"), help: "Stop at the first error.")
    var stopsAtError = false

    @Flag(help: "Standard input has requests as they go over the wire, for mass insertion.")
    var pipe = false

    @Flag(help: "Open a small shop in the embedded engine, to have something to look at.")
    var demo = false

    @Option(
        help: ArgumentHelp("Run a script; scripts come with a later version.", valueName: "file"))
    var eval: String?

    @Argument(help: .hidden)
    var words: [String] = []

    func run() throws {
        if eval != nil {
            throw complaint("--eval: there are no scripts yet, they come with a later version")
        }
        if let word = words.first {
            throw complaint(
                "'\(word)' is no subcommand; 'larder exec \(words.joined(separator: " "))' "
                    + "sends it as a cache command, and larder --help shows the rest")
        }
        var options = try session.options()
        options.isMassInsertion = pipe
        options.commands = commands
        options.files = files
        options.stopsAtError = stopsAtError
        options.opensDemo = demo
        try end(with: Repl.run(options))
    }
}

/// Ends the program with a status.
func end(with status: ExitStatus) throws {
    if status != .success { throw ExitCode(status.rawValue) }
}
