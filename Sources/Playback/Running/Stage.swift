import Bytes
import Client
import Grammar
public import Simulation
import Wire

// Where a scenario happens: sessions that send commands, the workbench and the shop with their
// lines, a clock, and figures. A scenario has no other way to do anything than lines that a
// learner can type, and every line is noted. So going back to a step is beginning the world anew
// and doing again what had been done until then.

/// What came of a line.
public struct Outcome: Sendable {
    /// What is printed.
    public var lines: [String] = []
    /// The reply as a value.
    public var value: Value = .missing("there is no reply")
    /// True when the line was refused, or answered by an error.
    public var isError = false
    /// True when the reply has not come yet.
    public var waits = false
    /// Nanoseconds of virtual time that are to pass before the line is done.
    public var remaining: UInt64 = 0
}

/// Something that came on a session by itself: a message, or the reply of a command that waited.
public struct Arrival: Sendable {
    /// Its words in one line: `message news hello`.
    public var line: String
    /// As redis-cli prints it.
    public var rows: [String]
}

/// Where a scenario happens.
public final class Stage {
    /// Something that was done, for doing it again.
    enum Deed: Sendable {
        case line(String, session: String)
        case pipeline([String], session: String, depth: Int)
        case advance(UInt64)
        case step
        case set(String, String)
        case take(String)
        case exercise([String]?)
        case finish
    }

    /// The real server where the sessions are; nil when they are in the world.
    let remote: RemoteHall?
    /// The name of the place: `embedded`, `redis`, `valkey`.
    public var backend: String { remote?.place.backend ?? "embedded" }
    /// The world of it.
    public private(set) var world: World
    /// The values of variables by name.
    public private(set) var variables: [String: String] = [:]
    /// The loads that were described, by name.
    var loads: [String: [(name: String, value: String)]] = [:]
    /// The loads that go on while other things happen.
    var running: [(name: String, number: Int, outlivesStep: Bool)] = []
    /// The lines that `go` stands for; nil while there is nothing to begin.
    var exercise: [String]?
    /// The depth that `go` tries, where it tries a pipeline.
    var pipelineDepth = 1
    /// The line of the workbench that runs, as it was typed.
    var workbenchLine = ""
    /// What a line does after its time has passed, and tells then.
    var afterwards: (() -> [String])?
    /// Nanoseconds that the present line takes.
    var lineTakes: UInt64 = 0
    /// The figures that only the player knows.
    var ownFigure: (String, [Value]) -> Reading? = { _, _ in nil }
    private var lastReply: Value = .missing("there is no reply yet")
    /// Messages that were taken with a confirmation and belong to nothing yet, by session.
    private var held: [String: [RESPValue]] = [:]
    private(set) var deeds: [Deed] = []
    private var isRepeating = false
    /// How often the world has begun anew.
    private(set) var beginnings = 0
    private let make: () throws -> World
    private let initial: [String: String]

    /// A stage in a world that `make` makes, now and whenever it begins anew.
    public convenience init(
        variables: [String: String], make: @escaping () throws -> World
    ) rethrows {
        try self.init(variables: variables, remote: nil, make: make)
    }

    /// The same, with sessions at a real server. The world then stands still, and is asked
    /// nothing.
    init(
        variables: [String: String], remote: RemoteHall?, make: @escaping () throws -> World
    ) rethrows {
        self.make = make
        self.remote = remote
        initial = variables
        self.variables = variables
        world = try make()
        world.beginRun()
    }

    /// Nanoseconds since the scenario began.
    public var now: UInt64 { remote?.now ?? world.now }

    /// What the scenario needs and cannot have at this place; nil while there is nothing.
    public var lack: String? { remote?.lack }

    /// Whether a block for these backends is played here.
    func isNamed(in backends: [String]) -> Bool {
        backends.contains(backend) || remote != nil && backends.contains("remote")
    }

    // MARK: Lines

    /// Puts the values of variables in the places of their names.
    public func filled(_ text: String) -> String { Variables.filled(text) { variables[$0] } }

    /// Does what a line says. The time that the line takes is still to pass: see
    /// ``Outcome/remaining`` and ``finish()``.
    public func perform(_ line: String, session: String) -> Outcome {
        let text = filled(line)
        note(.line(text, session: session))
        if let remote, ["wb", "app"].contains(session),
            let reason = RemoteHall.refusal(of: text, session: session)
        {
            remote.lacks(reason)
            return Outcome(lines: ["(error) " + reason], isError: true)
        }
        switch session {
        case "wb": return workbench(text)
        case "app": return shop(text)
        default: return command(text, session: session)
        }
    }

    /// Lets time pass.
    public func advance(_ nanoseconds: UInt64) {
        guard nanoseconds > 0 else { return }
        note(.advance(nanoseconds))
        if let remote { remote.advance(nanoseconds) } else { world.advance(nanoseconds) }
    }

    /// What a line that took time tells at its end.
    public func finish() -> [String] {
        guard afterwards != nil else { return [] }
        note(.finish)
        defer { afterwards = nil }
        return afterwards?() ?? []
    }

    private func command(_ line: String, session: String) -> Outcome {
        guard let words = Self.words(of: line) else {
            return Outcome(lines: ["(error) the quotes of this line do not match"], isError: true)
        }
        if words.isEmpty { return Outcome() }
        let answer =
            remote?.call(words, session: session) ?? world.call(words, session: session)
        var outcome = outcome(answer, to: words)
        // A subscription to several channels is confirmed for each of them.
        let name = String(decoding: words[0].map(\.asciiLowercased), as: UTF8.self)
        if name.hasSuffix("subscribe") {
            for message in takePushes(session) {
                if message.elements?.first?.bytes == ByteString(name) {
                    outcome.lines += Self.lines(of: message, to: words)
                } else {
                    held[session, default: []].append(message)
                }
            }
        }
        return outcome
    }

    /// The commands of a session together, so many at a time.
    public func pipeline(_ lines: [String], session: String, depth: Int) -> [Outcome] {
        let texts = lines.map(filled)
        note(.pipeline(texts, session: session, depth: depth))
        let commands = texts.map { Self.words(of: $0) ?? [] }
        let answers =
            remote?.pipeline(commands, session: session, depth: depth)
            ?? world.pipeline(commands, session: session, depth: depth)
        return zip(answers, commands).map { outcome($0, to: $1) }
    }

    /// Empties the cache: at a real server, of the lesson's own keys.
    func empty() -> Answer {
        guard let remote else { return world.call(["FLUSHALL"], session: "wb") }
        return remote.empty().map { .none($0) } ?? .reply(.simple("OK"))
    }

    private func takePushes(_ session: String) -> [RESPValue] {
        remote?.takePushes(session: session) ?? world.takePushes(session: session)
    }

    private func collect(_ session: String) -> Answer? {
        if let remote { return remote.collect(session: session) }
        return world.collect(session: session)
    }

    private func outcome(_ answer: Answer, to words: [[UInt8]]) -> Outcome {
        switch answer {
        case .reply(let reply):
            lastReply = Self.value(of: reply)
            return Outcome(
                lines: Self.lines(of: reply, to: words), value: lastReply,
                isError: reply.errorText != nil)
        case .waits: return Outcome(waits: true)
        case .silence: return Outcome()
        case .none(let reason):
            lastReply = .missing("no reply")
            let what = remote?.refusal == reason ? "(refused) " : "(no reply) "
            return Outcome(lines: [what + reason], isError: true)
        }
    }

    private func shop(_ line: String) -> Outcome {
        if let wrong = ShopLine.fault(line) {
            return Outcome(lines: ["(error) " + wrong], isError: true)
        }
        do throws(WorldError) {
            let answer = try world.request(line)
            return Outcome(
                lines: [answer.line], value: .number(Double(answer.status), .none, nil))
        } catch {
            return Outcome(lines: ["(error) " + error.text], isError: true)
        }
    }

    private func workbench(_ line: String) -> Outcome {
        lineTakes = 0
        afterwards = nil
        var outcome = Outcome()
        do throws(CommandError) {
            let text = try WorkbenchLine.run(line, on: self)
            outcome.lines = Self.lines(text)
            outcome.remaining = lineTakes
        } catch {
            outcome.lines = ["(error) " + error.text.text]
            outcome.isError = true
        }
        return outcome
    }

    /// Where the numbers of a reply come from; nil where there is none to speak of. Texts and
    /// lists are what somebody has stored, and settings what somebody has said; counts and times
    /// are found out.
    static func origin(of outcome: Outcome, line: String, session: String) -> Origin? {
        guard !outcome.isError, !outcome.lines.isEmpty else { return nil }
        switch session {
        case "app": return .modelled
        case "wb":
            for origin in [Origin.modelled, .measured]
            where outcome.lines.contains(where: { $0.contains("[\(origin.rawValue)]") }) {
                return origin
            }
            let words = line.lowercased().split(separator: " ")
            switch words.first {
            case "fill": return .measured
            case "app" where words.count > 1 && words[1] == "warm": return .measured
            case "clock" where words.count > 1 && words[1] == "now": return .modelled
            default: return nil
            }
        default:
            if case .number = outcome.value { return .measured }
            return nil
        }
    }

    // MARK: What comes by itself

    /// What has come on a session outside the order of its commands: replies of commands that
    /// waited, then messages.
    public func arrivals(_ session: String) -> [Arrival] {
        note(.take(session))
        var arrived: [Arrival] = []
        while let answer = collect(session) {
            let lines = outcome(answer, to: []).lines
            arrived.append(Arrival(line: lines.joined(separator: " "), rows: lines))
        }
        let messages = (held.removeValue(forKey: session) ?? [])
        return arrived
            + (messages + takePushes(session)).map { message in
                Arrival(line: Self.pushLine(message), rows: Self.lines(of: message, to: []))
            }
    }

    /// A message as one line: its words, quoted where a word has blanks.
    static func pushLine(_ message: RESPValue) -> String {
        guard let parts = message.elements else {
            return lines(of: message, to: []).joined(separator: " ")
        }
        return parts.map { part in
            if let number = part.integer, part.bytes == nil { return String(number) }
            if part.isNull { return "(nil)" }
            if let inner = part.elements {
                return "[" + inner.map { $0.bytes?.text ?? "" }.joined(separator: " ") + "]"
            }
            let bytes = part.bytes ?? ""
            let isBare =
                !bytes.isEmpty
                && bytes.bytes.allSatisfy { 0x21...0x7E ~= $0 && $0 != 0x22 && $0 != 0x5C }
            return isBare
                ? bytes.text : String(decoding: Quoting.quoted(bytes.rawSpan), as: UTF8.self)
        }.joined(separator: " ")
    }

    // MARK: Texts

    /// The words of a line; nil when its quotes do not match.
    static func words(of line: String) -> [[UInt8]]? {
        var words = ArgumentList()
        let bytes = Array(line.utf8)
        do throws(InlineSplitter.Failure) {
            try InlineSplitter.split(bytes.rawSpan, into: &words)
        } catch {
            return nil
        }
        return (0..<words.count).map { words[$0] }
    }

    /// A reply as redis-cli prints it on a terminal.
    static func lines(of reply: RESPValue, to words: [[UInt8]]) -> [String] {
        let bytes = ReplyPrinter(.classic).text(reply, to: words)
        return lines(String(decoding: bytes, as: UTF8.self))
    }

    /// The lines of a text that ends with a line end.
    static func lines(_ text: String) -> [String] {
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    static func value(of reply: RESPValue) -> Value {
        if case .integer(let number) = reply { return .number(Double(number), .none, nil) }
        if case .double(let text) = reply, let number = Double(text.text) {
            return .number(number, .none, nil)
        }
        if reply.isNull { return .text("(nil)") }
        if let error = reply.errorText { return .text("(error) " + error.text) }
        if let bytes = reply.bytes { return .text(bytes.text) }
        return .text(lines(of: reply, to: []).joined(separator: "\n"))
    }

    // MARK: Variables, steps, figures

    /// Gives a variable a value.
    public func set(_ name: String, _ value: String) {
        note(.set(name, value))
        variables[name] = value
    }

    /// Begins a step: figures that speak of the step count from here.
    public func beginStep() {
        note(.step)
        for load in running where !load.outlivesStep { world.stop(load: load.number) }
        running.removeAll { !$0.outlivesStep || !world.isRunning(load: $0.number) }
        world.beginStep()
        remote?.beginStep()
    }

    /// Says which lines `go` stands for, or that there is nothing to begin.
    func setExercise(_ lines: [String]?) {
        note(.exercise(lines))
        exercise = lines
        pipelineDepth = 1
    }

    /// Reads a figure.
    public func figure(_ call: FigureCall, _ arguments: [Value]) -> Reading {
        if call.name == "reply" { return Reading(lastReply, .measured) }
        if let own = ownFigure(call.name, arguments) { return own }
        if let remote {
            return remote.figure(call, arguments)
                ?? Reading(.missing(Self.unknown(call.name)), .measured)
        }
        return WorldFigures.read(call, arguments, world)
    }

    /// An evaluator that reads this stage.
    func evaluator(answer: Value? = nil) -> Evaluator {
        Evaluator(
            figure: { [self] call, arguments in
                let reading = figure(call, arguments)
                // A statement that nobody can judge is no failure; it is what is lacking.
                if let remote, reading.value == .missing(Self.unknown(call.name)) {
                    remote.lacks(Self.unknown(call.name))
                }
                return reading
            },
            variable: { [self] name in
                if name == "answer", let answer { return answer }
                return variables[name].map(Value.word)
            })
    }

    private static func unknown(_ figure: String) -> String {
        "a real server cannot tell the figure '\(figure)'"
    }

    /// The course of a figure; nil where it is not kept.
    func course(
        of figure: String, _ arguments: [String], over window: UInt64, in count: Int
    ) -> [Double?] {
        if remote != nil { return [] }
        return world.course(of: figure, arguments, over: window, in: count)
    }

    /// Undoes what was broken.
    func heal() { world.heal() }

    /// A digest of all that can be gone back to; a real server has none.
    func digest() -> String { remote == nil ? world.digest() : "" }

    /// Leaves the place: at a real server, without the lesson's keys.
    ///
    /// - Returns: why some may be left; nil when none is.
    public func close() -> String? { remote?.close() }

    // MARK: Going back

    private func note(_ deed: Deed) {
        if !isRepeating { deeds.append(deed) }
    }

    /// How much has been done.
    var mark: Int { deeds.count }

    /// Begins the world anew, and does again what had been done up to a mark.
    func rewind(to mark: Int) throws {
        let past = Array(deeds.prefix(mark))
        beginnings += 1
        world = try make()
        world.beginRun()
        remote?.restart()
        variables = initial
        (loads, running) = ([:], [])
        (exercise, pipelineDepth, afterwards, held) = (nil, 1, nil, [:])
        lastReply = .missing("there is no reply yet")
        isRepeating = true
        defer { isRepeating = false }
        for deed in past { again(deed) }
        deeds = past
    }

    /// Does something again that was done, here or on another stage of the same scenario.
    func again(_ deed: Deed) {
        switch deed {
        case .line(let line, let session): _ = perform(line, session: session)
        case .pipeline(let lines, let session, let depth):
            _ = pipeline(lines, session: session, depth: depth)
        case .advance(let nanoseconds): advance(nanoseconds)
        case .step: beginStep()
        case .set(let name, let value): set(name, value)
        case .take(let session): _ = arrivals(session)
        case .exercise(let lines): setExercise(lines)
        case .finish: _ = finish()
        }
    }
}
