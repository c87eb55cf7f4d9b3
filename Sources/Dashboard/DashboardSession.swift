import Bytes
public import Client
import Server
public import Terminal

// A person, a terminal and a dashboard. The thread that runs this draws and waits for several
// things at once: keys, samples, signals, and news of the prompt. A frame is built when something
// has come, and written only where it differs from what is shown. What was typed at the prompt is
// shown at once; what the prompt prints of its own accord, thirty times a second at most.

/// What a dashboard is started with.
public struct DashboardOptions: Sendable {
    /// Whether there are colours.
    public var color = TerminalEnvironment.ColorChoice.auto
    /// The name of the theme.
    public var theme: Theme?
    /// Only ASCII.
    public var isASCII = false
    /// Whether the mouse is used.
    public var usesMouse = true
    /// Where what is shown is recorded.
    public var recording: Descriptor?
    /// Whoever plays lessons.
    public var lessons: (any LessonSource)?
    /// What the person has chosen before.
    public var settings: DashboardSettings?
    /// True when the dashboard begins with the keys in the lesson's panel.
    public var focusesLesson = false
    /// Lines that are done at the start.
    public var lines: [String] = []
    /// True when the prompt has the keys at the start.
    public var focusesPrompt = false
    /// Measures the dashboard itself, and ends when that is done.
    public var measuring: Measuring?

    /// The usual ones.
    public init() {}
}

/// Shows a dashboard until the person has seen enough.
public final class DashboardSession {
    /// How it ended.
    public enum End: Equatable, Sendable {
        /// The person left.
        case left
        /// The terminal is gone.
        case hungUp
    }

    private var dashboard: Dashboard
    private let sampler: any Sampler
    private let errands: (any ErrandRunner)?
    private let lessons: (any LessonSource)?
    private let announcements: Descriptor
    private let pane: Pane?
    private let guardian: TerminalGuard
    private let screen: FullScreen
    private let painter: FramePainter
    private let settings: DashboardSettings?
    /// What was chosen at the start.
    private let beginning: ViewState
    private let input: TerminalInput
    private var decoder = KeyDecoder(escapeMilliseconds: 25)
    private var shown: Frame?
    private var recording: Recording?
    /// When the last frame was built, in nanoseconds.
    private var drawn: UInt64 = 0
    private var isDirty = true
    /// The newest alert that was told.
    private var lastAlert = 0
    private var hasList = false
    /// True when the prompt has news that can wait a moment.
    private var hasNews = false
    /// True when a key was given to the prompt, whose echo cannot.
    private var awaitsEcho = false
    private static let newsPace: UInt64 = 33_000_000
    private var costs: FrameCosts?
    private static let pace: UInt64 = 100_000_000
    /// Called ten times a second, on the dashboard's thread, by whoever drives what is watched.
    public var onTurn: (() -> Void)?

    /// Takes the terminal. Without `errands` only what samples tell is shown.
    public init(
        _ source: Source, sampler: any Sampler, announcements: Descriptor,
        errands: (any ErrandRunner)? = nil, guardian: TerminalGuard,
        options: DashboardOptions = DashboardOptions(), pane: Pane? = nil
    ) throws(FullScreen.Failure) {
        self.sampler = sampler
        self.announcements = announcements
        self.errands = errands
        lessons = options.lessons
        self.guardian = guardian
        self.pane = pane
        dashboard = Dashboard(source)
        settings = options.settings
        settings?.apply(to: &dashboard.state)
        dashboard.state.message =
            settings?.problems.first
            ?? (source.isLesson ? "d or q goes back to the lesson, [ and ] a step; F1: keys" : nil)
        dashboard.state.isRecording = options.recording != nil
        if let theme = options.theme { dashboard.state.theme = theme }
        if !options.usesMouse { dashboard.state.usesMouse = false }
        dashboard.state.pane.exists = pane != nil
        dashboard.state.pane.isFocused = pane != nil && options.focusesPrompt
        dashboard.state.lesson = options.lessons?.picture
        beginning = dashboard.state
        for line in options.lines { dashboard.perform(line) }
        if options.focusesLesson { dashboard.focusLesson() }
        screen = try FullScreen(
            guardian: guardian, wantsColor: TerminalEnvironment.isColored(options.color),
            usesMouse: dashboard.state.usesMouse)
        painter = FramePainter(
            depth: ColorDepth(colors: screen.colors),
            isUTF8: DisplayWidth.isUTF8 && !options.isASCII)
        input = TerminalInput(
            guardian: guardian,
            watching: [
                announcements, errands?.descriptor, options.lessons?.descriptor, pane?.changes,
            ].compactMap { $0 })
        costs = options.measuring.map { FrameCosts($0) }
        if let file = options.recording {
            let recording = Recording(
                file, size: Descriptor.output.terminalSize ?? .classic,
                wall: SystemClock.tick().wall.milliseconds / 1000,
                terminal: TerminalEnvironment.variable("TERM") ?? "")
            self.recording = recording
            screen.onBytes = { bytes in
                recording.take(bytes, at: SystemClock.monotonicNanoseconds())
            }
        }
    }

    /// Shows the dashboard until the person leaves.
    public func run() -> End {
        guardian.noteInterrupts(true)
        screen.enter()
        defer {
            screen.leave()
            input.giveBack()
            if dashboard.source.isLesson {
                // What a lesson watches is not what the person wants to watch from now on.
                dashboard.state.boards = beginning.boards
                dashboard.state.hasPinned = beginning.hasPinned
            }
            if let problem = settings?.save(from: beginning, to: dashboard.state) {
                Descriptor.error.write("larder: \(problem)\n")
            }
        }
        while !dashboard.isLeaving, costs?.left(screen) != 0 {
            onTurn?()
            takeSamples()
            takeLesson()
            takeNews()
            draw()
            if screen.isGone { return .hungUp }
            if case .hungUp = wait() { return .hungUp }
            serve()
        }
        return .left
    }

    /// What measuring has found, when it was asked for.
    public var findings: String? { costs?.report(screen, screen.refreshSize()) }

    private func takeSamples() {
        for finding in errands?.take() ?? [] {
            dashboard.take(finding)
            isDirty = true
        }
        let samples = sampler.take()
        var hasMoved = false
        for var sample in samples {
            sample.add(errands?.calls ?? [:])
            dashboard.take(sample)
            if dashboard.history.hasMoved { hasMoved = true }
        }
        costs?.take(samples: samples.count)
        ringBell()
        // Nothing of what is shown in a pause follows from what is read during it.
        guard !samples.isEmpty, dashboard.state.pausedAt == nil else { return }
        // While only the time goes on, a frame a second shows that it does.
        let passed = SystemClock.monotonicNanoseconds() - drawn
        if hasMoved || passed > 10 * Self.pace - Self.pace / 2 { isDirty = true }
    }

    /// Sounds the bell for alerts that are new, where the person wants that.
    private func ringBell() {
        let newest = dashboard.history.log.events.last { $0.kind == .alert }?.number ?? 0
        if newest > lastAlert, dashboard.state.ringsBell { screen.ring() }
        lastAlert = newest
    }

    /// Milliseconds since the newest figures were read.
    private var age: Int64 {
        // Where time stands still, no figure gets old.
        guard let newest = dashboard.history.newest, !dashboard.source.isLesson else { return 0 }
        return max(Int64(SystemClock.monotonicNanoseconds() / 1_000_000) - newest.instant, 0)
    }

    private func takeLesson() {
        guard let lessons else { return }
        // All lessons are read only where somebody looks at their list.
        if dashboard.state.screen == .learn, !hasList {
            dashboard.state.lessons = lessons.list
            hasList = true
            isDirty = true
        }
        let picture = lessons.picture
        guard picture != dashboard.state.lesson else { return }
        dashboard.take(picture)
        isDirty = true
    }

    /// What was sent on all connections, the oldest first, while it is shown.
    private var sent: [LoggedCommand] {
        guard dashboard.state.overlay == .log else { return [] }
        let typed = (pane?.sent ?? []).map { LoggedCommand($0) }
        return (sampler.log + (errands?.log ?? []) + typed).sorted { $0.wall < $1.wall }
    }

    /// Takes what the prompt has asked and shown.
    private func takeNews() {
        guard hasNews, let pane else { return }
        for request in pane.takeRequests() {
            isDirty = true
            switch request {
            case .line(let line):
                let message = dashboard.perform(typed: line)
                if let message { pane.remark(message, colored: screen.colors > 0) }
            case .readOnly(let isOn): dashboard.source.isReadOnly = isOn
            case .unfocus: _ = dashboard.pressInPane(.special(.function(4), []))
            case .leave: dashboard.leave()
            }
        }
        dashboard.note(pane.failed)
        if awaitsEcho { isDirty = true }
    }

    private func draw() {
        let now = SystemClock.monotonicNanoseconds()
        if hasNews, now - drawn >= Self.newsPace { isDirty = true }
        // What was typed together is drawn together.
        guard isDirty, !input.hasBytes else { return }
        (hasNews, awaitsEcho) = (false, false)
        sampler.want(dashboard.demand)
        errands?.want(dashboard.errands)
        screen.usesMouse = dashboard.state.usesMouse
        let size = screen.refreshSize()
        var view = dashboard.view(sent: sent, dropped: screen.framesDropped, age: age)
        view.pane = pane
        var frame = painter.frame(view, rows: size.rows, columns: size.columns)
        if costs?.measuring.scrambles == true {
            frame.grid = FrameCosts.scrambled(frame.grid, Int(now / 1_000_000))
        }
        let cursor = frame.cursor.map { (row: $0[0], column: $0[1]) }
        let built = SystemClock.monotonicNanoseconds()
        let outcome = screen.show(frame.grid, cursor: cursor)
        costs?.take(now, built, outcome)
        if outcome != .dropped { isDirty = false }
        dashboard.note(frame)
        shown = frame
        drawn = now
    }

    /// Waits for whatever comes first and takes it.
    private func wait() -> End? {
        var patience = decoder.waits
        if onTurn != nil { patience = min(patience ?? 100, 100) }
        if isDirty {
            // What could not be shown is tried again, not more often than frames come.
            let passed = SystemClock.monotonicNanoseconds() - drawn
            let left = Int((Self.pace - min(passed, Self.pace)) / 1_000_000) + 1
            patience = min(patience ?? left, left)
        }
        if hasNews {
            let passed = SystemClock.monotonicNanoseconds() - drawn
            let left = Int((Self.newsPace - min(passed, Self.newsPace)) / 1_000_000) + 1
            patience = min(patience ?? left, left)
        }
        if screen.isBehind {
            // A terminal that reads takes the rest of a long frame soon; for one that does not
            // the next frame is early enough.
            screen.catchUp()
            let isFresh = SystemClock.monotonicNanoseconds() - drawn < Self.pace / 2
            if screen.isBehind, isFresh { patience = min(patience ?? 5, 5) }
        }
        let late = dashboard.history.lateness
        if dashboard.state.pausedAt == nil, dashboard.history.newest != nil {
            // Figures that stay away are told of, a second at a time.
            let left = Int(age < late ? late - age : 1000 - (age - late) % 1000) + 1
            patience = min(patience ?? left, left)
        }
        if let left = costs?.left(screen) { patience = min(patience ?? left, left) }
        switch input.next(milliseconds: patience) {
        case .byte(let byte):
            if let key = decoder.feed(byte) { press(key) }
        case .timeout:
            if let key = decoder.timeOut() { press(key) }
            if age >= late, dashboard.state.pausedAt == nil { isDirty = true }
        case .signals(let signals): take(signals)
        case .ready(let descriptor): if descriptor == pane?.changes { hasNews = true }
        case .key, .away: break
        case .end: return .hungUp
        }
        return nil
    }

    private func press(_ key: Key) {
        if let pane { dashboard.state.pane.keepsEscape = pane.keepsEscape }
        if case .mouse(let mouse) = key {
            if let shown { dashboard.press(mouse, in: shown) }
        } else {
            dashboard.press(key)
        }
        // What goes to the prompt is drawn when the prompt has taken it.
        if case .key = dashboard.requests.last { return }
        isDirty = true
    }

    private func take(_ signals: TerminalSignals) {
        if signals.contains(.interrupted) { dashboard.perform("quit") }
        if signals.contains(.stopped) { screen.suspend() }
        if signals.contains(.continued) { screen.repaint() }
        if signals.contains(.windowChanged) {
            let size = screen.refreshSize()
            recording?.resize(size, at: SystemClock.monotonicNanoseconds())
        }
        isDirty = true
    }

    // MARK: Requests

    private func serve() {
        let requests = dashboard.requests
        dashboard.requests = []
        for request in requests {
            switch request {
            case .key(let key):
                pane?.press(key)
                awaitsEcho = true
                continue
            case .redraw: screen.repaint()
            case .suspend: screen.suspend()
            case .lesson(let order): dashboard.state.message = lessons?.perform(order)
            case .send(let words): errands?.send(words, purpose: KeyErrands.asked)
            case .snapshot(let path):
                guard let shown else { continue }
                let grid = still(shown.grid)
                let isText = path.hasSuffix(".txt")
                let text = grid.lines.joined(separator: "\n") + "\n"
                write(isText ? text : StillPicture.svg(grid), to: path)
            case .export(let path, let form, nil):
                write(PlainReport(form).whole(dashboard.view()), to: path)
            case .export(let path, let form, let seconds?):
                let past = PastReport(dashboard.view(), seconds: seconds)
                write(form == .json ? past.json : past.csv, to: path)
            }
            isDirty = true
        }
    }

    /// What is shown, without the line that asked for it.
    private func still(_ shown: CellGrid) -> CellGrid {
        var view = dashboard.view(sent: sent, dropped: screen.framesDropped)
        view.pane = pane
        view.state.typing = nil
        view.state.message = nil
        return painter.frame(view, rows: shown.rows, columns: shown.columns).grid
    }

    private func write(_ text: String, to path: String) {
        guard let file = Descriptor(openingToWrite: path, appending: false) else {
            dashboard.state.message =
                "\(CellText.shown(Array(path.utf8), ascii: false)) "
                + "cannot be written"
            return
        }
        defer { file.close() }
        dashboard.state.message =
            file.write(text) ? "written: \(path)" : "\(path) could not be written whole"
    }
}
