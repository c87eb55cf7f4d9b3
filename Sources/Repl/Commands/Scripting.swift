import Bytes
import Client
import Grammar
import Terminal
import Wire

// The commands that make a file of lines a script: `:source`, `:echo` and `:assert`.

enum Scripting {
    static var commands: [Command<Console>] { [source, echo, assert] }

    static let source = Command<Console>(
        ":SOURCE", .connection, [], since: "1.0.0",
        summary: "Runs the lines of a file, as larder -f does.", complexity: "",
        arguments: [.string("file")], examples: [":source setup.txt"], run: runSource)

    static let echo = Command<Console>(
        ":ECHO", .connection, [], since: "1.0.0",
        summary: "Prints words.", complexity: "", arguments: [.string("word").optional.repeated],
        examples: [":echo all is well"], run: runEcho)

    static let assert = Command<Console>(
        ":ASSERT", .connection, [], since: "1.0.0",
        summary: """
            Runs a command and compares its reply: with == it has to be these values, with != it \
            must not. Nothing is written (nil). A script in which it fails ends with status 1.
            """, complexity: "",
        arguments: [
            .string("command"), .string("argument").optional.repeated,
            .oneOf("comparison", [.token("=="), .token("!=")]), .string("value").repeated,
        ],
        arity: -4, examples: [":assert GET greeting == hello"], run: runAssert)

    /// How deep files may run files.
    private static let deepest = 16

    private static func runSource(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard console.sourceDepth < deepest else {
            throw CommandError("files run each other \(deepest) deep; is there a circle?")
        }
        let path = call[1].text
        guard let script = ScriptFile(path) else {
            throw CommandError("\(path) cannot be read")
        }
        console.sourceDepth += 1
        defer { console.sourceDepth -= 1 }
        console.play(script)
    }

    private static func runEcho(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let words = Console.words(call, from: 1)
        reply.buffer.append(words.joined(separator: [0x20]) + [0x0A])
    }

    private static func runAssert(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let words = Console.words(call, from: 1)
        guard
            let place = words.lastIndex(where: {
                [Array("==".utf8), Array("!=".utf8)].contains($0)
            }),
            place > 0, place + 1 < words.count
        else { throw CommandError(":assert COMMAND == VALUE") }
        let command = Array(words[..<place])
        let expected = Array(words[(place + 1)...])
        let answer = try console.ask(command)
        let wantsEqual = words[place] == Array("==".utf8)
        if (answer.flattened == expected) == wantsEqual { return }
        let values = answer.flattened.map(Self.shown).joined(separator: " ")
        let wanted = expected.map(Self.shown).joined(separator: " ")
        let line = command.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        console.failAssertion(
            "\(line) is \(values.isEmpty ? "empty" : values), "
                + (wantsEqual ? "not \(wanted)" : "which it must not be"))
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(decoding: Quoting.quoted(bytes.rawSpan), as: UTF8.self)
    }
}
