import Foundation
import Grammar
import Testing

/// Requests and the replies that they must get, as text:
///
///     # A comment has a blank behind its sign, or nothing.
///     > SET a 1
///     +OK
///     > GET a
///     $1
///     1
///     @advance 1500
///     @tick
///     @session 2
///
/// Long ones stand in files below `Transcripts`, cut into scenes by lines `@scene TITLE`; each
/// scene begins with an empty node.
///
/// What follows a request up to the next `> ` or `@` is the reply on the wire, a line for each
/// CR LF in it, with `\xHH` for bytes that are not printable and `\\` for a backslash. Blank
/// lines at the end of a reply count for nothing. `@session` goes on as another session, which is
/// opened when it is new; `@protocol 3` changes the version that the session speaks; `@advance`
/// moves the clock by milliseconds; `@tick` does regular work; `@close` ends the session.
///
/// What follows `@receive` is what the session was sent outside the order of its requests: messages
/// and late replies. All that is sent must be received before the transcript ends.
///
/// All replies were asked from redis-server 7.0.15 unless a transcript says otherwise.
struct Transcript {
    private struct Exchange {
        var line: Int
        /// Nil when only what was sent is looked at.
        var request: String?
        var reply: [String] = []
    }

    private enum Step {
        case exchange(Exchange)
        case advance(Int64)
        case tick
        case session(Int)
        case version(Int)
        case close
    }

    private var steps: [Step] = []

    /// Reads a transcript whose first line has the number `first`, for messages.
    init(_ text: String, first: Int = 1) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            read(String(line), number: first + index)
        }
    }

    private mutating func read(_ line: String, number: Int) {
        if line == "#" || line.hasPrefix("# ") { return }
        if line.hasPrefix("> ") {
            steps.append(.exchange(Exchange(line: number, request: String(line.dropFirst(2)))))
        } else if line.hasPrefix("@") {
            let words = line.dropFirst().split(separator: " ")
            switch words.first {
            case "advance": steps.append(.advance(Int64(words[1]) ?? 0))
            case "session": steps.append(.session(Int(words[1]) ?? 0))
            case "protocol": steps.append(.version(Int(words[1]) ?? 0))
            case "tick": steps.append(.tick)
            case "close": steps.append(.close)
            case "receive": steps.append(.exchange(Exchange(line: number, request: nil)))
            default: Issue.record("line \(number): no such directive: \(line)")
            }
        } else if case .exchange(var last)? = steps.last {
            last.reply.append(line)
            steps[steps.count - 1] = .exchange(last)
        } else if !line.isEmpty {
            Issue.record("line \(number): a reply without a request: \(line)")
        }
    }

    /// Plays it at a node and records an issue for each reply that differs.
    func play(at node: TestNode, location: SourceLocation = #_sourceLocation) {
        var session = 0
        var sessions = [0: 0]
        for step in steps {
            switch step {
            case .advance(let milliseconds): node.advance(milliseconds: milliseconds)
            case .tick: node.tick()
            case .close: node.close(session)
            case .version(let version): node.send("HELLO \(version)", from: session)
            case .session(let number):
                session = sessions[number] ?? node.open()
                sessions[number] = session
            case .exchange(let exchange):
                let reply =
                    exchange.request.map { node.lines($0, from: session) }
                    ?? Transcript.lines(of: node.received(by: session))
                let got = Transcript.trimmed(reply)
                let wanted = Transcript.trimmed(exchange.reply)
                #expect(
                    got == wanted, "line \(exchange.line): \(exchange.request ?? "@receive")",
                    sourceLocation: location)
            }
        }
        #expect(node.unread == [], "not received", sourceLocation: location)
    }

    private static func trimmed(_ lines: [String]) -> [String] {
        var lines = lines
        while lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The lines of a reply whose bytes stand as scalars of the same numbers.
    static func lines(of reply: String) -> [String] {
        var lines: [String] = []
        var line = ""
        var previous: UInt32 = 0
        for scalar in reply.unicodeScalars {
            if scalar == "\n", previous == 0x0D {
                line.removeLast(4)
                lines.append(line)
                line = ""
            } else if scalar == "\\" {
                line += "\\\\"
            } else if scalar.value < 0x20 || scalar.value > 0x7E {
                let digits = String(scalar.value, radix: 16)
                line += "\\x" + (digits.count < 2 ? "0" : "") + digits
            } else {
                line.unicodeScalars.append(scalar)
            }
            previous = scalar.value
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}

/// One scene of a file of transcripts.
struct TranscriptScene: Sendable, CustomTestStringConvertible {
    var title: String
    var text: String
    /// The number of the first line in its file.
    var line: Int

    var testDescription: String { title }

    /// The scenes of a file below `Tests/EngineTests/Transcripts`.
    static func all(in path: String) -> [TranscriptScene] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Transcripts")
        let url = folder.appendingPathComponent(path)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            preconditionFailure("no transcript at \(url.path)")
        }
        var scenes: [TranscriptScene] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("@scene ") {
                let title = String(line.dropFirst(7))
                scenes.append(TranscriptScene(title: title, text: "", line: index + 2))
            } else if !scenes.isEmpty {
                scenes[scenes.count - 1].text += line + "\n"
            }
        }
        return scenes
    }

    /// Plays it at a new node.
    func play(_ flavour: Flavour = .redis70, location: SourceLocation = #_sourceLocation) {
        Transcript(text, first: line).play(at: TestNode(flavour: flavour), location: location)
    }
}
