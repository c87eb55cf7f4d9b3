import Bytes
import Simulation

// Plays a scenario, beat after beat. Without an audience it answers questions by their key and
// does exercises by their solution, and proves both; with one, whoever plays to it takes these
// beats over. It shows nothing: it tells everything as events.

/// What went wrong in a run.
public struct Failure: Sendable {
    /// Whether something was expected, or could not be done at all.
    public enum Kind: String, Sendable {
        /// A reply is not what was expected.
        case expectation
        /// A statement does not hold.
        case check
        /// The key of a question is not what the run says.
        case quiz
        /// An exercise is done before anybody began, or is not done by its solution.
        case exercise
        /// A block could not be played.
        case error
    }

    /// What it is.
    public var kind: Kind
    /// The file, and the place in it.
    public var file: String
    /// The place in the file.
    public var place: Place
    /// What was to be.
    public var title: String
    /// What was, line by line.
    public var details: [String]
    /// The step that it belongs to.
    public var step: String
    /// When it was, in nanoseconds of virtual time.
    public var time: UInt64
}

/// How a scenario is to be played.
public struct PerformanceOptions: Sendable {
    /// The seed; nil for the one in the file.
    public var seed: UInt64?
    /// Whether the run goes on after a failure.
    public var keepsGoing = false
    /// The step before which nothing is compared; nil compares everything.
    public var from: String?
    /// The real server to play at; nil for the embedded engine.
    public var place: RemotePlace?

    /// As the file says.
    public init() {}
}

/// A scenario that is being played.
public final class Performance {
    /// What is played.
    public let scenario: Scenario
    /// Its beats.
    public let plan: Plan
    /// Where it happens.
    public let stage: Stage
    /// The seed of all chance.
    public let seed: UInt64
    /// How it is played.
    public let options: PerformanceOptions
    /// Takes what happens.
    public var emit: (Event) -> Void = { _ in }
    /// Tells when there is no more time for it, on whatever clock.
    public var isOverdue: () -> Bool = { false }
    /// The number of the next beat.
    public internal(set) var position = 0
    /// What went wrong.
    public private(set) var failures: [Failure] = []
    /// How much was compared, for reports.
    public internal(set) var counts = Counts()
    /// True when the run was ended because it took too long.
    public private(set) var isTimedOut = false

    /// How much was compared.
    public struct Counts: Sendable, Equatable {
        /// Lines that were typed.
        public var commands = 0
        /// Statements.
        public var checks = 0
        /// Questions.
        public var quizzes = 0
        /// Exercises.
        public var exercises = 0
    }

    /// What is known of an exercise.
    struct ExerciseState {
        var isPassed = false
        var isSkipped = false
        var tries = 0
    }

    var exercises: [String: ExerciseState] = [:]
    var quizzes: [String: Bool] = [:]
    /// What has come on sessions and was not expected yet.
    var arrived: [String: [Arrival]] = [:]
    /// The rest of a message of which some rows were expected already.
    var openRows: [String: [String]] = [:]
    /// The sessions that were used, in the order of their first use.
    private(set) var sessions: [String] = []
    private var jumps: [Int: Int] = [:]
    /// True while what is done is not compared: before `from`, and while proving that an
    /// exercise is not done yet.
    var isQuiet = false
    /// Virtual nanoseconds after which a run is taken for endless.
    private static let longest: UInt64 = 48 * 3_600_000_000_000

    /// A performance of a scenario in a world of its own.
    public init(_ scenario: Scenario, options: PerformanceOptions = PerformanceOptions()) throws {
        self.scenario = scenario
        self.options = options
        plan = Plan(scenario)
        let seed = options.seed ?? scenario.front.seed
        self.seed = seed
        var variables: [String: String] = [:]
        for (name, value) in scenario.front.variables { variables[name.value] = value.value }
        let remote = options.place.map { RemoteHall($0, lesson: scenario.front.id) }
        if remote != nil {
            for (name, value) in scenario.front.realVariables {
                variables[name.value] = value.value
            }
        }
        stage = try Stage(variables: variables, remote: remote) {
            World(try EmbeddedWorld.plan(scenario, seed: seed))
        }
        stage.ownFigure = { [unowned self] in ownFigure($0, $1) }
    }

    /// Why this scenario cannot be played here; nil when it can.
    public static func missing(_ scenario: Scenario, at place: RemotePlace? = nil) -> String? {
        if let place { return place.missing(scenario) }
        let front = scenario.front
        if !front.backends.contains("embedded") {
            return "it needs \(front.backends.joined(separator: " or "))"
        }
        let lacking = front.needs.map(\.value).filter {
            !["embedded", "virtual-clock"].contains($0)
        }
        return lacking.isEmpty
            ? nil : "it needs \(lacking.joined(separator: " and ")), which is not there yet"
    }

    /// The beat that is next; nil at the end.
    public var beat: Beat? { position < plan.beats.count ? plan.beats[position] : nil }

    // MARK: The whole of it

    /// Plays from the beginning to the end, or to the first failure.
    public func run() {
        begin()
        if let from = options.from { isQuiet = plan.steps.contains { $0.id == from } }
        while let beat {
            if isQuiet, beat.step == options.from { isQuiet = false }
            if stage.now > Self.longest {
                isTimedOut = true
                break
            }
            perform()
            if isOverdue() {
                isTimedOut = true
                break
            }
            if stage.lack != nil { break }
            if !failures.isEmpty, !options.keepsGoing { break }
        }
        end()
    }

    /// Tells that the scenario begins.
    public func begin() {
        let front = scenario.front
        tell(
            .scenarioBegin, Place(line: 1, column: 1),
            [
                ("format", .number(1)), ("id", .text(front.id)), ("title", .text(front.title)),
                ("seed", .number(Double(seed))), ("backend", .text(stage.backend)),
            ])
    }

    /// Tells that it is over, and undoes what was broken.
    public func end() {
        stage.heal()
        tell(
            .scenarioEnd, beat?.place ?? Place(line: scenario.sources[0].lines.count, column: 1),
            [
                ("failures", .number(Double(failures.count))),
                ("commands", .number(Double(counts.commands))),
                ("checks", .number(Double(counts.checks))),
                ("quizzes", .number(Double(counts.quizzes))),
                ("exercises", .number(Double(counts.exercises))),
                ("digest", .text(stage.digest())),
            ])
    }

    /// Plays the next beat.
    public func perform() {
        guard let beat else { return }
        position += 1
        switch beat.kind {
        case .heading(let heading): perform(heading, beat)
        case .say(let prose):
            var fields: [(String, JSONValue)] = [
                ("form", .text(prose.kind.rawValue)),
                ("text", .text(prose.lines.map(stage.filled).joined(separator: "\n"))),
            ]
            if prose.kind == .fact {
                // Whatever numbers stand in it are those of somebody else.
                fields.append(("origin", .text(Origin.quoted.rawValue)))
                fields.append(("facts", .list(prose.facts.map { .text($0) })))
            }
            tell(.say, beat, fields)
        case .cue(let cue):
            tell(.cue, beat, [("name", .text(cue.name.rawValue)), ("text", .text(cue.text))])
        case .when(let condition, let end):
            var evaluator = stage.evaluator()
            if !evaluator.holds(condition) { position = end }
        case .only(let names, let end):
            guard !stage.isNamed(in: names) else { break }
            tell(.skip, beat, [("reason", .text("only \(names.joined(separator: ", "))"))])
            position = end
        case .goto(let target): jump(to: target, from: beat)
        case .command(let command, let retry): perform(command, retry: retry, beat)
        case .pipeline(let commands, let depth): perform(commands, depth: depth, beat)
        case .push(let session, let expected): expect(expected, on: session, beat)
        case .remark(let text):
            tell(.say, beat, [("form", .text("remark")), ("text", .text(text))])
        case .check(let line): perform(line, beat)
        case .ask(let quiz, let id): ask(quiz, id, beat)
        case .reveal(let quiz, let id): reveal(quiz, id, beat)
        case .load(let load, let id): perform(load, id, beat)
        case .fault(let fault): perform(fault, beat)
        case .chart(let chart): perform(chart, beat)
        case .exercise(let exercise, let id): prove(exercise, id, beat)
        case .assign(let name, let value):
            let text = stage.filled(value)
            stage.set(name, text)
            tell(.set, beat, [("name", .text(name)), ("value", .text(text))])
        case .listing(let fence):
            tell(
                .say, beat,
                [
                    ("form", .text("listing")), ("language", .text(fence.language)),
                    ("text", .text(fence.body.joined(separator: "\n"))),
                ])
        }
    }

    private func perform(_ heading: Heading, _ beat: Beat) {
        if heading.level == 2 {
            stage.beginStep()
            tell(.step, beat, [("id", .text(heading.id)), ("title", .text(heading.text))])
            tell(.snapshot, beat, [("digest", .text(stage.digest()))])
        } else {
            tell(
                .say, beat,
                [
                    ("form", .text("heading")), ("level", .number(Double(heading.level))),
                    ("text", .text(heading.text)),
                ])
        }
    }

    /// Goes on elsewhere; back at most ten times from one place, so that every run ends.
    private func jump(to target: Int, from beat: Beat) {
        let place = position - 1
        if target < position {
            jumps[place, default: 0] += 1
            if jumps[place, default: 0] > 10 {
                return fail(.error, beat, "goto", ["this has led back ten times already"])
            }
        }
        position = target
    }

    // MARK: Telling

    func tell(_ kind: Event.Kind, _ beat: Beat, _ fields: [(String, JSONValue)]) {
        tell(kind, beat.place, fields, source: beat.source)
    }

    func tell(
        _ kind: Event.Kind, _ place: Place, _ fields: [(String, JSONValue)], source: Int = 0
    ) {
        if isQuiet { return }
        emit(
            Event(
                kind: kind, time: stage.now, file: scenario.sources[source].name, place: place,
                fields: fields))
    }

    func fail(_ kind: Failure.Kind, _ beat: Beat, _ title: String, _ details: [String]) {
        // What fails because the place lacks something is no failure of the scenario.
        if isQuiet || stage.lack != nil { return }
        failures.append(
            Failure(
                kind: kind, file: scenario.sources[beat.source].name, place: beat.place,
                title: title, details: details, step: beat.step, time: stage.now))
    }

    func use(_ session: String) {
        if !sessions.contains(session) { sessions.append(session) }
    }

    /// What is lacking, and where the scenario came to it.
    func lackText(_ lack: String) -> String {
        guard position > 0 else { return lack }
        let beat = plan.beats[min(position, plan.beats.count) - 1]
        return "\(lack) (line \(beat.place.line))"
    }

    // MARK: Time

    /// Lets virtual time pass second by second, telling the figures that the scenario watches.
    func pass(_ nanoseconds: UInt64, _ beat: Beat) {
        let end = stage.now + nanoseconds
        while stage.now < end, !isOverdue() {
            stage.advance(min(1_000_000_000, end - stage.now))
            sample(beat)
            gather(beat)
        }
    }

    private lazy var watched: [String] = {
        let names = scenario.front.dashboard.map(\.value)
        return FigureTable.list.filter { figure in
            figure.arguments.isEmpty && figure.missing == nil
                && names.contains { figure.name == $0 || figure.name.hasPrefix($0 + ".") }
        }.map(\.name)
    }()

    private func sample(_ beat: Beat) {
        guard !watched.isEmpty, !isQuiet else { return }
        let terms = watched.map { name -> JSONValue in
            let call = FigureCall(name: name, arguments: [], window: .last(1_000_000_000))
            return Term(text: name, reading: stage.figure(call, [])).jsonValue
        }
        tell(.sample, beat, [("figures", .list(terms))])
    }

    // MARK: The player's own figures

    private func ownFigure(_ name: String, _ arguments: [Value]) -> Reading? {
        guard case .text(let id) = arguments.first else { return nil }
        let exercise = exercises[id] ?? ExerciseState()
        switch name {
        case "quiz.correct": return Reading(.truth(quizzes[id] ?? false), .measured)
        case "exercise.passed": return Reading(.truth(exercise.isPassed), .measured)
        case "exercise.skipped": return Reading(.truth(exercise.isSkipped), .measured)
        case "exercise.tries":
            return Reading(.number(Double(exercise.tries), .none, nil), .measured)
        default: return nil
        }
    }
}
