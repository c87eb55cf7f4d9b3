import Bytes
import Grammar
import Terminal
import Wire

/// `:try N`: runs an example that `help` has shown.
enum Try {
    static var commands: [Command<Console>] { [attempt] }

    static let attempt = Command<Console>(
        ":TRY", .connection, [], since: "1.0.0",
        summary: "Runs an example that help has just shown, by its number.", complexity: "",
        arguments: [.integer("number")], examples: [":try 1"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let examples = console.examples
        if examples.isEmpty { throw CommandError("help or help COMMAND shows examples first") }
        guard let number = call[1].canonicalInteger, 1...examples.count ~= Int(number) else {
            throw CommandError("the examples have the numbers 1 to \(examples.count)")
        }
        let line = examples[Int(number) - 1]
        console.output.write("\(console.prompt.plain)\(line)\n")
        console.perform(Array(line.utf8), from: console.currentSource)
    }
}
