import Bytes
public import Client
import Server
public import Terminal

// A person, a terminal and a dashboard. The thread that runs this draws and waits for three things
// at once: keys, samples, and signals. A frame is built when something has come, ten times a second
// at most, and written only where it differs from what is shown.

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
    /// Lines that are done at the start.
    public var lines: [String] = []

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
    private let guardian: TerminalGuard
    private let screen: FullScreen
    private let painter: FramePainter
    private let input: TerminalInput
    private var decoder = KeyDecoder(escapeMilliseconds: 25)
    private var shown: Frame?
    private var recording: Recording?
    /// When the last frame was built, in nanoseconds.
    private var drawn: UInt64 = 0
    private var isDirty = true
    private static let pace: UInt64 = 100_000_000

    /// Takes the terminal. Without `errands` only what samples tell is shown.
    public init(
        _ source: Source, sampler: any Sampler, announcements: Descriptor,
        errands: (any ErrandRunner)? = nil,
        guardian: TerminalGuard, options: DashboardOptions = DashboardOptions()
    ) throws(FullScreen.Failure) {
        self.sampler = sampler
        self.announcements = announcements
        self.errands = errands
        lessons = options.lessons
        self.guardian = guardian
        dashboard = Dashboard(source)
        if let theme = options.theme { dashboard.state.theme = theme }
        dashboard.state.usesMouse = options.usesMouse
        for line in options.lines { dashboard.perform(line) }
        screen = try FullScreen(
            guardian: guardian, wantsColor: TerminalEnvironment.isColored(options.color),
            usesMouse: options.usesMouse)
        painter = FramePainter(
            depth: ColorDepth(colors: screen.colors),
            isUTF8: DisplayWidth.isUTF8 && !options.isASCII)
        input = TerminalInput(
            guardian: guardian,
            watching: [announcements] + (errands.map { [$0.descriptor] } ?? [])
                + (options.lessons.map { [$0.descriptor] } ?? []))
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
        defer { screen.leave() }
        while !dashboard.isLeaving {
            takeSamples()
            takeLesson()
            draw()
            if screen.isGone { return .hungUp }
            if case .hungUp = wait() { return .hungUp }
            serve()
        }
        return .left
    }

    private func takeSamples() {
        for finding in errands?.take() ?? [] {
            dashboard.take(finding)
            isDirty = true
        }
        for var sample in sampler.take() {
            sample.add(errands?.calls ?? [:])
            dashboard.take(sample)
            isDirty = true
        }
    }

    private func takeLesson() {
        guard let lessons else { return }
        let picture = lessons.picture
        guard picture != dashboard.state.lesson else { return }
        dashboard.take(picture)
        isDirty = true
    }

    /// What was sent on all connections, the oldest first.
    private var sent: [LoggedCommand] {
        (sampler.log + (errands?.log ?? [])).sorted { $0.wall < $1.wall }
    }

    private func draw() {
        guard isDirty else { return }
        let now = SystemClock.monotonicNanoseconds()
        sampler.want(dashboard.demand)
        errands?.want(dashboard.errands)
        screen.usesMouse = dashboard.state.usesMouse
        let size = screen.refreshSize()
        let view = dashboard.view(sent: sent, dropped: screen.framesDropped)
        let frame = painter.frame(view, rows: size.rows, columns: size.columns)
        let cursor = frame.cursor.map { (row: $0[0], column: $0[1]) }
        if screen.show(frame.grid, cursor: cursor) != .dropped { isDirty = false }
        shown = frame
        drawn = now
    }

    /// Waits for whatever comes first and takes it.
    private func wait() -> End? {
        var patience = decoder.waits
        if isDirty {
            // What could not be shown is tried again, not more often than frames come.
            let passed = SystemClock.monotonicNanoseconds() - drawn
            let left = Int((Self.pace - min(passed, Self.pace)) / 1_000_000) + 1
            patience = min(patience ?? left, left)
        }
        switch input.next(milliseconds: patience) {
        case .byte(let byte):
            if let key = decoder.feed(byte) { press(key) }
        case .timeout:
            if let key = decoder.timeOut() { press(key) }
        case .signals(let signals): take(signals)
        case .ready: break
        case .end: return .hungUp
        }
        return nil
    }

    private func press(_ key: Key) {
        if case .mouse(let mouse) = key {
            if let shown { dashboard.press(mouse, in: shown) }
        } else {
            dashboard.press(key)
        }
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
            case .redraw: screen.repaint()
            case .suspend: screen.suspend()
            case .lesson(let order): lessons?.perform(order)
            case .send(let words): errands?.send(words, purpose: KeyErrands.asked)
            case .snapshot(let path):
                guard let shown else { continue }
                write(StillPicture.svg(shown.grid), to: path)
            case .export(let path):
                let form = ReportForm.allCases.first { path.hasSuffix("." + $0.rawValue) }
                write(PlainReport(form ?? .plain).whole(dashboard.view()), to: path)
            }
            isDirty = true
        }
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
