public import Client
public import Terminal
public import Wire

/// What the command line says about a session.
public struct ReplOptions {
    /// What commands are sent to.
    public var target = Target.embedded
    /// The protocol that is asked for.
    public var version = ProtocolVersion.two
    /// False when another protocol will do.
    public var insistsOnVersion = true
    /// One command in words, for `larder exec`; nil otherwise.
    public var words: [String]?
    /// Whether the last argument of the one command is what standard input has.
    public var takesLastFromInput = false
    /// The argument of the one command that stands for what standard input has.
    public var inputTag: String?
    /// True when standard input has requests on the wire, to be sent as they are.
    public var isMassInsertion = false
    /// True when error replies go to standard error.
    public var separatesErrors = false
    /// True when error replies end the program with status 0, as they end redis-cli.
    public var forgivesErrors = false
    /// Commands given as arguments of `-c`.
    public var commands: [String] = []
    /// Files with commands, from `-f`; `-` is standard input.
    public var files: [String] = []
    /// True when the first error ends a script.
    public var stopsAtError = false
    /// True when destructive commands are sent without asking (`--yes`).
    public var agrees = false
    /// True when nothing may be changed (`--readonly`).
    public var isReadOnly = false
    /// The form of replies; nil goes by whether a terminal shows them.
    public var format: ReplyFormat?
    /// False when a line may never start a shell command or write a file.
    public var allowsShell = true
    /// When remarks are coloured.
    public var color = TerminalEnvironment.ColorChoice.auto
    /// True when the small shop of `:demo` opens at the start (`--demo`).
    public var opensDemo = false
    /// The dashboard that the prompt can show; nil where the program has none.
    public var dashboard: DashboardLink?
    /// The list of lessons as text. Nil where the program has none, as with the next ones.
    public var listLessons: (() -> String)?
    /// Plays a lesson until it is over or left; returns what is wrong otherwise.
    public var playLesson: ((LessonRequest) -> String?)?
    /// Begins to take down what happens at the prompt, for a file of this name.
    public var startRecording: ((String) -> RecordingStart)?
    /// The file that what happens at the prompt is taken down for from the start on.
    public var recordsTo: String?
    /// The program's version, for the banner.
    public var programVersion = ""

    /// The defaults.
    public init() {}
}
