// What happens at each beat.

extension Player {
    /// Begins a beat. It ends by ``finishBeat()``, now or when its activity is over.
    func play(_ beat: Beat) {
        if blocks.begins[position], isVisible(beat) { show(.blank) }
        switch beat.kind {
        case .heading(let heading):
            switch heading.level {
            case 1: shown(.title(heading.text, remark: titleRemark))
            case 2: beginStep(blocks.step[position])
            default: shown(.heading(heading.text))
            }
        case .say(let prose):
            shown(
                .prose(
                    prose.kind, prose.lines.map(host.stage.filled),
                    facts: Quotation.list(prose.facts, in: lesson.facts)))
        case .listing(let fence): shown(.listing(fence.body))
        case .remark(let text): shown(.remark(text))
        case .cue(let cue): follow(cue)
        case .when(let condition, let end):
            if host.holds(condition) { finishBeat() } else { jump(to: end) }
        case .only(let names, let end):
            if host.stage.isNamed(in: names) { finishBeat() } else { jump(to: end) }
        case .goto(let target): follow(goto: target)
        case .command(let command, _): say(command, beat)
        case .pipeline(let commands, let depth): say(commands, depth: depth)
        case .push(let session, let expected): hear(session, expected, beat)
        case .check: check()
        case .ask(let quiz, let id): ask(quiz, id)
        case .reveal(let quiz, let id): tell(quiz, id)
        case .load(let load, let id): start(load, id)
        case .fault(let fault): inject(fault)
        case .chart(let chart): draw(chart)
        case .exercise(let exercise, let id): beginExercise(exercise, id)
        case .assign(let name, let value):
            host.stage.set(name, host.stage.filled(value))
            finishBeat()
        }
    }

    private func isVisible(_ beat: Beat) -> Bool {
        switch beat.kind {
        case .cue, .assign, .when, .only, .goto, .reveal: false
        case .command: beat.attribute("hidden") == nil
        case .heading(let heading): heading.level != 2
        default: true
        }
    }

    private func shown(_ scene: Scene) {
        show(scene)
        finishBeat()
    }

    /// The checks of a block are shown together.
    private func check() {
        var results: [CheckResult] = []
        var last = position
        for index in position..<beats.count {
            let isFirst = index == position || !blocks.begins[index]
            guard case .check(let line) = beats[index].kind, isFirst else { break }
            results.append(host.judge(line, beats[index]))
            last = index
        }
        position = last
        shown(.check(results))
    }

    private var titleRemark: String {
        var words = "\(lesson.front.minutes) minutes, \(steps.count) steps"
        if options.mode != .demo { words += ". Enter goes on, ? lists the keys." }
        return words
    }

    private func beginStep(_ number: Int) {
        marks[number] = host.mark
        host.stage.beginStep()
        samples.beginStep(at: host.now)
        if !isSilent {
            begunSteps.append(steps[number - 1].title)
            record.resume = steps[number - 1].id
            record.resumedAt = wallSeconds
            recordChanges += 1
        }
        shownLines = 0
        let step = steps[number - 1]
        show(.step(number, of: steps.count, title: step.title, id: step.id))
        finishBeat()
    }

    // MARK: Cues

    private func follow(_ cue: Cue) {
        switch cue.name {
        case .pause:
            let limit = Quantity(cue.text).map { Int($0.base * 1000) }
            finishBeat()
            if !isSilent, !isWaiting { wait(.pause, atMost: limit) }
            return
        case .pace:
            if let pace = Quantity(cue.text) { self.pace = Int(pace.base * 1000) }
        case .speed:
            if let factor = Quantity(cue.text), factor.base > 0 { speed = factor.base }
        case .note:
            if options.showsNotes { show(.note(cue.text)) }
        case .focus: focus = cue.text
        case .hide: isHidden = true
        case .show: isHidden = false
        case .clear: show(.blank)
        case .when, .endwhen, .goto, .dashboard, .id, .block: break
        }
        finishBeat()
    }

    private var isWaiting: Bool {
        if case .waiting = activity { true } else { false }
    }

    /// Goes on with another beat; back at most ten times, so that every lesson ends.
    private func follow(goto target: Int) {
        if target <= position {
            jumps += 1
            guard jumps <= 10 else { return finishBeat() }
        }
        jump(to: target)
    }

    private func jump(to target: Int) {
        position = target
        activity = .running
    }

    // MARK: Lines

    private func say(_ command: TranscriptCommand, _ beat: Beat) {
        let text = host.stage.filled(command.text)
        let pace = beat.attribute("pace").flatMap { Quantity($0) }.map { Int($0.base * 1000) }
        let type = beat.attribute("type")
        let isLearners = type == "learner" || type != "instant" && options.mode == .learn
        if beat.attribute("hidden") != nil {
            let before = isHidden
            isHidden = true
            perform(command, text)
            isHidden = before
        } else if isSilent || type == "instant" {
            perform(command, text)
        } else if isLearners, options.mode != .demo {
            line.clear()
            keysAreLessons = false
            if blocks.begins[position] {
                show(.aside("Your turn: type what the text says. h and Enter shows the line."))
                // A dashboard has words of its own for it.
                remark = ""
            }
            activity = .learner(LearnerTask(session: command.session, text: text))
        } else {
            self.type(text, command.session, pace: pace)
        }
    }

    /// Types a line, or says it at once where nothing takes time.
    func type(_ text: String, _ session: String, pace: Int?) {
        var typing = Typing(session: session, text: text, pace: pace ?? self.pace)
        typing.waitsForKey = options.typesOnKey
        activity = .typing(typing)
        if options.isInstant, !options.typesOnKey { finishTyping() }
    }

    /// The whole line stands there: it is said.
    func finishTyping() {
        guard case .typing(let typing) = activity else { return }
        if exercise != nil { return sayInExercise(typing.text, session: typing.session) }
        guard case .command(let command, _) = beats[position].kind else { return finishBeat() }
        perform(command, typing.text)
    }

    /// Says a line of the lesson, shows what comes back, and ends the beat.
    func perform(_ command: TranscriptCommand, _ text: String) {
        show(.command(session: command.session, text))
        var outcome = host.perform(text, session: command.session)
        if outcome.remaining > 0 { return pass(outcome, text, for: .line(command)) }
        if case .command(_, let retry?) = beats[position].kind {
            let end = host.now + retry
            while !host.compare(outcome.lines, command.expected).isMatch, host.now < end {
                host.stage.advance(min(100_000_000, end - host.now))
                outcome = host.perform(text, session: command.session)
            }
        }
        outcome.lines += host.stage.finish()
        end(command, outcome)
    }

    /// Shows what a line of the lesson brought.
    func end(_ command: TranscriptCommand, _ outcome: Outcome) {
        let origin = host.origin(
            of: outcome, line: command.text, session: command.session)
        show(.reply(outcome.lines, isError: outcome.isError, origin))
        note(host.compare(outcome.lines, command.expected), command.expected)
        finishBeat()
    }

    private func note(_ match: TranscriptMatch, _ expected: [Expectation]) {
        guard !match.isMatch, !expected.isEmpty else { return }
        show(.aside("The lesson expects here: " + expected.map(\.text).joined(separator: " / ")))
    }

    private func say(_ commands: [TranscriptCommand], depth: Int) {
        guard let session = commands.first?.session else { return finishBeat() }
        let texts = commands.map { host.stage.filled($0.text) }
        let outcomes = host.stage.pipeline(texts, session: session, depth: depth)
        let most = 6
        for (text, outcome) in zip(texts, outcomes).prefix(most) {
            show(.command(session: session, text))
            let origin = host.origin(of: outcome, line: text, session: session)
            show(.reply(outcome.lines, isError: outcome.isError, origin))
        }
        let rest = outcomes.count - most
        if rest > 0 { show(.aside("... and \(rest) more, \(depth) at a time")) }
        finishBeat()
    }

    private func hear(_ session: String, _ expected: [Expectation], _ beat: Beat) {
        let lines = host.arrivals(session, expecting: expected, beat: beat)
        show(.push(session: session, lines))
        note(host.compare(lines, expected), expected)
        finishBeat()
    }

    private func inject(_ fault: FaultBlock) {
        wait(fault.start)
        var line = fault.line.value
        if let duration = fault.duration { line += " for=\(duration.value)" }
        line = host.stage.filled(line)
        let outcome = host.perform(line, session: "wb")
        show(outcome.isError ? .reply(outcome.lines, isError: true, nil) : .fault(line))
        finishBeat()
    }

    /// Lets the time pass up to when a block begins.
    private func wait(_ start: Placed<String>?) {
        guard let start, let time = Quantity(start.value.dropFirst())?.nanoseconds else { return }
        pass(time)
    }

    // MARK: Loads and charts

    /// Starts the load of a beat.
    private func start(_ load: LoadBlock, _ id: String) {
        wait(load.start)
        samples.mark(id, at: host.now)
        let outcome = host.perform(Performance.line(of: load, id), session: "wb")
        if outcome.isError {
            show(.reply(outcome.lines, isError: true, nil))
            return finishBeat()
        }
        if load.isBackground {
            show(.aside("In the background: \(words(load))"))
            return finishBeat()
        }
        pass(outcome, words(load), for: .load, figures: figures(load))
    }

    /// Lets the time pass that a line takes.
    func pass(
        _ outcome: Outcome, _ words: String, for purpose: Loading.Purpose,
        figures: [String]? = nil
    ) {
        let scene = LoadScene(
            words: words, passed: 0, duration: outcome.remaining, gauges: [])
        // A minute takes five seconds; what is shorter than that takes as long as it takes.
        let rate = max(1, min(Double(outcome.remaining) / 5e9, 4000))
        let usual = figures ?? (lesson.front.fixtures.isEmpty ? [] : Self.shopFigures)
        // What the lesson is about comes first, and four fit in a row.
        let own = lesson.front.dashboard.map(\.value).filter { Self.labels[$0] != nil }
        let all = usual.isEmpty ? [] : Array((own + usual.filter { !own.contains($0) }).prefix(4))
        activity = .loading(
            Loading(purpose: purpose, scene: scene, rate: rate, figures: all))
        if isSilent || options.isInstant { completeLoad() }
    }

    private func words(_ load: LoadBlock) -> String {
        func value(_ name: String) -> String? {
            load.settings.first { $0.name.value == name }.map { host.stage.filled($0.value.value) }
        }
        var words: [String] = []
        if let rate = value("rate") {
            words.append(rate + (value("to").map { " to \($0)" } ?? ""))
        }
        if let distribution = value("keys.dist") { words.append(distribution) }
        if let command = value("command") { words.append(command) }
        return words.joined(separator: ", ")
    }

    private func figures(_ load: LoadBlock) -> [String] {
        load.client.value == "app"
            ? Self.shopFigures
            : ["cache.ops", "app.latency.p50", "cache.hit_ratio", "cache.memory"]
    }

    private static let shopFigures = [
        "app.latency.mean", "app.latency.p99", "cache.hit_ratio", "db.qps",
    ]

    /// Lets a load run on for so many nanoseconds.
    func runLoad(_ loading: Loading, _ nanoseconds: UInt64) {
        var loading = loading
        let left = loading.scene.duration - loading.scene.passed
        let piece = min(nanoseconds, left)
        pass(piece)
        loading.scene.passed += piece
        loading.scene.gauges = gauges(loading)
        activity = .loading(loading)
        if loading.scene.passed >= loading.scene.duration { finishLoad(loading) }
    }

    /// Lets a load run to its end at once.
    func completeLoad() {
        guard case .loading(let loading) = activity else { return }
        runLoad(loading, loading.scene.duration - loading.scene.passed)
    }

    private func finishLoad(_ loading: Loading) {
        let lines = host.stage.finish()
        let outcome = Outcome(lines: lines)
        switch loading.purpose {
        case .load:
            show(.load(loading.scene))
            finishBeat()
        case .line(let line): end(line, outcome)
        case .exercise(let isGo):
            if isGo { show(.load(loading.scene)) } else { show(.reply(lines, isError: false, nil)) }
            isGo ? judgeExercise() : goOnWithExercise()
        case .free:
            show(.reply(lines, isError: false, nil))
            activity = .takenOver
        }
    }

    private func gauges(_ loading: Loading) -> [Gauge] {
        let window = FigureCall.Window.last(max(loading.scene.passed, 1_000_000_000))
        return loading.figures.compactMap { name in
            let reading = host.value(.figure(name, window: window))
            if case .missing = reading.value { return nil }
            let label = Self.labels[name] ?? name
            return Gauge(label: label, text: reading.value.text, origin: reading.origin)
        }
    }

    private static let labels = [
        "app.latency.mean": "mean", "app.latency.p50": "p50", "app.latency.p99": "p99",
        "app.stale_reads": "stale", "cache.hit_ratio": "hit", "cache.ops": "ops",
        "cache.keys": "keys", "cache.memory": "memory", "cache.evicted": "evicted",
        "cache.expired": "expired", "db.qps": "db", "db.qps_max": "db most",
    ]

    /// Shows the figures that the lesson watches, as they are since the step began.
    public func showFigures() {
        let watched = watchedFigures
        let names =
            watched.isEmpty
            ? FigureTable.list.filter { figure in
                figure.arguments.isEmpty && figure.missing == nil
                    && figure.name.hasPrefix("cache.")
            }.map(\.name) : watched
        show(.blank)
        show(.aside("Since this step began:"))
        show(.figures(names.map(gauge)))
        show(.blank)
    }

    /// A figure as it is since the step began.
    func gauge(of name: String) -> Gauge {
        let reading = host.value(.figure(name, window: .step))
        var text = reading.value.text
        var isKnown = true
        if case .missing = reading.value { (text, isKnown) = ("nothing yet", false) }
        return Gauge(label: name, text: text, origin: reading.origin, isKnown: isKnown)
    }

    private func draw(_ chart: ChartBlock) {
        show(.chart(samples.chart(chart, now: host.now)))
        finishBeat()
    }
}

extension Expression {
    /// A figure by its name.
    static func figure(_ name: String, window: FigureCall.Window) -> Expression {
        Expression(
            kind: .figure(FigureCall(name: name, arguments: [], window: window)),
            place: Place(line: 1, column: 1), length: name.count, text: name)
    }
}

/// Values that charts show, taken at each full second of virtual time.
struct Samples {
    private var series: [Expression] = []
    private var values: [(time: UInt64, readings: [Reading])] = []
    private var begun: [(name: String, time: UInt64)] = []
    private var stepStart: UInt64 = 0

    init() {}

    /// For the charts among some beats.
    init(_ beats: [Beat]) {
        for beat in beats {
            guard case .chart(let chart) = beat.kind else { continue }
            for expression in chart.series
            where !series.contains(where: { $0.text == expression.text }) {
                series.append(expression)
            }
        }
    }

    mutating func beginStep(at time: UInt64) { stepStart = time }

    /// Notes where a block begins.
    mutating func mark(_ name: String, at time: UInt64) { begun.append((name, time)) }

    /// Takes all values.
    mutating func take(_ host: LessonHost) {
        guard !series.isEmpty else { return }
        values.append((host.now, series.map(host.value)))
    }

    /// Forgets what came after a time, when the world has gone back to it.
    mutating func rewind(to time: UInt64) {
        values.removeAll { $0.time > time }
        begun.removeAll { $0.time > time }
    }

    /// The curves of a chart.
    func chart(_ chart: ChartBlock, now: UInt64) -> ChartScene {
        let span = chart.window ?? max(now - min(stepStart, now), 1)
        let start = now - min(span, now)
        let shown = values.filter { $0.time > start }
        let curves = chart.series.map { expression in
            let index = series.firstIndex { $0.text == expression.text } ?? 0
            var unit: Quantity.Unit?
            var origin = Origin.measured
            let numbers: [Double?] = shown.map { sample in
                let reading = sample.readings[index]
                guard case .number(let base, let dimension, let own) = reading.value else {
                    return nil
                }
                unit = own ?? QuantityText.unit(of: dimension)
                origin = reading.origin
                return base
            }
            return ChartSeries(
                name: expression.text, values: numbers, unit: unit, origin: origin.rawValue)
        }
        let names = chart.marks.map(\.value)
        let marks = begun.filter { names.contains($0.name) && $0.time >= start }.map { mark in
            ChartScene.Mark(
                place: Double(mark.time - start) / Double(max(span, 1)), name: mark.name)
        }
        return ChartScene(title: chart.title, series: curves, span: span, marks: marks)
    }
}
