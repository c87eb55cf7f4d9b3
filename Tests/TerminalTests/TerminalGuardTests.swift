import CEdit
import Glibc
import Testing

@testable import Terminal

/// A pseudo-terminal: what a person's terminal is to the guard.
private final class PseudoTerminal {
    var controller: Int32 = -1
    var terminal: Int32 = -1

    init() {
        var size = winsize()
        size.ws_row = 30
        size.ws_col = 100
        openpty(&controller, &terminal, nil, nil, &size)
    }

    deinit {
        close(controller)
        close(terminal)
    }

    var modes: termios {
        var modes = termios()
        tcgetattr(terminal, &modes)
        return modes
    }

    func has(_ flag: Int32) -> Bool { modes.c_lflag & tcflag_t(flag) != 0 }
}

@Suite(.serialized)
struct TerminalGuardTests {
    @Test func modesComeAndGo() throws {
        let pty = PseudoTerminal()
        let descriptor = Descriptor(pty.terminal)
        #expect(descriptor.isTerminal)
        #expect(descriptor.terminalSize == TerminalSize(rows: 30, columns: 100))
        let guardian = try #require(TerminalGuard(input: descriptor, output: descriptor))
        #expect(pty.has(ICANON) && pty.has(ECHO) && pty.has(ISIG))
        guardian.enterRaw()
        #expect(!pty.has(ICANON) && !pty.has(ECHO) && !pty.has(ISIG))
        #expect(pty.modes.c_oflag & tcflag_t(OPOST) != 0)
        guardian.enterRunning()
        #expect(pty.has(ICANON) && pty.has(ECHO) && pty.has(ISIG))
        #expect(pty.modes.c_cc.1 == 0)
        guardian.enterRaw()
        guardian.leave()
        #expect(pty.has(ICANON) && pty.has(ECHO) && pty.has(ISIG))
        #expect(pty.modes.c_cc.1 == 0x1C)
        let on = ANSI.enableBracketedPaste
        let off = ANSI.disableBracketedPaste
        let expected = Array((on + off + on + off).utf8)
        var written: [UInt8] = []
        while written.count < expected.count,
            case .bytes(let bytes) = Descriptor(pty.controller).read(atMost: 100)
        { written += bytes }
        #expect(written == expected)
    }

    @Test func signalsAreNotedAndWakeTheReader() throws {
        let pty = PseudoTerminal()
        let descriptor = Descriptor(pty.terminal)
        let guardian = try #require(TerminalGuard(input: descriptor, output: descriptor))
        _ = guardian.takeSignals()
        kill(getpid(), SIGWINCH)
        let input = TerminalInput(descriptor, guardian: guardian)
        #expect(input.next(milliseconds: nil) == .signals(.windowChanged))
        #expect(guardian.takeSignals() == [])
        guardian.noteInterrupts(true)
        kill(getpid(), SIGINT)
        #expect(input.next(milliseconds: nil) == .signals(.interrupted))
        guardian.noteInterrupts(false)
    }

    @Test func aTerminalIsEditedThroughItsDescriptor() throws {
        let pty = PseudoTerminal()
        let descriptor = Descriptor(pty.terminal)
        let guardian = try #require(TerminalGuard(input: descriptor, output: descriptor))
        guardian.enterRaw()
        defer { guardian.leave() }
        Descriptor(pty.controller).write("GET a\u{1B}[Db\r")
        let editor = try LineEditor(
            input: TerminalInput(descriptor, guardian: guardian), history: LineHistory())
        #expect(editor.readLine(for: Recorder()) == .submit("GET ba"))
    }

    /// Keys that were read together with the one that leads elsewhere go there, in their order.
    @Test func whatWasTypedAheadGoesToTheNextReader() throws {
        let pty = PseudoTerminal()
        let descriptor = Descriptor(pty.terminal)
        let guardian = try #require(TerminalGuard(input: descriptor, output: descriptor))
        guardian.enterRaw()
        defer { guardian.leave() }
        Descriptor(pty.controller).write("q12")
        let first = TerminalInput(descriptor, guardian: guardian)
        #expect(first.next(milliseconds: nil) == .byte(UInt8(ascii: "q")))
        first.giveBack()
        #expect(!first.hasBytes)
        Descriptor(pty.controller).write("3")
        let second = TerminalInput(descriptor, guardian: guardian)
        for digit in "123".utf8 { #expect(second.next(milliseconds: nil) == .byte(digit)) }
        second.giveBack()
        #expect(first.next(milliseconds: 0) == .timeout)
    }

    @Test func otherDescriptorsAreReportedWhileWaiting() throws {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let pty = PseudoTerminal()
        let event = Descriptor(ends[0])
        let input = TerminalInput(Descriptor(pty.terminal), guardian: nil, watching: [event])
        Descriptor(ends[1]).write("x")
        #expect(input.next(milliseconds: nil) == .ready(event))
        _ = event.read(atMost: 1)
        #expect(input.next(milliseconds: 0) == .timeout)
        close(ends[0])
        close(ends[1])
    }

    @Test func whatIsNoTerminalHasNoGuard() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        #expect(TerminalGuard(input: Descriptor(ends[0])) == nil)
        #expect(!Descriptor(ends[0]).isTerminal)
        #expect(Descriptor(ends[0]).terminalSize == nil)
        close(ends[0])
        close(ends[1])
    }

    @Test func environment() {
        #expect(TerminalEnvironment.isDumb(nil))
        #expect(TerminalEnvironment.isDumb("dumb"))
        #expect(!TerminalEnvironment.isDumb("xterm"))
        func colored(
            _ choice: TerminalEnvironment.ColorChoice, _ isTerminal: Bool, _ term: String?,
            _ noColor: String?
        ) -> Bool {
            TerminalEnvironment.isColored(
                choice, isTerminal: isTerminal, term: term, noColor: noColor)
        }
        #expect(colored(.auto, true, "xterm", nil))
        #expect(colored(.auto, true, "xterm", ""))
        #expect(!colored(.auto, true, "xterm", "1"))
        #expect(!colored(.auto, true, "dumb", nil))
        #expect(!colored(.auto, false, "xterm", nil))
        #expect(colored(.always, false, "dumb", "1"))
        #expect(!colored(.never, true, "xterm", nil))
    }
}

struct PlainLineReaderTests {
    private func lines(_ text: String) -> [PlainLineReader.Line] {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        Descriptor(ends[1]).write(text)
        close(ends[1])
        defer { close(ends[0]) }
        let reader = PlainLineReader(Descriptor(ends[0]))
        var lines: [PlainLineReader.Line] = []
        repeat { lines.append(reader.next()) } while lines.last != .endOfFile
        return lines
    }

    private func line(_ text: String) -> PlainLineReader.Line { .line(Array(text.utf8)) }

    @Test func linesAreBytesWithoutTheirEnds() {
        #expect(lines("a\n\nb\r\nc") == [line("a"), line(""), line("b"), line("c"), .endOfFile])
        #expect(lines("a\n") == [line("a"), .endOfFile])
        #expect(lines("") == [.endOfFile])
    }
}
