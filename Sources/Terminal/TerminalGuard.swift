import CEdit
import Glibc
import Synchronization

// Safe: termios values live in this object and are lent to the system for one call each.
//
// The guard owns the modes of the person's terminal. While a line is edited the terminal is raw:
// Ctrl-C is a key. While a command runs it is as it was found, so Ctrl-C is a signal; only the
// quit character is taken away, since nobody wants a core file from a cache client. However the
// process ends, by exit, by a signal or by a crash, the modes found at the start are put back;
// the handlers that do so are in CEdit/guard.c, because almost nothing of a Swift runtime may be
// touched inside a signal handler.

/// Signals that were noted since they were last taken.
public struct TerminalSignals: OptionSet, Equatable, Sendable {
    /// The bits.
    public let rawValue: Int32
    /// From the bits.
    public init(rawValue: Int32) { self.rawValue = rawValue }
    /// The window has another size (SIGWINCH).
    public static let windowChanged = TerminalSignals(rawValue: 1)
    /// The process goes on after it was stopped (SIGCONT).
    public static let continued = TerminalSignals(rawValue: 2)
    /// Ctrl-C while a command runs (SIGINT), if ``TerminalGuard/noteInterrupts(_:)`` is on.
    public static let interrupted = TerminalSignals(rawValue: 4)
    /// The process is to stop (SIGTSTP from elsewhere while a line is edited); whoever takes
    /// this is to call ``TerminalGuard/suspend()``.
    public static let stopped = TerminalSignals(rawValue: 8)
}

/// What ends the waiting of a thread that waits for something else.
public protocol SignalSource: AnyObject {
    /// Readable when there is something to take; nil where that never happens.
    var wakeDescriptor: Descriptor? { get }
    /// What was noted since the last call.
    func takeSignals() -> TerminalSignals
}

/// The modes of one terminal, and its safe return. One per process. It may go from thread to
/// thread: a full screen has a thread of its own.
@safe
public final class TerminalGuard: SignalSource, Sendable {
    private enum Mode { case found, running, hidden, raw, bare }

    private let input: Descriptor
    private let output: Descriptor
    private let found: termios
    private let current = Mutex(Mode.found)
    /// Signals that came while the process was being stopped, and are still to be taken.
    private let missed = Mutex(TerminalSignals())

    /// What was typed ahead of whoever reads next.
    private let typed = Mutex([UInt8]())

    /// Keeps what was typed for whoever reads next.
    func keep(_ bytes: [UInt8]) { typed.withLock { $0 += bytes } }

    /// What was typed ahead, once.
    func takeTyped() -> [UInt8] {
        typed.withLock { typed in
            defer { typed = [] }
            return typed
        }
    }

    /// Readable when a signal was noted; then call ``takeSignals()``.
    public let wakeDescriptor: Descriptor?

    /// Remembers the terminal's modes and installs the signal handlers. Nil when `input` is no
    /// terminal.
    public init?(input: Descriptor = .input, output: Descriptor = .output) {
        var modes = termios()
        guard unsafe tcgetattr(input.number, &modes) == 0 else { return nil }
        self.input = input
        self.output = output
        found = modes
        let wake = cedit_guard_install()
        wakeDescriptor = wake < 0 ? nil : Descriptor(wake)
    }

    deinit { leave() }

    private func set(_ modes: termios) {
        var modes = modes
        // In the background this stops the job (SIGTTOU), as it should, until it is brought back.
        while unsafe tcsetattr(input.number, TCSADRAIN, &modes) < 0, errno == EINTR {}
    }

    private var mode: Mode {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    private func apply(_ wanted: Mode) {
        if mode == .raw, wanted != .raw { output.write(ANSI.disableBracketedPaste) }
        // Where the terminal is raw, stopping at once would leave it so to the shell.
        cedit_guard_note_stops(wanted == .raw || wanted == .bare)
        var modes = found
        switch wanted {
        case .found:
            set(modes)
            cedit_guard_disarm()
        case .running:
            unsafe cedit_disable_quit(&modes)
            arm()
            set(modes)
        case .hidden:
            unsafe cedit_disable_quit(&modes)
            unsafe cedit_hide(&modes)
            arm()
            set(modes)
        case .raw:
            unsafe cedit_make_raw(&modes)
            arm()
            set(modes)
            output.write(ANSI.enableBracketedPaste)
        case .bare:
            unsafe cedit_make_bare(&modes)
            arm()
            set(modes)
        }
        mode = wanted
    }

    private func arm() {
        var modes = found
        let speaks = !TerminalEnvironment.isDumb
        unsafe cedit_guard_arm(input.number, output.number, &modes, speaks)
    }

    /// For editing a line: every key is a byte, pastes are bracketed.
    public func enterRaw() { apply(.raw) }

    /// For a full screen: every key is a byte, and nothing is added to what is written. Death by
    /// signal leaves the full screen as well from now on, and hands on what was captured.
    func enterBare(captured: Int32, original: Int32) {
        cedit_guard_full_screen(true, captured, original)
        apply(.bare)
    }

    /// The full screen has been left.
    func endBare() {
        leave()
        cedit_guard_full_screen(false, -1, -1)
    }

    /// For running a command: as found, but Ctrl-\ does nothing.
    public func enterRunning() { apply(.running) }

    /// Asks for a line that is not shown while it is typed. Nil after Ctrl-C and at the end of
    /// input.
    public func readHidden(_ question: String) -> [UInt8]? {
        let before = mode
        noteInterrupts(true)
        apply(.hidden)
        output.write(question)
        let line = PlainLineReader(input, guardian: self).next()
        // Nor was the line end shown.
        output.write("\n")
        apply(before)
        noteInterrupts(false)
        guard case .line(let secret) = line else { return nil }
        return secret
    }

    /// As found.
    public func leave() {
        if mode != .found { apply(.found) }
    }

    /// Stops the process as Ctrl-Z does elsewhere, and returns when it is continued, with the
    /// terminal in the mode it had.
    public func suspend() {
        let before = mode
        leave()
        // The whole job stops, as it would if the terminal had made the signal. Another thread
        // may be the one that takes it, a moment from now, so the continuation is waited for;
        // where nobody could continue the process, the system does not stop it.
        cedit_guard_stop_job()
        for _ in 0..<5 {
            let wake = wakeDescriptor.map { [$0] } ?? []
            _ = Descriptor.wait(for: wake, milliseconds: 20)
            var signals = TerminalSignals(rawValue: cedit_guard_take())
            let goesOn = signals.contains(.continued)
            signals.remove(.continued)
            missed.withLock { $0.formUnion(signals) }
            if goesOn { break }
        }
        apply(before)
    }

    /// The signals noted since the last call. After a stop and continuation from outside the
    /// mode is set again, since the shell has used the terminal in between.
    public func takeSignals() -> TerminalSignals {
        let signals = missed.withLock { missed in
            defer { missed = [] }
            return missed.union(TerminalSignals(rawValue: cedit_guard_take()))
        }
        if signals.contains(.continued), mode != .found { apply(mode) }
        return signals
    }

    /// True when a deadly signal has put the terminal back: nothing is to be drawn any more.
    static var isOver: Bool { cedit_guard_is_over() }

    /// SIGINT is noted instead of deadly while this is on.
    public func noteInterrupts(_ on: Bool) { cedit_guard_note_interrupts(on) }

    /// Names one file that is unlinked when a signal ends the process; nil takes it back. False
    /// when the path is too long for the handler's buffer.
    @discardableResult
    public static func removeAtDeath(_ path: String?) -> Bool {
        _ = cedit_guard_install()
        guard let path else { return cedit_guard_remove_at_death(nil) }
        return unsafe path.withCString { unsafe cedit_guard_remove_at_death($0) }
    }
}

/// What the environment says about the terminal.
public enum TerminalEnvironment {
    /// When output is coloured.
    public enum ColorChoice: String, CaseIterable, Sendable {
        /// On a terminal that is not dumb, unless NO_COLOR is set.
        case auto
        /// Whatever the output is.
        case always
        /// Not at all.
        case never
    }

    /// An environment variable; nil when unset.
    public static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// True when the terminal cannot move its cursor: TERM is `dumb`, or unset or empty.
    public static var isDumb: Bool { isDumb(variable("TERM")) }

    static func isDumb(_ term: String?) -> Bool { term == nil || term == "" || term == "dumb" }

    /// True when a line can be edited in place.
    public static func canEdit(input: Descriptor = .input, output: Descriptor = .output) -> Bool {
        input.isTerminal && output.isTerminal && !isDumb
    }

    /// True when what goes to `output` should be coloured.
    public static func isColored(_ choice: ColorChoice, output: Descriptor = .output) -> Bool {
        isColored(
            choice, isTerminal: output.isTerminal, term: variable("TERM"),
            noColor: variable("NO_COLOR"))
    }

    static func isColored(
        _ choice: ColorChoice, isTerminal: Bool, term: String?, noColor: String?
    ) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto: isTerminal && !isDumb(term) && (noColor ?? "").isEmpty
        }
    }
}
