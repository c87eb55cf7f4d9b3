import Bytes
import Client
import Server
import Terminal

// What becomes of a reply's text on its way to the person: shown at once, in a pager when it is
// taller than the screen, through a shell command or into a file; and the time it took.

/// How replies are shown, beyond their form.
struct DisplaySettings {
    /// Whether each command is followed by the time it took; nil goes by the form.
    var timing: Bool?
    /// Whether replies taller than the screen go to a pager.
    var usesPager = true
    /// Whether a line may start shell commands and write files.
    var usesShell: Bool
    /// False when the command line forbids it for good.
    let allowsShell: Bool

    init(allowsShell: Bool) {
        self.allowsShell = allowsShell
        usesShell = allowsShell
    }

    /// True when the person's locale is one of UTF-8.
    static var isUTF8: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = TerminalEnvironment.variable(name), !value.isEmpty else { continue }
            let locale = value.lowercased()
            return locale.contains("utf-8") || locale.contains("utf8")
        }
        return false
    }

    /// The rows that a text takes on a screen. A byte is taken for a column, which is too much
    /// rather than too little; colours take none.
    static func rows(_ text: [UInt8], columns: Int) -> Int {
        text.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
            .reduce(0) { $0 + max(1, (width($1) + columns - 1) / max(columns, 1)) }
    }

    private static func width(_ row: ArraySlice<UInt8>) -> Int {
        var count = 0
        var isSequence = false
        for byte in row {
            if byte == 0x1B {
                isSequence = true
            } else if !isSequence {
                count += 1
            } else if byte == UInt8(ascii: "m") {
                isSequence = false
            }
        }
        return count
    }
}

extension Console {
    /// True when each command is followed by the time it took.
    var isTiming: Bool {
        guard isInteractive, output.isTerminal, output.diversion == nil else { return false }
        return display.timing ?? (printer.format == .table)
    }

    /// Runs a line, and shows how long it took if that is asked for.
    func timed(_ body: () -> Bool) -> Bool {
        guard isTiming else { return body() }
        _ = endpoint.takeWork()
        let started = SystemClock.monotonicNanoseconds()
        let continues = body()
        if status != .interrupted, status != .noConnection {
            let time = SystemClock.monotonicNanoseconds() - started
            let work = endpoint.takeWork()
            // What is left is the way to the engine and back, and the printing.
            let share = work == 0 ? "" : " · engine \(Units.work(nanoseconds: work))"
            output.remark(Units.elapsed(nanoseconds: time) + share, on: .output)
        }
        return continues
    }

    /// Shows the text of a reply.
    func present(_ text: [UInt8], isStream: Bool) {
        if output.pane != nil, output.diversion == nil { return fold(text) }
        guard isInteractive, display.usesPager, !isStream, output.diversion == nil,
            !TerminalEnvironment.isDumb, let size = Descriptor.output.terminalSize,
            DisplaySettings.rows(text, columns: size.columns) >= size.rows,
            let child = pager()
        else { return output.write(text) }
        child.write(text)
        let status = child.wait()
        // Ctrl-C was for the pager.
        _ = guardian?.takeSignals()
        // The shell found no such program, or one that it may not run.
        if status == 127 || status == 126 { output.write(text) }
    }

    /// In a pane so many lines of a reply are shown at once.
    private static let foldedAt = 200
    /// And so many by `:page`.
    private static let pageLines = 1000

    /// Shows the beginning of a reply that is too long for a pane, and keeps the rest.
    private func fold(_ text: [UInt8]) {
        let lines = text.count { $0 == 0x0A }
        guard lines > Self.foldedAt else { return output.write(text) }
        folded = (text[...], lines)
        unfold(Self.foldedAt)
    }

    /// Shows more of the reply that was folded last.
    func unfold(_ wanted: Int = pageLines) {
        var end = folded.text.startIndex
        var lines = 0
        while lines < wanted, end < folded.text.endIndex {
            if folded.text[end] == 0x0A { lines += 1 }
            end += 1
        }
        output.write(Array(folded.text[..<end]))
        folded = (folded.text[end...], folded.lines - lines)
        if folded.text.isEmpty {
            folded = ([], 0)
        } else {
            remark("... \(Grouped.text(folded.lines)) more (:page shows them, PgUp scrolls)")
        }
    }

    private func pager() -> ShellChild? {
        let command = TerminalEnvironment.variable("PAGER") ?? "less -RSFX"
        return command.isEmpty ? nil : ShellChild(command + " 2>/dev/null")
    }

    // MARK: Elsewhere

    /// Runs a line whose replies go to a shell command or a file, as they are on a pipe.
    func perform(_ redirection: Redirection) -> Bool {
        guard display.usesShell else {
            complain("| and > are switched off here; quoted they are words\n", at: .prompt)
            return note(.usage)
        }
        let former = printer.format
        if former == .classic || former == .table { printer.format = .raw }
        printer.isColored = false
        defer {
            printer.format = former
            printer.isColored = output.isColored
        }
        switch redirection.place {
        case .shell(let command):
            guard let child = ShellChild(command, isCaptured: output.pane != nil) else {
                complain("the shell command could not be started\n", at: .prompt)
                return note(.usage)
            }
            output.divert(to: .shell(child)) { perform(redirection.command, from: .prompt) }
            let status = child.wait()
            _ = guardian?.takeSignals()
            output.show(child.output())
            if status != 0 { remark("exit status \(status)") }
        case .file(let name, let appends):
            let path = Self.expanded(name)
            guard let file = Descriptor(openingToWrite: path, appending: appends) else {
                complain("\(path) cannot be written\n", at: .prompt)
                return note(.usage)
            }
            output.divert(to: .file(file)) { perform(redirection.command, from: .prompt) }
            file.close()
        }
        return true
    }

    /// A path that begins with `~/` is in the person's home.
    private static func expanded(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = TerminalEnvironment.variable("HOME") else {
            return path
        }
        return home + path.dropFirst()
    }
}
