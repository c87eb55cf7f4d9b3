public import Bytes
public import Client
import Terminal

// What the person has chosen to see, and the instant it is seen at. All panels of a frame read the
// same view, so that a pause stops all of them at one instant.

/// The screens by number.
public enum ScreenID: Int, CaseIterable, Sendable {
    case overview = 1, memory, keys, commands, boards, pubsub, replication, lab, learn

    /// Its name.
    public var name: String {
        switch self {
        case .overview: "Overview"
        case .memory: "Memory"
        case .keys: "Keys"
        case .commands: "Commands"
        case .boards: "Boards"
        case .pubsub: "Pub/Sub"
        case .replication: "Replication"
        case .lab: "Lab"
        case .learn: "Learn"
        }
    }

    /// Its name where there is little room.
    var short: String {
        switch self {
        case .overview: "Over"
        case .memory: "Mem"
        case .commands: "Cmds"
        case .boards: "Board"
        case .pubsub: "PubSub"
        case .replication: "Repl"
        default: name
        }
    }
}

/// What lies over the panels.
public enum Overlay: Equatable, Sendable {
    case help, explain(FigureID), error(ErrorReply), log, alerts
}

/// An error reply that can be explained.
public struct ErrorReply: Equatable, Sendable {
    /// What the server said, or a code alone.
    public var text: String
    /// What it was said to; empty where only the code was asked for.
    public var command = ""
}

/// Where a lesson stands beside the panels.
public enum LessonPlace: String, CaseIterable, Sendable {
    /// Where the screen has room for it.
    case fitting = "fit"
    /// Nowhere.
    case hidden = "hide"
    /// To the right of all panels.
    case right
    /// Below all panels.
    case bottom

    /// Where it goes next.
    var next: LessonPlace {
        switch self {
        case .fitting, .bottom: .hidden
        case .hidden: .right
        case .right: .bottom
        }
    }
}

/// How a table is sorted.
public struct TableSort: Equatable, Sendable {
    /// The column by its id; nil is the table's own.
    public var column: String?
    /// Turned around.
    public var isReversed = false
}

/// What the person has chosen.
public struct ViewState: Equatable, Sendable {
    /// The screen.
    public var screen = ScreenID.overview
    /// Which panel of it keys go to.
    public var focus = 0
    /// True when that panel has the whole screen.
    public var isExpanded = false
    /// What lies over the panels.
    public var overlay: Overlay?
    /// The instant that is shown; nil follows time.
    public var pausedAt: Int64?
    /// The newest instant when the pause began, from which looking back is counted.
    public var pausedFrom: Int64 = 0
    /// The window of graphs in seconds.
    public var window = 60
    /// Only rows that contain this are shown, or that do not.
    public var filter = ""
    /// True for rows that do not.
    public var isInverse = false
    /// How tables are sorted, by their ids.
    public var sorts: [String: TableSort] = [:]
    /// Rows that the focused panel has been scrolled by.
    public var scroll = 0
    /// Sorted sets that are watched.
    public var boards: [[UInt8]] = []
    /// The member of each that is followed, by the key.
    public var followedMembers: [ByteString: [UInt8]] = [:]
    /// The member of each that is chosen.
    public var chosenMembers: [ByteString: [UInt8]] = [:]
    /// True when the person has said which; until then one that is there is shown.
    public var hasPinned = false
    /// Which row of a panel is chosen, by what the row is about.
    public var chosen: [PanelID: [UInt8]] = [:]
    /// The key that is looked at.
    public var key: [UInt8]?
    /// True when it stays that key whatever row is chosen.
    public var isFollowing = false
    /// Prefixes that are unfolded.
    public var unfolded: Set<ByteString> = []
    /// The database whose keys are shown; nil is the one of the connection.
    public var database: Int?
    /// Which walk over the keys it is.
    public var walk = 0
    /// The biggest keys are listed instead of those asked for most.
    public var showsBig = false
    /// What is listened to; nil is nothing.
    public var pattern: [UInt8]?
    /// How the lesson stands; nil when none is open.
    public var lesson: LessonPicture?
    /// All lessons, with how far each was done.
    public var lessons: [LessonPicture.Lesson] = []
    /// Where it stands.
    public var lessonPlace = LessonPlace.fitting
    /// True when the server counts which keys are asked for most.
    public var knowsHotKeys = false
    /// What graphs are drawn with.
    public var graph = Glyphs.Graph.braille
    /// The colours.
    public var theme = Theme.all[0]
    /// Whether the mouse is used.
    public var usesMouse = true
    /// True where names must be shown in ASCII too.
    public var isASCII = !DisplayWidth.isUTF8
    /// The prompt.
    public var pane = PaneState()
    /// A line that is being typed at the bottom.
    public var typing: String?
    /// From where on something is an alert.
    public var limits = AlertLimits()
    /// True when a new alert sounds the terminal's bell.
    public var ringsBell = false
    /// True while what is shown is recorded.
    public var isRecording = false
    /// What the last command of the person has ended with, until that was explained.
    public var failed: ErrorReply?
    /// Which action of the help is chosen.
    public var helpRow: Int?
    /// Something to tell the person, until the next key.
    public var message: String?

    /// As the dashboard starts.
    public init() {}

    /// The windows that `+` and `-` go through, in seconds.
    static let windows = [60, 300, 900, 3600, 4 * 3600, 12 * 3600, 86_400]
}

/// Who is watched, and how.
public struct Source: Equatable, Sendable {
    /// What the server is called.
    public var name: String
    /// True when the engine is inside this process.
    public var isEmbedded = false
    /// True when nothing may be sent that changes anything.
    public var isReadOnly = false
    /// True when it is the world of a lesson, whose time passes only as the lesson goes on.
    public var isLesson = false

    /// A source by name.
    public init(name: String, isEmbedded: Bool = false) {
        self.name = name
        self.isEmbedded = isEmbedded
    }
}

/// All that a frame shows.
public struct View: Sendable {
    let history: History
    var state: ViewState
    let source: Source
    /// What was found out besides samples.
    let found: Found
    /// True while the walk over the keys is stopped, since the server became slower.
    let isHeld: Bool
    /// What was sent, for the command log.
    let sent: [LoggedCommand]
    /// Frames that were not shown since the terminal did not read.
    let dropped: Int
    /// The prompt, if there is one.
    var pane: Pane?
    /// Milliseconds since the newest sample.
    let age: Int64

    /// A view of what is known.
    public init(
        _ history: History, _ state: ViewState, _ source: Source, found: Found = Found(),
        isHeld: Bool = false, sent: [LoggedCommand] = [], dropped: Int = 0, age: Int64 = 0
    ) {
        self.found = found
        self.isHeld = isHeld
        self.history = history
        self.state = state
        self.source = source
        self.sent = sent
        self.dropped = dropped
        self.age = age
    }

    /// The instant that is shown.
    var instant: Int64 { state.pausedAt ?? history.newest?.instant ?? 0 }

    /// True when what is shown as the present is not any more.
    var isStale: Bool { state.pausedAt == nil && age >= history.lateness }

    /// The snapshot of that instant.
    var snapshot: Snapshot? { history.snapshot(at: instant) }

    /// A figure as a fact.
    func fact(_ id: FigureID, _ label: String? = nil, role: Role = .text) -> Fact {
        let figure = Figure[id]
        let value = snapshot?[id]
        return Fact(
            id: id.rawValue, label: label ?? figure.label, value: value,
            text: Amount.text(value, figure.unit), role: role, figure: id)
    }

    /// A figure over the last so many seconds: its mean, or its highest value.
    func fact(
        _ id: FigureID, over seconds: Int, _ label: String, highest: Bool = false
    ) -> Fact {
        let start = instant - Int64(seconds) * 1000
        let found = history.summary(id, from: start, to: instant)
        let value = highest ? found?.maximum : found?.mean
        return Fact(
            id: "\(id.rawValue)_\(highest ? "peak" : "mean")_\(seconds)s", label: label,
            value: value, text: Amount.text(value, Figure[id].unit), figure: id)
    }

    /// A word of INFO as a fact, or a number of it with its unit.
    func word(
        _ field: String, _ label: String, role: Role = .text, unit: Unit? = nil
    ) -> Fact {
        var text = snapshot?.texts[field] ?? ""
        if let unit, let number = Double(text) { text = Amount.text(number, unit) }
        return Fact(
            id: field, label: label, text: text.isEmpty ? Amount.unknown : text, role: role)
    }

    /// What hides rows, in a few words; nil while nothing does.
    var filterText: String? {
        guard !state.filter.isEmpty else { return nil }
        let text = CellText.cut(
            CellText.shown(Array(state.filter.utf8), ascii: state.isASCII), to: 20)
        return state.isInverse ? "without '\(text)'" : "with '\(text)'"
    }

    /// True for rows that the filter lets through.
    func passes(_ text: String) -> Bool {
        state.filter.isEmpty
            || text.lowercased().contains(state.filter.lowercased()) != state.isInverse
    }

    /// The tag of a panel, from the worst alert of its figures.
    func tag(_ figures: [FigureID]) -> (word: String, role: Role)? {
        guard let alert = snapshot?.worst(of: figures) else { return nil }
        let role: Role = alert.severity == .critical ? .critical : .warning
        return ("!" + alert.severity.word, role)
    }
}
