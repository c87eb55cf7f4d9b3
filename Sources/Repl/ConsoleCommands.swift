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
        [helpCommand, setCommand, targetCommand] + Scripting.commands + Peek.commands
            + HistoryCommand.commands + Queue.commands + Explain.commands + ConfigCommand.commands
            + BulkKeys.commands + Try.commands + FullScreenCommand.commands + Demo.commands
            + Why.commands + KeyFigures.commands + LessonCommands.commands + outputCommands,
        flavour: .valkey80)

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
                    formArgument("RENDER"), formArgument("FORMAT"),
                    switchArgument("UTF8"), switchArgument("TIMING"), switchArgument("PAGER"),
                    switchArgument("SHELL"), switchArgument("KEYSCAN"),
                    switchArgument("READONLY"),
                    .block("prompt", [.token("PROMPT"), .string("template")]),
                    .block(
                        "confirm",
                        [
                            .token("CONFIRM"),
                            .oneOf("whether", [.token("ON"), .token("OFF")]),
                        ]),
                    .block(
                        "production",
                        [
                            .token("PRODUCTION"),
                            .oneOf("whether", [.token("ON"), .token("OFF"), .token("AUTO")]),
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
        if let link = options.dashboard, let line = link.line(words) {
            if let pane = output.pane {
                pane.ask(.line(line))
                // Help is about both.
                if !name.rawSpan.matches(":HELP") { return true }
            } else if Self.ownCommands.find(name.rawSpan) == nil {
                complain("\(line) is for the dashboard: :dashboard or F12 opens it\n", at: source)
                return noteUsage()
            }
        }
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
        return goesOn
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
        reply.buffer.append(utf8: HelpText.own(ownCommands.catalog))
    }

    private static func runSet(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count > 1 else {
            let keys = console.editing == .vi ? "vi" : "emacs"
            reply.buffer.append(
                utf8: console.outputSettings + "editor \(keys)\n"
                    + "confirm \(console.caution.asks ? "on" : "off")\n"
                    + "readonly \(console.caution.isReadOnly ? "on" : "off")\n"
                    + "production \(console.isProduction ? "on" : "off")\n"
                    + "keyscan \(console.scansKeys ? "on" : "off")\n"
                    + "prompt \(quoted(console.promptTemplate))\n")
            return
        }
        if let reason = console.change(words(call, from: 1)) { throw CommandError(reason) }
    }

    /// Changes a setting of the prompt: its name and its value. What is wrong otherwise.
    func change(_ words: [[UInt8]]) -> String? {
        guard words.count == 2 else { return HelpText.setUsage }
        let value = String(decoding: words[1], as: UTF8.self).lowercased()
        let name = String(decoding: words[0], as: UTF8.self).lowercased()
        do throws(CommandError) {
            if try setOutput(name, value) { return nil }
        } catch {
            return error.text.text
        }
        switch name {
        case "prompt": promptTemplate = String(decoding: words[1], as: UTF8.self)
        case "keyscan":
            guard ["on", "off"].contains(value) else { return "keyscan is on or off" }
            scansKeys = value == "on"
        case "editor":
            switch value {
            case "emacs": editing = .emacs
            case "vi": editing = .vi
            default: return "editor is emacs or vi"
            }
        case "confirm":
            guard ["on", "off"].contains(value) else { return "confirm is on or off" }
            caution.asks = value == "on"
        case "readonly":
            guard ["on", "off"].contains(value) else { return "readonly is on or off" }
            guard value == "on" || !options.isReadOnly else {
                return "--readonly holds for the whole session"
            }
            caution.isReadOnly = value == "on"
            output.pane?.ask(.readOnly(caution.isReadOnly))
        case "production":
            guard ["on", "off", "auto"].contains(value) else {
                return "production is on, off or auto"
            }
            caution.isProduction = value == "auto" ? nil : value == "on"
        default: return HelpText.setUsage
        }
        return nil
    }

    private static func quoted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return String(decoding: Quoting.quoted(bytes.rawSpan), as: UTF8.self)
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
        if console.output.pane != nil {
            throw CommandError("the dashboard watches one server: q or F12 leaves it first")
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
