/// Where the editor's keys come from.
public protocol KeyInput: AnyObject {
    /// The next thing that happens, or `.timeout` after so many milliseconds (nil: never).
    func next(milliseconds: Int?) -> InputEvent
    /// True when a byte is there already, so that painting before it would be in vain.
    var hasBytes: Bool { get }
}

/// What a ``KeyInput`` reports.
public enum InputEvent: Equatable, Sendable {
    /// A byte was typed.
    case byte(UInt8)
    /// Nothing came in the time given.
    case timeout
    /// A signal was noted: the window has changed, the process goes on after a stop.
    case signals(TerminalSignals)
    /// One of the other descriptors can be read.
    case ready(Descriptor)
    /// A key that somebody else has decoded.
    case key(Key)
    /// Keys go elsewhere from now on: the line is set aside as it stands.
    case away
    /// The terminal is gone, or the input is at its end.
    case end
}

/// A ``KeyInput`` that also watches descriptors.
public protocol WatchingInput: KeyInput {
    /// Descriptors watched while the editor waits; each is reported as ``InputEvent/ready(_:)``
    /// as long as it can be read.
    var watched: [Descriptor] { get set }
    /// Leaves the watched descriptors alone for a while.
    func rest(milliseconds: Int)
}

/// Keys from a terminal, together with the signals that the guard notes and any descriptors that
/// announce events to be shown while a line is being edited.
public final class TerminalInput: WatchingInput {
    private let terminal: Descriptor
    private let guardian: TerminalGuard?
    /// Descriptors watched while the editor waits.
    public var watched: [Descriptor]
    private var buffer: [UInt8] = []
    private var position = 0
    /// When the watched descriptors are looked at again.
    private var restsUntil: ContinuousClock.Instant?

    /// Leaves the watched descriptors alone for a while.
    public func rest(milliseconds: Int) {
        restsUntil = .now.advanced(by: .milliseconds(milliseconds))
    }

    /// The milliseconds of rest that are left.
    private var left: Int {
        guard let end = restsUntil else { return 0 }
        let left = ContinuousClock.Instant.now.duration(to: end)
        if left <= .zero { restsUntil = nil }
        return left <= .zero ? 0 : Int(left / .milliseconds(1)) + 1
    }

    /// Reads `terminal`, which the guard holds in raw mode.
    public init(
        _ terminal: Descriptor = .input, guardian: TerminalGuard?, watching: [Descriptor] = []
    ) {
        self.terminal = terminal
        self.guardian = guardian
        watched = watching
    }

    /// Hands back what was read and not taken, to whoever reads the terminal next: keys that were
    /// typed together with the one that leads somewhere else are meant for that place.
    public func giveBack() {
        guardian?.keep(Array(buffer[position...]))
        (buffer, position) = ([], 0)
    }

    /// True when a byte has been read but not taken.
    public var hasBytes: Bool { position < buffer.count }

    /// The next byte, signal or event.
    public func next(milliseconds: Int?) -> InputEvent {
        while true {
            if position < buffer.count {
                position += 1
                return .byte(buffer[position - 1])
            }
            if let typed = guardian?.takeTyped(), !typed.isEmpty {
                (buffer, position) = (typed, 0)
                continue
            }
            let wake = guardian?.wakeDescriptor
            let left = left
            let rests = left > 0 && !watched.isEmpty
            let waiting = Descriptor.wait(
                for: [terminal] + (wake.map { [$0] } ?? []) + (rests ? [] : watched),
                milliseconds: rests ? min(left, milliseconds ?? left) : milliseconds)
            switch waiting {
            case .timeout:
                if rests, left < milliseconds ?? Int.max { continue }
                return .timeout
            case .interrupted: continue
            case .ready(let ready):
                if let wake, ready.contains(wake) {
                    return .signals(guardian?.takeSignals() ?? [])
                }
                guard ready.contains(terminal) else { return .ready(ready[0]) }
                switch terminal.read(atMost: 4096) {
                case .bytes(let bytes):
                    buffer = bytes
                    position = 0
                case .nothing: continue
                case .end: return .end
                }
            }
        }
    }
}

/// Keys from memory, for tests: events in their order, then the end.
public final class ScriptedInput: KeyInput {
    private var events: [InputEvent]
    private var position = 0

    /// These events.
    public init(_ events: [InputEvent]) { self.events = events }

    /// These bytes, as typed one by one.
    public convenience init(_ text: String) { self.init(text.utf8.map { .byte($0) }) }

    /// Always false, so that the editor paints after every key.
    public var hasBytes: Bool { false }

    /// Adds events at the end.
    public func append(_ more: [InputEvent]) { events += more }

    /// The next event. Asked with a time limit it gives a timeout only where the script has one
    /// or is at its end.
    public func next(milliseconds: Int?) -> InputEvent {
        guard position < events.count else { return milliseconds == nil ? .end : .timeout }
        position += 1
        return events[position - 1]
    }
}
