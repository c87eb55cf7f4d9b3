import Bytes
import Client
import Server
public import Terminal

// A lesson at a terminal. What is told scrolls up as in any program of lines, so that it can be
// read again; only the last rows are drawn anew: what is being typed, and the status row below
// it. Where there is no terminal, or one that cannot place its cursor, the lesson runs through as
// plain text.

/// How a lesson at a terminal ended.
public enum PlayEnd: Equatable, Sendable {
    /// It was played to its end, or left by its key.
    case left
    /// Ctrl-C.
    case interrupted
    /// The terminal is gone.
    case hungUp
}

/// How a dashboard that was shown beside a lesson has ended.
public enum DashboardEnd: Equatable, Sendable {
    /// The person is back at the lesson.
    case left
    /// The terminal is gone.
    case hungUp
    /// It could not be shown, and why.
    case impossible(String)
}

/// Plays a lesson to the person at the terminal.
public final class PlaySession {
    private let player: Player
    private let progress: ProgressFile?
    private let guardian: TerminalGuard
    private let input: TerminalInput
    private let painter: LessonPainter
    private var decoder = KeyDecoder(escapeMilliseconds: 30)
    private var savedChanges = 0
    private var last: UInt64 = 0
    private var wasInterrupted = false
    /// Milliseconds between drawings while something moves.
    private static let pace = 50

    /// Shows the dashboard on the lesson's world until the person leaves it. Where that cannot
    /// be, the figures that the lesson watches are listed instead.
    public var showDashboard: ((Player) -> DashboardEnd)?

    /// Tells that the process is to end in the ordinary way.
    public var isStopped: () -> Bool = { false }

    /// A session for a player, which owns the terminal until it is over.
    public init(
        _ player: Player, guardian: TerminalGuard, progress: ProgressFile?,
        color: TerminalEnvironment.ColorChoice = .auto
    ) {
        self.player = player
        self.guardian = guardian
        self.progress = progress
        input = TerminalInput(guardian: guardian)
        painter = LessonPainter(
            RowPainter(isColored: TerminalEnvironment.isColored(color)))
    }

    /// Plays until the lesson is over or left.
    public func run() -> PlayEnd {
        guardian.noteInterrupts(true)
        guardian.enterRaw()
        defer { guardian.enterRunning() }
        resize()
        // The lesson begins at the foot of the screen, so that the status row stays there.
        Descriptor.output.write(String(repeating: "\n", count: max(player.size.rows - 1, 0)))
        last = SystemClock.monotonicNanoseconds()
        while !player.isOver {
            painter.draw(player)
            if wait() { return end(.hungUp) }
            if isStopped() { return end(.interrupted) }
            if player.wantsDashboard, dashboard() { return end(.hungUp) }
            save()
        }
        return end(wasInterrupted ? .interrupted : .left)
    }

    private func end(_ end: PlayEnd) -> PlayEnd {
        player.wallSeconds = Self.now
        save()
        guard end != .hungUp else { return end }
        painter.erase()
        flush()
        if player.isLeft {
            let words = "larder play \(player.id) goes on here."
            Descriptor.output.write(
                Text("  " + words, LessonLook.faint).rendered(colored: painter.isColored) + "\n")
        }
        return end
    }

    private static var now: Int64 { SystemClock.tick().wall.milliseconds / 1000 }

    // MARK: Drawing

    private func flush() {
        for line in player.takeLines() {
            Descriptor.output.write(line.rendered(colored: painter.isColored) + "\n")
        }
    }

    private func resize() {
        player.size = Descriptor.output.terminalSize ?? .classic
    }

    // MARK: Waiting

    /// Waits for what comes first, a key or time, and takes it; true when the terminal is gone.
    private func wait() -> Bool {
        var patience = decoder.waits
        // What is to be tidied up at a server does not wait for the next key.
        if player.isRemote { patience = min(patience ?? 500, 500) }
        if player.wantsTicks { patience = min(patience ?? Self.pace, Self.pace) }
        var event = input.next(milliseconds: patience)
        while event == .timeout, decoder.waits == nil, !player.wantsTicks, !isStopped() {
            event = input.next(milliseconds: patience)
        }
        // Time passes before the key that ends it.
        pass()
        switch event {
        case .byte(let byte):
            if let key = decoder.feed(byte) { press(key) }
        case .timeout:
            if let key = decoder.timeOut() { press(key) }
        case .signals(let signals): take(signals)
        case .key(let key): press(key)
        case .ready, .away: break
        case .end: return true
        }
        return false
    }

    private func pass() {
        let now = SystemClock.monotonicNanoseconds()
        let milliseconds = (now - last) / 1_000_000
        guard player.wantsTicks else { return last = now }
        guard milliseconds > 0 else { return }
        last += milliseconds * 1_000_000
        // A machine that was asleep has not been playing.
        player.tick(Int(min(milliseconds, 500)))
    }

    private func press(_ key: Key) {
        player.wallSeconds = Self.now
        if key == .ctrl("c") { wasInterrupted = true }
        if key == .tab { PlantedCrash.happen() }
        if key == .ctrl("z") { return suspend() }
        if key == .ctrl("l") { return painter.clearScreen() }
        player.press(key)
        last = SystemClock.monotonicNanoseconds()
    }

    private func take(_ signals: TerminalSignals) {
        if signals.contains(.interrupted) { press(.ctrl("c")) }
        if signals.contains(.stopped) { suspend() }
        if signals.contains(.continued) { painter.forget() }
        if signals.contains(.windowChanged) { resize() }
    }

    private func suspend() {
        painter.erase()
        guardian.suspend()
        painter.forget()
        last = SystemClock.monotonicNanoseconds()
    }

    /// Shows the dashboard; true when the terminal is gone meanwhile.
    private func dashboard() -> Bool {
        player.wantsDashboard = false
        painter.erase()
        save()
        input.giveBack()
        let end = showDashboard?(player) ?? .impossible("there is none here")
        if end == .hungUp { return true }
        if case .impossible(let reason) = end {
            player.say("The dashboard cannot be shown: \(reason). The figures instead.")
            player.showFigures()
        }
        painter.forget()
        guardian.noteInterrupts(true)
        guardian.enterRaw()
        resize()
        last = SystemClock.monotonicNanoseconds()
        return false
    }

    // MARK: Progress

    private func save() {
        guard player.recordChanges != savedChanges, let progress else { return }
        savedChanges = player.recordChanges
        var all = Progress()
        all.lessons[player.id] = player.record
        if let complaint = progress.save(all) {
            player.say(complaint)
            // Once is enough.
            savedChanges = Int.max
        }
    }
}

extension Player {
    /// The lesson's id.
    public var id: String { lesson.front.id }

    /// Shows a line of the player's own.
    public func say(_ words: String) { show(.aside(words)) }
}

/// A lesson as plain text, all of it at once.
public enum PlainPlay {
    /// Plays it and hands on each piece of text; false when the reader is gone.
    public static func run(_ player: Player, colored: Bool, write: (String) -> Bool) -> Bool {
        while true {
            let text = player.takeLines().map { line -> String in
                let text = line.rendered(colored: colored)
                return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
            }.joined()
            guard text.isEmpty || write(text) else { return false }
            if player.isOver { return true }
            player.press(.enter)
            player.tick(1000)
        }
    }
}
