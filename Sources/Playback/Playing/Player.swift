import Client
public import Terminal

// A lesson being played to a person, as a machine without a clock or a terminal: keys and passing
// milliseconds go in, scenes and a frame come out. So it can be tested whole, and a terminal, a
// recording and a page are three ways to drive the same thing.
//
// The lesson is a row of beats, and ``position`` is the next one. Whatever takes longer than an
// instant is an activity: a line being typed, a load running, a question, a prompt. When an
// activity is over the player goes on by itself up to the next one.
//
// Virtual time passes only in activities that let it pass; while a person reads or types, the
// world stands still, except for loads that were started in the background.

/// How a lesson is played.
public struct PlayerOptions: Sendable {
    /// Who does what.
    public enum Mode: String, CaseIterable, Sendable {
        /// The player types, the learner predicts and does the exercises.
        case tutorial
        /// The learner types every line.
        case learn
        /// Everything goes by itself.
        case demo
    }

    /// Who does what.
    public var mode = Mode.tutorial
    /// How many times as fast.
    public var speed = 1.0
    /// True when nothing takes time.
    public var isInstant = false
    /// The step to begin with, by id or number.
    public var from: String?
    /// Whether notes for the speaker are shown.
    public var showsNotes = false
    /// Whether every key types one letter.
    public var typesOnKey = false
    /// Only ASCII.
    public var isASCII = false

    /// The usual ones.
    public init() {}
}

/// Plays a lesson.
public final class Player {
    let lesson: Scenario
    let options: PlayerOptions
    let beats: [Beat]
    let blocks: LessonBlocks
    /// The steps of the lesson.
    let steps: [LessonStep]
    let host: LessonHost

    /// The beat that comes next, or is under way.
    var position = 0
    var activity = Activity.running
    /// The list of steps, while it is shown.
    var list: StepList?
    /// What the learner types.
    var line = LineBox()
    /// True when keys are the lesson's although there is a prompt.
    var keysAreLessons = false
    /// What goes on when the learner gives the lesson back.
    var interrupted: Activity?
    /// The exercise under way.
    var exercise: ExerciseTask?
    /// Predictions that wait for what they predict.
    var predictions: [Prediction] = []
    /// What was answered to questions, by their ids, until the answer is told.
    var answers: [String: GivenAnswer] = [:]

    /// True when nothing moves.
    public internal(set) var isPaused = false
    /// How many times as fast as usual; 1 to begin with.
    public internal(set) var speed: Double
    /// Milliseconds for each letter.
    var pace = 35
    /// True between `hide` and `show`.
    var isHidden = false
    /// True while steps are played without being shown.
    var isSilent = false
    /// How much had been done before each step that has been begun.
    var marks: [Int: HostMark] = [:]
    /// The beginning.
    let start: HostMark
    /// How often `goto` has gone back.
    var jumps = 0
    /// Values for charts.
    var samples = Samples()
    /// Lines shown since the person was last asked to go on.
    var shownLines = 0
    var lastSceneIsBlank = true

    /// What is to be shown, in order; the driver takes it.
    private var scenes: [Scene] = []
    /// The size of the screen, for breaking lines and for stopping before text scrolls away.
    public var size = TerminalSize.classic
    /// What the learner has reached in this lesson.
    public internal(set) var record = Progress.LessonRecord()
    /// Rises whenever ``record`` has changed in a way that is to be kept.
    public internal(set) var recordChanges = 0
    /// Seconds since 1970, which only progress needs.
    public var wallSeconds: Int64 = 0
    /// True when the player wants the dashboard to be shown; the driver takes it back.
    public var wantsDashboard = false
    /// Steps that have begun since the driver last looked, with their titles.
    public var begunSteps: [String] = []
    /// The panels that the lesson points at.
    var focus: String?
    /// What was said to the person last.
    var remark = ""
    /// The checks of this step that were shown last.
    var shownChecks: [CheckResult] = []
    /// The question of this step that was answered last.
    var lastPrediction: LessonPicture.Prediction?

    /// Begins a lesson in a world of its own.
    ///
    /// - Parameter place: the real server where it is played instead.
    public init(
        _ lesson: Scenario, options: PlayerOptions, progress: Progress.LessonRecord? = nil,
        at place: RemotePlace? = nil
    ) throws(HostFailure) {
        self.lesson = lesson
        self.options = options
        speed = options.speed
        record = progress ?? record
        let plan = Plan(lesson)
        beats = plan.beats
        steps = plan.steps.map { LessonStep(title: $0.title, id: $0.id, beat: $0.beat) }
        blocks = LessonBlocks(lesson, plan)
        host = try LessonHost(lesson, at: place)
        start = host.mark
        samples = Samples(plan.beats)
        record.attempts += 1
        recordChanges += 1
        try begin()
    }

    private func begin() throws(HostFailure) {
        if let from = options.from {
            guard let number = stepNumber(from) else {
                let names = steps.map(\.id).joined(separator: ", ")
                throw HostFailure(text: "there is no step '\(from)'; the steps are: \(names)")
            }
            if number > 1 { goForward(to: steps[number - 1].beat) }
        }
        proceed()
    }

    /// The number of a step, from 1, by its id or number.
    func stepNumber(_ name: String) -> Int? {
        if let number = Int(name) { return (1...steps.count).contains(number) ? number : nil }
        return steps.firstIndex { $0.id == name }.map { $0 + 1 }
    }

    // MARK: What is shown

    /// True when the lesson is over or was left.
    public var isOver: Bool {
        if case .over = activity { true } else { false }
    }

    /// True when the lesson was left before its end.
    public internal(set) var isLeft = false

    /// The step that the person looks at, from 1; 0 before the first.
    public internal(set) var step = 0

    /// What is new to be shown, as lines for a screen of ``size``.
    public func takeLines() -> [Text] {
        let printer = SceneText(columns: size.columns, isASCII: options.isASCII)
        return takeScenes().flatMap(printer.lines)
    }

    /// What is new to be shown.
    func takeScenes() -> [Scene] {
        defer { scenes = [] }
        return scenes
    }

    func show(_ scene: Scene) {
        guard !isSilent, !isHidden else { return }
        if scene == .blank, lastSceneIsBlank { return }
        lastSceneIsBlank = scene == .blank
        note(remark: scene)
        scenes.append(scene)
        shownLines +=
            SceneText(columns: size.columns, isASCII: options.isASCII)
            .lines(scene).count
    }

    // MARK: Going on

    /// Plays beats until one takes time.
    func proceed() {
        while case .running = activity {
            guard position < beats.count else { return finishLesson() }
            step = blocks.step[position]
            play(beats[position])
        }
    }

    /// The beat under way is over.
    func finishBeat() {
        let last = position
        let step = blocks.step[last]
        position += 1
        activity = .running
        let isStepOver = position == beats.count || blocks.step[position] != step
        if isStepOver, step > 0 { finishStep(step) }
        if isStepOver || blocks.waits[last] { tellPredictions() }
        guard !isSilent else { return }
        if blocks.waits[last] {
            wait(isStepOver ? .step : .beat)
        } else if shownLines > max(size.rows - 7, 8), position < beats.count,
            blocks.begins[position]
        {
            wait(.beat)
        }
    }

    private func finishStep(_ number: Int) {
        let id = steps[number - 1].id
        if !record.steps.contains(id) { record.steps.append(id) }
        recordChanges += 1
    }

    /// Lets the person look, or a moment pass where there is nobody to press a key.
    func wait(_ reason: Waiting.Reason, atMost milliseconds: Int? = nil) {
        let isFree = options.mode == .demo
        if options.isInstant, isFree { return shownLines = 0 }
        var left = milliseconds
        if isFree {
            let reading = Double(min(max(shownLines, 2) * 450, 7000)) / speed
            left = min(left ?? Int.max, Int(reading))
        }
        activity = .waiting(Waiting(reason: reason, left: left))
        shownLines = 0
    }

    func finishLesson() {
        guard !isLeft else { return }
        record.isDone = true
        record.resume = nil
        record.resumedAt = wallSeconds
        record.medal = [record.medal, medal].compactMap { $0 }.max()
        recordChanges += 1
        show(.blank)
        for scene in summary { show(scene) }
        if options.mode == .demo {
            activity = .over
        } else {
            activity = .waiting(Waiting(reason: .end, left: nil))
        }
    }

    /// Leaves the place of the lesson: at a real server, without the lesson's keys. Nothing can be
    /// played afterwards.
    ///
    /// - Returns: why some may be left; nil when none is.
    public func close() -> String? { host.stage.close() }

    /// Leaves the lesson; it goes on here next time.
    func leave() {
        isLeft = !record.isDone || position < beats.count
        if isLeft {
            record.resume = step > 0 ? steps[step - 1].id : nil
            record.resumedAt = wallSeconds
            recordChanges += 1
        }
        activity = .over
    }

    // MARK: Time

    /// Whether the player wants to be told how time passes.
    public var wantsTicks: Bool {
        if isPaused || isOver { return false }
        switch activity {
        case .typing(let typing): return !typing.waitsForKey
        case .loading: return true
        case .waiting(let waiting): return waiting.left != nil || host.hasBackgroundLoad
        default: return host.hasBackgroundLoad
        }
    }

    /// So many milliseconds of a person's time have passed.
    public func tick(_ milliseconds: Int) {
        guard !isPaused, !isOver, list == nil, milliseconds > 0 else { return }
        if host.hasBackgroundLoad, !isLoading {
            pass(UInt64(Double(milliseconds) * 1e6 * speed))
        }
        switch activity {
        case .typing(var typing):
            guard !typing.waitsForKey else { break }
            typing.credit += Double(milliseconds) * speed
            let letters = Int(typing.credit / Double(max(typing.pace, 1)))
            typing.credit -= Double(letters * max(typing.pace, 1))
            typing.shown += letters
            activity = .typing(typing)
            if typing.shown >= typing.text.unicodeScalars.count + 4 { finishTyping() }
        case .waiting(var waiting):
            guard let left = waiting.left else { break }
            waiting.left = left - milliseconds
            activity = .waiting(waiting)
            if left <= milliseconds { goOn() }
        case .loading(let loading):
            runLoad(loading, UInt64(Double(milliseconds) * loading.rate * speed * 1e6))
        default: break
        }
        proceed()
    }

    private var isLoading: Bool {
        if case .loading = activity { true } else { false }
    }

    /// Lets virtual time pass, with a sample at each full second.
    func pass(_ nanoseconds: UInt64) {
        let second: UInt64 = 1_000_000_000
        var left = nanoseconds
        while left > 0 {
            let piece = min(left, second - host.now % second)
            host.stage.advance(piece)
            left -= piece
            if host.now % second == 0 { samples.take(host) }
        }
    }
}

/// A step of a lesson.
public struct LessonStep: Equatable, Sendable {
    /// Its heading.
    public var title: String
    /// What links call it.
    public var id: String
    /// Its first beat.
    var beat: Int
}

/// What a player is busy with.
enum Activity {
    /// The next beat follows at once.
    case running
    /// A person looks.
    case waiting(Waiting)
    /// A line is being typed.
    case typing(Typing)
    /// The learner is to type a line.
    case learner(LearnerTask)
    /// A question is asked.
    case quiz(QuizTask)
    /// A load runs.
    case loading(Loading)
    /// The learner works on an exercise.
    case exercise
    /// The learner has the world.
    case takenOver
    /// The lesson is over.
    case over
}

/// Waiting for a key.
struct Waiting {
    enum Reason { case beat, step, pause, end }
    var reason: Reason
    /// Milliseconds after which it goes on by itself.
    var left: Int?
}

/// A line that is being typed.
struct Typing {
    var session: String
    var text: String
    /// How many letters stand there.
    var shown = 0
    /// Milliseconds for each letter.
    var pace: Int
    /// Milliseconds that have not become letters yet.
    var credit = 0.0
    /// Whether each letter waits for a key.
    var waitsForKey = false
}

/// A line that takes virtual time, mostly a load.
struct Loading {
    /// Who said the line, and what its end means.
    enum Purpose {
        /// A line of the lesson.
        case line(TranscriptCommand)
        /// A load of the lesson.
        case load
        /// A line in an exercise; true for the `go` that decides.
        case exercise(isGo: Bool)
        /// A line of a learner who has taken over.
        case free
    }

    var purpose: Purpose
    var scene: LoadScene
    /// Virtual time for each moment of a person's.
    var rate: Double
    /// Which figures are shown.
    var figures: [String]
}
