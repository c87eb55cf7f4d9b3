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
        let flavour = store.settings.flavour.availability
        let container = store.commands.entries[number].spec
        let subcommands = container.subcommands.filter { $0.availability.contains(flavour) }
        reply.array(1 + 2 * subcommands.count)
        reply.simple(
            utf8: "\(container.name) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
        for subcommand in subcommands {
            let arguments = Help.syntax(of: subcommand.arguments, flavour)
            reply.simple(utf8: ([subcommand.name] + arguments).joined(separator: " "))
            reply.simple(utf8: "    " + subcommand.summary)
        }
    }

    private static func syntax(
        of arguments: [Argument], _ flavour: Availability
    ) -> [String] {
        arguments.filter { $0.availability.contains(flavour) }.map { argument in
            var text = [argument.token, operand(argument, flavour)].compactMap { $0 }
                .joined(separator: " ")
            if argument.isRepeated { text += " [\(text) ...]" }
            return argument.isOptional ? "[\(text)]" : text
        }
    }

    private static func operand(_ argument: Argument, _ flavour: Availability) -> String? {
        switch argument.kind {
        case .pureToken: nil
        case .oneOf(let choices):
            "(" + syntax(of: choices, flavour).joined(separator: "|") + ")"
        case .block(let parts): syntax(of: parts, flavour).joined(separator: " ")
        default: "<\(argument.displayText ?? argument.name)>"
        }
    }
}
