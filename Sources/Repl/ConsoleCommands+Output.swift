import Bytes
import Client
import Grammar
import Server
import Terminal
import Wire

// The console's commands for the output side: the form of replies, how long commands take, and a
// command that is run again and again in place.

extension Console {
    /// `:format`, `:time`, `:watch` and `:page`.
    static var outputCommands: [Command<Console>] {
        [formatCommand, timeCommand, watchCommand, pageCommand]
    }

    private static let formatCommand = Command<Console>(
        ":FORMAT", .connection, [], since: "1.0.0",
        summary: "Shows or changes the form of replies.", complexity: "O(1)",
        arguments: [forms.optional], examples: [":format json"], run: runFormat)

    private static let pageCommand = Command<Console>(
        ":PAGE", .connection, [], since: "1.0.0",
        summary: "Shows more of a reply that was too long for the dashboard's pane.",
        complexity: "O(1)", examples: [":page"]
    ) { (console, _, _) throws(CommandError) in
        if console.folded.lines == 0 { throw CommandError("no reply is folded") }
        console.unfold()
    }

    private static let timeCommand = Command<Console>(
        ":TIME", .connection, [], since: "1.0.0",
        summary: "Runs a command many times and says how long that took.", complexity: "O(N)",
        arguments: [.integer("count"), .string("word").repeated],
        examples: [":time 1000 PING"], run: runTime)

    private static let watchCommand = Command<Console>(
        ":WATCH", .connection, [], since: "1.0.0",
        summary: "Runs a command again and again in place until Ctrl-C.", complexity: "O(N)",
        arguments: [.double("seconds"), .string("word").repeated],
        examples: [":watch 1 INFO stats"], run: runWatch)

    private static var forms: Argument {
        .oneOf(
            "form",
            [
                .token("TABLE"), .token("TTY"), .token("CLASSIC"), .token("RAW"), .token("JSON"),
                .token("JSONL"), .token("QUOTED-JSON"), .token("CSV"), .token("RESP"),
            ])
    }

    /// A setting that names the form of replies.
    static func formArgument(_ name: String) -> Argument {
        .block(name, [.token(name), forms])
    }

    /// A setting that is on or off.
    static func switchArgument(_ name: String) -> Argument {
        .block(name, [.token(name), .oneOf("state", [.token("ON"), .token("OFF")])])
    }

    // MARK: Settings

    /// The settings of the output side, a row each.
    var outputSettings: String {
        func state(_ isOn: Bool) -> String { isOn ? "on" : "off" }
        return """
            render \(printer.format.rawValue)
            utf8 \(state(printer.isUTF8))
            timing \(state(display.timing ?? (printer.format == .table)))
            pager \(state(display.usesPager))
            shell \(state(display.usesShell))

            """
    }

    /// Changes a setting of the output side. False when it is not one of them.
    func setOutput(_ name: String, _ value: String) throws(CommandError) -> Bool {
        func isOn() throws(CommandError) -> Bool {
            switch value {
            case "on": return true
            case "off": return false
            default: throw CommandError("\(name) is on or off, not '\(value)'")
            }
        }
        switch name {
        case "render", "format":
            guard let format = ReplyFormat(named: value) else {
                throw CommandError("\(name) is one of \(ReplyFormat.names), not '\(value)'")
            }
            printer.format = format
        case "utf8": printer.isUTF8 = try isOn()
        case "timing": display.timing = try isOn()
        case "pager": display.usesPager = try isOn()
        case "shell":
            let wanted = try isOn()
            guard !wanted || display.allowsShell else {
                throw CommandError("--no-shell has switched the shell off for this session")
            }
            display.usesShell = wanted
        default: return false
        }
        return true
    }

    // MARK: Handlers

    private static func runFormat(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call.count > 1 else {
            reply.buffer.append(utf8: console.printer.format.rawValue + "\n")
            return
        }
        _ = try console.setOutput("format", call[1].text.lowercased())
    }

    /// The command to be run again and again; nil when the person does not want it after all.
    private static func command(
        _ console: Console, _ call: borrowing Call
    ) throws(CommandError) -> [[UInt8]]? {
        let words = words(call, from: 2)
        if Endpoint.isStream(words) {
            throw CommandError("a command with one reply, please, not one that goes on")
        }
        return console.approve(commands: [words]) ? words : nil
    }

    private static func runTime(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let times = call[1].canonicalInteger, 1...10_000_000 ~= times else {
            throw CommandError("how many times? :time 1000 PING")
        }
        guard let words = try command(console, call) else { return }
        var lengths: [UInt64] = []
        var errors = 0
        for _ in 0..<times {
            let started = SystemClock.monotonicNanoseconds()
            let outcome = console.endpoint.call(words)
            guard case .reply(let value) = outcome else {
                _ = console.show(outcome, to: words)
                break
            }
            lengths.append(SystemClock.monotonicNanoseconds() - started)
            if value.errorText != nil { errors += 1 }
        }
        if let text = TimeSummary(lengths) { reply.buffer.append(utf8: text.text + "\n") }
        if errors > 0 {
            reply.buffer.append(utf8: "\(errors) of the replies were errors\n")
            _ = console.note(.errorReply)
        }
    }

    private static func runWatch(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let seconds = Double(call[1].text), 0.1...86_400 ~= seconds else {
            throw CommandError("how many seconds apart? :watch 1 INFO stats")
        }
        guard let words = try command(console, call) else { return }
        guard console.isInteractive, TerminalEnvironment.canEdit(),
            let wake = console.attention?.wakeDescriptor
        else { throw CommandError("only a terminal can be watched") }
        let head = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        console.output.write(ANSI.clearScreen)
        var next = SystemClock.monotonicNanoseconds()
        while true {
            let outcome = console.endpoint.call(words)
            guard case .reply(let value) = outcome else {
                if outcome != .interrupted { _ = console.show(outcome, to: words) }
                break
            }
            let text = console.printer.text(value, to: words)
            let title = "every \(call[1].text) s, Ctrl-C ends: \(head)"
            console.output.write(WatchFrame.text(title, text, console.output.size))
            next += UInt64(seconds * 1_000_000_000)
            if isInterrupted(console, wake, until: next) { break }
            next = max(next, SystemClock.monotonicNanoseconds())
        }
        console.output.write("\n")
    }

    /// Waits until a point in time; true when Ctrl-C came first.
    private static func isInterrupted(
        _ console: Console, _ wake: Descriptor, until end: UInt64
    ) -> Bool {
        while true {
            let now = SystemClock.monotonicNanoseconds()
            let rest = end > now ? (end - now) / 1_000_000 : 0
            _ = Descriptor.wait(for: [wake], milliseconds: Int(rest))
            if console.attention?.takeSignals().contains(.interrupted) == true { return true }
            if SystemClock.monotonicNanoseconds() >= end || rest == 0 { return false }
        }
    }
}

/// What many runs of a command took.
struct TimeSummary: Equatable {
    /// The summary in one row.
    let text: String

    /// Nil when nothing was measured. Percentiles are those of the nearest rank.
    init?(_ nanoseconds: [UInt64]) {
        if nanoseconds.isEmpty { return nil }
        let sorted = nanoseconds.sorted()
        func percentile(_ rank: Int) -> String {
            let index = (sorted.count * rank + 99) / 100 - 1
            return Units.elapsed(nanoseconds: sorted[max(index, 0)])
        }
        let times = sorted.count == 1 ? "once" : "\(sorted.count) times"
        text =
            "\(times): min \(percentile(0)), p50 \(percentile(50)), p99 \(percentile(99)), "
            + "max \(percentile(100))"
    }
}

/// One picture of `:watch`: over the one before, and never more than the screen holds.
enum WatchFrame {
    static func text(_ title: String, _ body: [UInt8], _ size: TerminalSize) -> String {
        var rows = body.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if rows.last == "" { rows.removeLast() }
        let room = max(size.rows - 2, 1)
        if rows.count > room {
            let hidden = rows.count - room + 1
            rows = rows.prefix(room - 1) + ["… \(hidden) more rows"]
        }
        var text = ANSI.beginUpdate + "\u{1B}[H"
        for row in [title] + rows {
            let shown = Text(row).truncated(to: max(size.columns - 1, 1))
            text += shown.rendered(colored: false) + ANSI.eraseRow + "\r\n"
        }
        return text + ANSI.eraseBelow + ANSI.endUpdate
    }
}
