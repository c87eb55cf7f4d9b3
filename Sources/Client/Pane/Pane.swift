import Bytes
import Dispatch
import Server
import Synchronization
public import Terminal

// A prompt in a part of somebody else's screen. The prompt stays on its own thread, where its
// connection and its line editor are, and may wait there for a server as long as it likes; the
// screen has another thread and never waits for the prompt. Between them is this: keys and Ctrl-C
// go one way, the line being typed, what was printed, and requests the other.
//
// The prompt does not know what shows it, and the screen not what it shows: the program ties a
// dashboard and a prompt together.

/// A prompt that is shown in a part of another screen.
public final class Pane: Sendable {
    /// How the screen around the pane has ended.
    public enum End: Equatable, Sendable {
        /// The person went back to the prompt, or has seen enough.
        case left
        /// The terminal is gone.
        case hungUp
        /// There was no screen at all, and why.
        case impossible(String)
    }

    /// What the prompt asks of the screen around it.
    public enum Request: Equatable, Sendable {
        /// Do what this line says.
        case line(String)
        /// Send nothing that changes anything, or do so again.
        case readOnly(Bool)
        /// Give keys back to the rest of the screen.
        case unfocus
        /// End.
        case leave
    }

    /// A command that went out from the prompt.
    public struct Sent: Equatable, Sendable {
        /// Who wanted it.
        public enum Origin: Equatable, Sendable {
            /// The person typed it, or it is what a typed line needs.
            case person
            /// The prompt asked, for completion and hints.
            case question
            /// The connection itself, to be the session that it was.
            case session
        }
        /// When it was sent last, in milliseconds since 1970.
        public var wall: Int64
        /// What.
        public let text: String
        /// How often.
        public var count = 1
        /// Who wanted it.
        public let origin: Origin
    }

    /// An error reply to what was typed at the prompt.
    public struct Failed: Equatable, Sendable {
        /// Which one: they are counted.
        public let number: Int
        /// The command, as it may be shown.
        public let command: String
        /// What the server said.
        public let text: String
    }

    /// So many commands are remembered.
    public static let sentLimit = 100

    private struct State {
        var events: [InputEvent] = []
        var sent: [Sent] = []
        var isInterrupted = false
        var failed: Failed?
        var failures = 0
        var requests: [Request] = []
        var output = PaneOutput()
        var line: LineFrame?
        var keepsEscape = false
        var size = TerminalSize.classic
        var end: End?
    }

    private let state = Mutex(State())
    private let keys: Bell
    private let interruptions: Bell
    private let changed: Bell
    private let ending = DispatchSemaphore(value: 0)

    /// A pane with nothing in it. Nil when the system has no descriptors left.
    public init?() {
        guard let keys = Bell(), let interruptions = Bell(), let changed = Bell() else {
            return nil
        }
        self.keys = keys
        self.interruptions = interruptions
        self.changed = changed
    }

    // MARK: For the prompt

    /// Runs a screen on a thread of its own; the pane's input reports its end.
    public func open(_ screen: @escaping @Sendable () -> End) {
        state.withLock { state in
            (state.end, state.events, state.requests) = (nil, [], [])
        }
        DispatchQueue(label: "larder.screen").async { [self] in
            let end = screen()
            state.withLock { state in
                state.end = end
                // A command that still runs is not left running unseen.
                state.isInterrupted = true
                state.events.append(.away)
            }
            interruptions.ring()
            keys.ring()
            ending.signal()
        }
    }

    /// True when the screen has ended.
    public var hasEnded: Bool { state.withLock { $0.end != nil } }

    /// Asks the screen to end, and waits until it has.
    public func close() -> End {
        ask(.leave)
        ending.wait()
        return state.withLock { $0.end } ?? .left
    }

    /// Asks something of the screen.
    public func ask(_ request: Request) {
        state.withLock { $0.requests.append(request) }
        changed.ring()
    }

    /// Prints.
    public func write(_ bytes: [UInt8]) {
        state.withLock { $0.output.feed(bytes) }
        changed.ring()
    }

    /// Remembers that a command was sent. What is asked again is one row, what the person sends
    /// only when it is sent several times running.
    public func note(_ text: String, _ origin: Sent.Origin) {
        let wall = SystemClock.tick().wall.milliseconds
        state.withLock { state in
            let same = state.sent.lastIndex { $0.text == text && $0.origin == origin }
            let last = state.sent.lastIndex { $0.origin == .person }
            if let same, origin != .person || same == last {
                state.sent[same].wall = wall
                state.sent[same].count += 1
                return
            }
            state.sent.append(Sent(wall: wall, text: text, origin: origin))
            if state.sent.count > Self.sentLimit { state.sent.removeFirst() }
        }
    }

    /// Remembers how the last command ended: with this error, or well.
    public func note(error text: String?, of command: String) {
        state.withLock { state in
            if text != nil { state.failures += 1 }
            state.failed = text.map {
                Failed(number: state.failures, command: command, text: $0)
            }
        }
    }

    /// Shows the line as it is now. Nil: a command runs.
    public func show(_ line: LineFrame?, keepsEscape: Bool = false) {
        state.withLock { state in
            if line == nil, state.line != nil {
                // Ctrl-C may have been pressed right behind Enter.
                let count = state.events.count
                state.events.removeAll { $0 == .key(.ctrl("c")) }
                state.isInterrupted = state.events.count < count || state.end != nil
            }
            state.line = line
            state.keepsEscape = keepsEscape
        }
        if line == nil {
            interruptions.quiet()
            if state.withLock({ $0.isInterrupted }) { interruptions.ring() }
        }
        changed.ring()
    }

    /// The room that the screen gives.
    public var size: TerminalSize { state.withLock { $0.size } }

    /// Forgets keys that were typed ahead.
    public func forgetKeys() {
        state.withLock { state in state.events.removeAll { $0 != .away } }
    }

    // MARK: For the screen

    /// What was sent from the prompt, in the order in which it was sent first.
    public var sent: [Sent] { state.withLock { $0.sent } }

    /// The error that the last command has ended with; nil when it went well.
    public var failed: Failed? { state.withLock { $0.failed } }

    /// Readable when there is something new to draw or to do.
    public var changes: Descriptor { changed.descriptor }

    /// What the prompt has asked; makes ``changes`` quiet.
    public func takeRequests() -> [Request] {
        changed.quiet()
        return state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
    }

    /// Hands a key to the prompt. Ctrl-C while a command runs ends the waiting for it.
    public func press(_ key: Key) {
        let isInterruption = state.withLock { state in
            if key == .ctrl("c"), state.line == nil {
                state.isInterrupted = true
                return true
            }
            state.events.append(.key(key))
            return false
        }
        if isInterruption { interruptions.ring() } else { keys.ring() }
    }

    /// Says how much room there is.
    public func give(_ size: TerminalSize) {
        let isNew = state.withLock { state in
            defer { state.size = size }
            return state.size != size
        }
        // The line is laid out anew.
        if isNew { keys.ring() }
    }

    /// What is to be drawn above the line in `rows` of `columns`, `scroll` rows further back, and
    /// without what has come since `place` was seen.
    public func output(
        rows: Int, columns: Int, scroll: Int, from place: PaneOutput.Place? = nil
    ) -> PaneOutput.Window {
        state.withLock { $0.output.rows(rows, columns: columns, scroll: scroll, from: place) }
    }

    /// The line being typed; nil while a command runs.
    public var line: LineFrame? { state.withLock { $0.line } }

    /// True while Escape means something to the prompt: it has a menu open, or vi keys.
    public var keepsEscape: Bool { state.withLock { $0.keepsEscape } }

    /// Prints a remark.
    public func remark(_ text: String, colored: Bool) {
        write(Array((Text(text, .faint).rendered(colored: colored) + "\n").utf8))
    }

    // MARK: For the pane's input

    var keyDescriptor: Descriptor { keys.descriptor }
    var hasEvents: Bool { state.withLock { !$0.events.isEmpty } }

    func nextEvent() -> InputEvent? {
        state.withLock { $0.events.isEmpty ? nil : $0.events.removeFirst() }
    }

    func quietKeys() { keys.quiet() }
}

extension Pane: SignalSource {
    /// Readable when Ctrl-C was pressed while a command runs.
    public var wakeDescriptor: Descriptor? { interruptions.descriptor }

    /// Ctrl-C, if it was pressed.
    public func takeSignals() -> TerminalSignals {
        interruptions.quiet()
        return state.withLock { state in
            defer { state.isInterrupted = false }
            return state.isInterrupted ? .interrupted : []
        }
    }
}

/// Keys of a pane for the line editor.
public final class PaneInput: WatchingInput {
    private let pane: Pane
    /// Descriptors watched while the editor waits.
    public var watched: [Descriptor] = []
    private var restsUntil: ContinuousClock.Instant?

    /// The keys of a pane.
    public init(_ pane: Pane) { self.pane = pane }

    /// True when a key is there already.
    public var hasBytes: Bool { pane.hasEvents }

    /// Leaves the watched descriptors alone for a while.
    public func rest(milliseconds: Int) {
        restsUntil = .now.advanced(by: .milliseconds(milliseconds))
    }

    /// The next key or event. A change of the pane's size is one of them.
    public func next(milliseconds: Int?) -> InputEvent {
        while true {
            if let event = pane.nextEvent() { return event }
            let left = restsUntil.map {
                Int(ContinuousClock.Instant.now.duration(to: $0) / .milliseconds(1)) + 1
            }
            let rests = (left ?? 0) > 0 && !watched.isEmpty
            if !rests { restsUntil = nil }
            let limits = [milliseconds, rests ? left : nil].compactMap { $0 }
            switch Descriptor.wait(
                for: [pane.keyDescriptor] + (rests ? [] : watched), milliseconds: limits.min())
            {
            case .interrupted: continue
            case .timeout:
                if rests, milliseconds == nil || left ?? 0 < milliseconds ?? 0 { continue }
                return .timeout
            case .ready(let ready):
                guard ready.contains(pane.keyDescriptor) else { return .ready(ready[0]) }
                pane.quietKeys()
                if !pane.hasEvents { return .signals(.windowChanged) }
            }
        }
    }
}

/// Wakes a thread that waits for a descriptor; rung often it is heard once.
final class Bell: Sendable {
    let descriptor: Descriptor
    private let writing: Descriptor
    private let isRung = Mutex(false)

    init?() {
        guard let ends = Descriptor.pipe() else { return nil }
        descriptor = ends.reading
        writing = ends.writing
    }

    deinit {
        descriptor.close()
        writing.close()
    }

    func ring() {
        isRung.withLock { isRung in
            if !isRung { writing.write([1]) }
            isRung = true
        }
    }

    func quiet() {
        isRung.withLock { isRung in
            if isRung { _ = descriptor.read(atMost: 1) }
            isRung = false
        }
    }
}
