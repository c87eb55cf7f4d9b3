import Client
import Grammar
public import Terminal
public import Wire

// `:scenarios`, `:play` and `:record`. The program brings lessons along, since the prompt and those
// who play lessons do not know each other.

/// A lesson that the prompt asks for.
public struct LessonRequest {
    /// Its name or number.
    public let name: String
    /// The language that is wanted; nil for the one of the environment, where the lesson has it.
    public let language: String?
    /// The terminal.
    public let guardian: TerminalGuard
    /// When there are colours.
    public let color: TerminalEnvironment.ColorChoice
}

/// Takes down what happens at the prompt, so that it becomes a scenario.
public struct SessionRecorder {
    /// Takes a command and its reply; without words where they hold a secret.
    public let take: ([[UInt8]]?, RESPValue) -> Void
    /// Takes a command that was sent without the person's typing it; its reply is not told.
    public let send: ([[UInt8]]) -> Void
    /// Takes a message that came by itself.
    public let push: (RESPValue) -> Void
    /// Writes the scenario; what there is to say of it, or why it could not be written.
    public let stop: () -> String

    /// A recorder.
    public init(
        take: @escaping ([[UInt8]]?, RESPValue) -> Void,
        send: @escaping ([[UInt8]]) -> Void = { _ in },
        push: @escaping (RESPValue) -> Void = { _ in }, stop: @escaping () -> String
    ) {
        self.take = take
        self.send = send
        self.push = push
        self.stop = stop
    }
}

/// How a recording begins.
public enum RecordingStart {
    /// With what takes it down.
    case recording(SessionRecorder)
    /// Not at all, for this reason.
    case impossible(String)
}

/// The prompt's commands for lessons.
enum LessonCommands {
    static var commands: [Command<Console>] { [scenarios, play, record] }

    static let scenarios = Command<Console>(
        ":SCENARIOS", .connection, [], since: "1.0.0",
        summary: "Lists the lessons, and how far you are in each.", complexity: "",
        arguments: [], examples: [":scenarios"]
    ) { (console, _, _) throws(CommandError) in
        guard let list = console.options.listLessons else {
            throw CommandError("there are no lessons here")
        }
        console.output.write(list())
    }

    static let play = Command<Console>(
        ":PLAY", .connection, [], since: "1.0.0",
        summary: "Plays a lesson in a world of its own; q comes back.", complexity: "",
        arguments: [.string("lesson"), .string("language").optional],
        examples: [":play cache-aside", ":play 5", ":play cache-aside de"]
    ) { (console, call, _) throws(CommandError) in
        guard console.isInteractive, let guardian = console.guardian,
            let play = console.options.playLesson
        else { throw CommandError("a lesson needs a terminal; larder play does without one") }
        let words = Console.words(call, from: 1).map { String(decoding: $0, as: UTF8.self) }
        let request = LessonRequest(
            name: words[0], language: words.dropFirst().first, guardian: guardian,
            color: console.options.color)
        if let complaint = play(request) { throw CommandError(complaint) }
    }

    static let record = Command<Console>(
        ":RECORD", .connection, [], since: "1.0.0",
        summary: """
            Takes down commands, replies and messages from now on, and writes them as a scenario \
            that checks itself; :record stop ends it. Lines with secrets are left out.
            """,
        complexity: "", arguments: [.string("file")],
        examples: [":record first.md", ":record stop"]
    ) { (console, call, _) throws(CommandError) in
        let name = String(decoding: Console.words(call, from: 1).first ?? [], as: UTF8.self)
        if name.lowercased() == "stop" {
            guard let recorder = console.recorder else {
                throw CommandError("nothing is being recorded; :record FILE begins")
            }
            console.recorder = nil
            return console.remark(recorder.stop())
        }
        guard console.recorder == nil else {
            throw CommandError("a recording runs already; :record stop ends it")
        }
        if let complaint = console.beginRecording(name) { throw CommandError(complaint) }
        console.remark("What you type is taken down for \(name); :record stop writes it.")
    }
}

extension Console {
    /// Begins to take down commands and replies for a file; why that cannot be, otherwise.
    func beginRecording(_ name: String) -> String? {
        switch options.startRecording?(name) {
        case .recording(let recorder):
            self.recorder = recorder
            // A session of the scenario begins as a new connection does; this one may have come
            // further.
            if endpoint.state.version == .three {
                recorder.send([Array("HELLO".utf8), Array("3".utf8)])
            }
            for words in endpoint.state.subscriptions.restoration { recorder.send(words) }
        case .impossible(let reason): return reason
        case nil: return "recordings cannot be made here"
        }
        return nil
    }

    /// Writes the recording that still runs when the session ends: what was typed is not lost.
    func endRecording() {
        guard let recorder else { return }
        self.recorder = nil
        remark(recorder.stop())
    }

    /// Runs a command and hands it to the recording, if there is one, and what came meanwhile
    /// behind it: in a scenario a message stands below the command that brought it.
    func recorded(
        _ words: [[UInt8]], _ call: () -> Endpoint.Outcome
    ) -> Endpoint.Outcome {
        guard recorder != nil else { return call() }
        messagesOfCall = []
        let outcome = call()
        let messages = messagesOfCall ?? []
        messagesOfCall = nil
        takeDown(words, outcome)
        for message in messages { takeDown(message: message) }
        return outcome
    }

    /// Hands a message to the recording, if there is one.
    func takeDown(message: RESPValue) {
        guard let recorder else { return }
        if messagesOfCall == nil { recorder.push(message) } else { messagesOfCall?.append(message) }
    }

    /// Subscriptions that ended because the person has seen enough of their messages.
    func takeDown(endOf subscriptions: Subscriptions) {
        guard let recorder, endpoint.state.subscriptions.isEmpty else { return }
        for words in subscriptions.restoration {
            // SUBSCRIBE, PSUBSCRIBE and SSUBSCRIBE end by UNSUBSCRIBE and its like.
            let start = Array("SUBSCRIBE".utf8)
            recorder.send([words[0].dropLast(start.count) + Array("UN".utf8) + start])
        }
    }

    private func takeDown(_ words: [[UInt8]], _ outcome: Endpoint.Outcome) {
        guard let recorder, case .reply(let reply) = outcome else { return }
        let texts = words.map { String(decoding: $0, as: UTF8.self) }
        recorder.take(Secrets.isSecret(texts: texts) ? nil : words, reply)
    }
}
