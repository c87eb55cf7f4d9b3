import ArgumentParser
import Client
import Dashboard
import Repl
import Server
import Terminal
import Wire

/// `larder dashboard`: a server live on the whole screen, or its figures as text.
struct DashboardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard",
        abstract: "Watch a server live: memory, hit rate, commands, clients and what happens.",
        discussion: """
            Without --target the prompt of yours that was started last is watched, through its \
            private socket; without one, the server on port 6379. Keys: F1 lists them, x \
            explains a figure, c shows what the dashboard itself sends, q leaves.

              larder dashboard --target redis://127.0.0.1:6379
              larder dashboard --once --json
              larder dashboard --plain                 what changes, a line for each figure
              larder dashboard --record show.cast      what is shown, as asciicast
            """)

    @Option(
        help: ArgumentHelp(
            "What is watched: redis://[user:password@]host:port/db, unix:PATH or host:port.",
            valueName: "address"))
    var target: String?

    @Flag(help: "Ask for the password at the terminal.")
    var askpass = false

    @Flag(help: "Print the figures once and end.")
    var once = false

    @Flag(help: "Print figures as lines of text, those that change, without a full screen.")
    var plain = false

    @Flag(help: "Print the figures once as JSON.")
    var json = false

    @Flag(help: "Print the figures once as CSV.")
    var csv = false

    @Option(help: ArgumentHelp("Write what is shown, as asciicast 3.", valueName: "file"))
    var record: String?

    @Option(help: ArgumentHelp("safe, classic, contrast or mono.", valueName: "name"))
    var theme: String?

    @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
    var color = "auto"

    @Flag(help: "The same as --color never.")
    var noColor = false

    @Flag(help: "Draw with ASCII only.")
    var ascii = false

    @Flag(name: .customLong("readonly"), help: "Send nothing that changes data or the server.")
    var isReadOnly = false

    @Flag(help: "Print the settings that are kept, and where, and end.")
    var configDump = false

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false

    @Option(
        help: ArgumentHelp(
            """
            Milliseconds between samples: 1000 unless given and 500 or more; of a prompt of yours \
            100 and 100 or more.
            """, valueName: "ms"))
    var interval: Int?

    @Option(
        name: .customLong("do"),
        help: ArgumentHelp(
            "Do this at the start, such as 'screen 4'. May be repeated.", valueName: "line"))
    var lines: [String] = []

    @Option(help: .hidden)
    var measure: Int?

    @Flag(help: .hidden)
    var scramble = false

    func run() throws {
        if configDump {
            let settings = DashboardSettings.load()
            for problem in settings.problems { Descriptor.error.write("larder: \(problem)\n") }
            Descriptor.output.write(settings.dump)
            return
        }
        let (target, isPrompt) = try destination()
        var source = Source(name: target.name)
        source.isReadOnly = isReadOnly
        guard [json, csv].count(where: { $0 }) < 2 else {
            throw complaint("--json and --csv exclude each other")
        }
        let printsOnce = json || csv || once
        let milliseconds = try pace(isPrompt, isText: printsOnce || plain)
        let connect: @Sendable () -> Endpoint = {
            Endpoint(
                target, embedded: { throw Endpoint.Failure.cannotConnect("") },
                version: isPrompt ? .three : .two)
        }
        let made: (any Sampler)? =
            isPrompt
            ? ObservationSampler(interval: milliseconds, .elsewhere(connect))
            : RemoteSampler(interval: milliseconds, connect: connect)
        guard let sampler = made else { throw complaint("the system has no descriptors left") }
        defer { sampler.stop() }
        if printsOnce {
            let form: ReportForm = json ? .json : csv ? .csv : .plain
            let isReached = DashboardReport.once(
                source, sampler: sampler, announcements: sampler.descriptor, form: form)
            return try end(with: isReached ? .success : .noConnection)
        }
        if plain { return try follow(source, sampler) }
        try show(source, sampler, target, connect)
    }

    /// Milliseconds between samples. A server is to be asked five commands a second at most; the
    /// person's own prompt may be looked at more often, but lines of text not.
    private func pace(_ isPrompt: Bool, isText: Bool) throws -> Int64 {
        let shortest =
            isPrompt ? ObservationSampler.shortestInterval : RemoteSampler.shortestInterval
        guard let interval else { return isPrompt && !isText ? Int64(shortest) : 1000 }
        guard shortest...3_600_000 ~= interval else {
            throw complaint(
                "--interval is a number of milliseconds from \(shortest) on"
                    + (isPrompt ? "" : ", so that the server is asked five times a second at most"))
        }
        return Int64(interval)
    }

    private func follow(_ source: Source, _ sampler: any Sampler) throws {
        let isReached = DashboardReport.follow(
            source, sampler: sampler, announcements: sampler.descriptor,
            guardian: TerminalGuard())
        try end(with: isReached ? .success : .noConnection)
    }

    private func show(
        _ source: Source, _ sampler: any Sampler, _ target: Target,
        _ connect: @escaping @Sendable () -> Endpoint
    ) throws {
        let options = try options()
        guard TerminalEnvironment.canEdit() else {
            Descriptor.error.write(
                "larder: no full screen here (no terminal, or TERM cannot place its cursor): "
                    + "what changes follows as text\n")
            return try follow(source, sampler)
        }
        let errands = KeyErrands(pace: KeyErrands.remotePace, connect: connect)
        defer { errands?.stop() }
        var prompt = ReplOptions()
        prompt.target = target
        prompt.color = options.color
        prompt.isReadOnly = isReadOnly
        prompt.programVersion = Larder.version
        prompt.dashboard = PromptDashboard.link { [source] request in
            var source = source
            source.isReadOnly = request.isReadOnly
            return PromptDashboard.run(source, sampler, errands, request, options)
        }
        guard case .impossible(let reason) = Repl.runInDashboard(prompt) else { return }
        Descriptor.error.write("larder: \(reason): what changes follows as text\n")
        try follow(source, sampler)
    }

    private func options() throws -> DashboardOptions {
        var options = DashboardOptions()
        guard let choice = TerminalEnvironment.ColorChoice(rawValue: color) else {
            throw complaint("--color is auto, always or never, not '\(color)'")
        }
        options.color = noColor ? .never : choice
        if let theme {
            guard let found = Theme.named(theme) else {
                let names = Theme.all.map(\.name).joined(separator: ", ")
                throw complaint("--theme is one of \(names), not '\(theme)'")
            }
            options.theme = found
        }
        options.settings = DashboardSettings.load()
        options.lessons = LessonBoard.alone
        options.isASCII = ascii
        options.usesMouse = !noMouse
        options.lines = lines
        options.measuring = measure.map { Measuring(seconds: max($0, 1), scrambles: scramble) }
        if let record {
            guard let file = Descriptor(openingToWrite: record, appending: false) else {
                throw complaint("--record: '\(record)' cannot be written")
            }
            options.recording = file
        }
        return options
    }

    /// What is watched, and whether it is a prompt of the person's own.
    private func destination() throws -> (Target, isPrompt: Bool) {
        var isPrompt = false
        var found = Target.remote(RemoteTarget(.tcp(host: "127.0.0.1", port: 6379)))
        if let target {
            do throws(TargetError) {
                found = try Target(parsing: target)
            } catch {
                throw complaint("--target: \(error.description)")
            }
            guard case .remote = found else {
                throw complaint(
                    "--target: the embedded engine is watched with :dashboard at the prompt")
            }
        } else if let socket = PrivateSocket.newest {
            found = .remote(RemoteTarget(.unix(path: socket)))
            isPrompt = true
        }
        return (try PasswordSource.signIn(found, asks: askpass), isPrompt)
    }
}

/// Why there is no full screen, in words.
enum FullScreenWords {
    static func reason(_ failure: FullScreen.Failure) -> String {
        switch failure {
        case .unknownTerminal: "the terminal that TERM names is not known here"
        case .noAddressing: "this terminal cannot place its cursor"
        case .unavailable: "the full screen is not to be had"
        }
    }
}

/// The dashboard that the prompt shows with `:dashboard`.
enum PromptDashboard {
    /// The dashboard as the prompt knows it.
    static func link(
        _ show: @escaping @Sendable (DashboardRequest) -> Pane.End = show
    ) -> DashboardLink {
        DashboardLink(
            lines: Action.all.map { action in
                DashboardLink.Line(
                    name: String(action.name),
                    arguments: action.twin.split(separator: " ").dropFirst().map { String($0) },
                    help: action.help)
            },
            claims: Dashboard.claims, show: show)
    }

    static func show(_ request: DashboardRequest) -> Pane.End {
        var source = Source(name: request.target.name, isEmbedded: request.node != nil)
        source.isReadOnly = request.isReadOnly
        let made: (any Sampler)? =
            if let node = request.node {
                ObservationSampler(.node(node))
            } else {
                RemoteSampler(interval: 1000, connect: request.connect)
            }
        guard let sampler = made else {
            return .impossible("the system has no descriptors left")
        }
        defer { sampler.stop() }
        let errands = KeyErrands(
            pace: source.isEmbedded ? KeyErrands.embeddedPace : KeyErrands.remotePace,
            connect: request.connect)
        defer { errands?.stop() }
        var options = DashboardOptions()
        options.settings = DashboardSettings.load()
        options.lessons = LessonBoard.alone
        if !request.line.isEmpty { options.lines = [request.line] }
        return run(source, sampler, errands, request, options)
    }

    /// Shows a dashboard with the prompt in it, until it ends.
    static func run(
        _ source: Source, _ sampler: any Sampler, _ errands: KeyErrands?,
        _ request: DashboardRequest, _ options: DashboardOptions
    ) -> Pane.End {
        do {
            let session = try DashboardSession(
                source, sampler: sampler, announcements: sampler.descriptor,
                errands: errands, guardian: request.guardian, options: options,
                pane: request.pane)
            let end = session.run()
            if let findings = session.findings { Descriptor.output.write(findings) }
            return end == .hungUp ? .hungUp : .left
        } catch {
            return .impossible(FullScreenWords.reason(error))
        }
    }
}
