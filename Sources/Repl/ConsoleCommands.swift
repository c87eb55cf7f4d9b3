import Bytes
import Client
import Grammar
import Terminal
import Wire

// The console's own commands, which begin with a colon. They are declared like those of the
// engine, in a table of the same kind, so that help, completion and hints have one source.

extension Console {
    /// The commands, by their names with the colon.
    static let ownCommands = CommandTable<Console>(
        [helpCommand, setCommand, targetCommand], flavour: .valkey80)

    private static let helpCommand = Command<Console>(
        ":HELP", .connection, [], since: "1.0.0",
        summary: "Explains the prompt: keys, commands with a colon, leaving.",
        complexity: "O(1)", examples: [":help"], run: runHelp)

    private static let setCommand = Command<Console>(
        ":SET", .connection, [], since: "1.0.0",
        summary: "Shows or changes how the prompt behaves.", complexity: "O(1)",
        arguments: [
            .oneOf(
                "option",
                [
                    .block(
                        "render",
                        [
                            .token("RENDER"),
                            .oneOf("form", [.token("CLASSIC"), .token("RAW")]),
                        ]),
                    .block(
                        "editor",
                        [
                            .token("EDITOR"),
                            .oneOf("keys", [.token("EMACS"), .token("VI")]),
                        ]),
                ]
            ).optional
        ], examples: [":set render classic"], run: runSet)

    private static let targetCommand = Command<Console>(
        ":TARGET", .connection, [], since: "1.0.0",
        summary: "Shows or changes where commands go.", complexity: "O(1)",
        arguments: [.string("address").optional],
        examples: [":target redis://127.0.0.1:6379/1", ":target embedded"], run: runTarget)

    /// Does what a line with a colon says.
    func performOwn(_ words: ArgumentList, from source: Source) -> Bool {
        let name = words[0]
        guard let number = Self.ownCommands.find(name.rawSpan),
            let run = Self.ownCommands.entries[number].run
        else {
            complain(Self.unknown(name), at: source)
            return noteUsage()
        }
        var reply = ReplyWriter()
        var console = self
        do throws(CommandError) {
            guard Self.ownCommands.entries[number].accepts(words.count) else {
                throw CommandError("wrong number of words, see :help")
            }
            try run(&console, Call(words.arguments, session: 0), &reply)
        } catch {
            complain(error.text.text + "\n", at: source)
            return noteUsage()
        }
        output.write(reply.buffer.bytes.copied())
        return true
    }

    private static func unknown(_ name: [UInt8]) -> String {
        let typed = String(decoding: name, as: UTF8.self)
        let names = ownCommands.topLevel.map { ownCommands.entries[$0].spec.name.lowercased() }
        let near = names.filter { $0.hasPrefix(typed.lowercased().prefix(2)) && typed.count > 1 }
        let others = near.isEmpty ? names : near
        return "\(typed) is not known; there is \(others.joined(separator: ", "))\n"
    }

    // MARK: Handlers

    private static func runHelp(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        reply.buffer.append(utf8: HelpText.ownCommands)
    }

    private static func runSet(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count > 1 else {
            let keys = console.editing == .vi ? "vi" : "emacs"
            reply.buffer.append(
                utf8: "render \(console.printer.format.rawValue)\neditor \(keys)\n")
            return
        }
        guard call.count == 3 else { throw CommandError(HelpText.setUsage) }
        if call[1].matches("RENDER") {
            let form = call[2].text.lowercased()
            guard let format = ReplyFormat(rawValue: form) else {
                throw CommandError("render is classic or raw, not '\(form)'")
            }
            console.printer.format = format
        } else if call[1].matches("EDITOR") {
            switch call[2].text.lowercased() {
            case "emacs": console.editing = .emacs
            case "vi": console.editing = .vi
            default: throw CommandError("editor is emacs or vi")
            }
        } else {
            throw CommandError(HelpText.setUsage)
        }
    }

    private static func runTarget(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count > 1 else {
            switch console.endpoint.target {
            case .embedded: reply.buffer.append(utf8: "embedded\n")
            case .remote(let server): reply.buffer.append(utf8: server.name + "\n")
            }
            return
        }
        let target: Target
        do throws(TargetError) {
            target = try Target(parsing: call[1].text)
        } catch {
            throw CommandError(error.description)
        }
        let former = console.endpoint
        console.aim(at: target)
        do throws(Endpoint.Failure) {
            try console.endpoint.open()
        } catch {
            // A target that does not answer changes nothing.
            console.endpoint = former
            switch error {
            case .cannotConnect(let reason), .refused(let reason), .lost(let reason),
                .protocolError(let reason):
                throw CommandError(reason)
            }
        }
        former.disconnect()
    }
}
