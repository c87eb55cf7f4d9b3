import ArgumentParser
import Repl
import Terminal

/// The program. Without a subcommand it is the workbench itself: a prompt on a terminal, and a
/// runner of commands elsewhere.
@main
struct Larder: ParsableCommand {
    /// The version of the program.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "larder",
        abstract: "A cache workbench: an engine compatible with Redis, a prompt, a server.",
        usage: """
            larder [--target ADDRESS]
            larder [-c COMMANDS]… [-f FILE]… [options]
            larder exec COMMAND [ARGUMENT]…
            larder serve [CONFIG-FILE] [settings]
            larder bench [options]
            larder dashboard [--target ADDRESS] [options]
            larder play [LESSON] [options]
            larder scenario test|lint|list|new|record|update|export [options]
            """,
        discussion: """
            Without arguments on a terminal, larder starts an engine inside the process and a \
            prompt to talk to it. Elsewhere it runs the commands that come on standard input:

              printf 'SET a 1\\nINCR a\\n' | larder
              larder -c 'SET a 1; INCR a'
              larder exec --target redis://127.0.0.1:6379 GET a

              --target ADDRESS  redis://[user:password@]host:port/db, unix:PATH[?db=N],
                                host:port, or embedded (the default)
              -c COMMANDS       run these commands and end
              -f FILE           run the commands in this file (- is standard input)
              -e                stop at the first error
              --yes             send destructive commands (FLUSHALL and the like) without asking;
                                a script needs it for them at another server
              --askpass         ask for the password; LARDER_PASSWORD or REDISCLI_AUTH also give it
              -3, --resp3       speak RESP3, as --json does by itself; -2 speaks RESP2
              --format FORM     how replies look: table, classic, raw, json, jsonl,
                                quoted-json, csv or resp; --json, --csv, --raw for short
              --errors stderr   error replies do not go where the others go
              --redis-exit      the status is 0 even after error replies
              --pipe            standard input has requests as they go over the wire
              --no-shell        a line at the prompt may not use | and >
              --color WHEN      colour remarks: auto, always or never

            In scripts blank lines and lines that begin with # are skipped, and a number before \
            a command repeats it. A semicolon ends a command of -c when a blank or the end \
            follows it. Replies are typed, quoted and in columns on a terminal, and bare \
            elsewhere; --format classic is what redis-cli prints on a terminal.

            The exit status is that of the first thing that went wrong:
              0    nothing: every reply was fine
              1    an error reply, or an assertion that does not hold
              2    a command line, a script line or an address that cannot be read, or a
                   destructive command without --yes
              3    no connection, or it was lost
              4    not let in or not allowed (NOAUTH, WRONGPASS, NOPERM)
              5    skipped: a scenario needs what is not here
              124  the time for a scenario was over
              130  ended by Ctrl-C
              141  nobody reads the output any more

            larder --generate-man prints the manual page, for man -l - or a man directory.
            larder --generate-completion-script bash (or zsh, fish) prints a script that \
            completes this command line in your shell.
            """,
        version: version,
        subcommands: [
            ReplCommand.self, ExecCommand.self, ServeCommand.self, BenchCommand.self,
            DashboardCommand.self, ScenarioCommand.self, PlayCommand.self, FuzzCommand.self,
        ],
        defaultSubcommand: ReplCommand.self)

    /// Runs the program. A command line that cannot be read ends with the status that every
    /// unreadable input has, not with the parser's own.
    static func main() {
        if CommandLine.arguments.dropFirst() == ["--generate-man"] {
            Descriptor.output.write(ManPage.text(configuration, version: version))
            return
        }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            Descriptor.error.write(fullMessage(for: error) + "\n")
            exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
    }
}
