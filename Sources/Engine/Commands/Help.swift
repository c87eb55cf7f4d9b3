import Bytes
import Grammar
import Wire

// The HELP subcommand of every container: its text follows from the declarations, so that it
// cannot fall behind them.

enum Help {
    /// Answers with one line for the container, and two for each of its subcommands.
    static func run(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let number = store.commands.find(call[0]) else { return }
        let container = store.commands.entries[number].spec
        let subcommands = container.subcommands
        reply.array(1 + 2 * subcommands.count)
        reply.simple(
            utf8: "\(container.name) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
        for subcommand in subcommands {
            let arguments = subcommand.arguments.map(SyntaxPrinter.text)
            reply.simple(utf8: ([subcommand.name] + arguments).joined(separator: " "))
            reply.simple(utf8: "    " + subcommand.summary)
        }
    }
}
