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
/// What follows a request up to the next `> ` or `@` is the reply on the wire, a line for each
/// CR LF in it, with `\xHH` for bytes that are not printable and `\\` for a backslash. Blank
/// lines at the end of a reply count for nothing. `@session` goes on as another session, which is
/// opened when it is new; `@advance` moves the clock by milliseconds; `@tick` does regular work.
///
/// All replies were asked from redis-server 7.0.15 unless a transcript says otherwise.
struct Transcript {
    private struct Exchange {
        var line: Int
        var request: String
        var reply: [String] = []
    }

    private enum Step {
        case exchange(Exchange)
        case advance(Int64)
        case tick
        case session(Int)
    }

    private var steps: [Step] = []

    init(_ text: String) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            read(String(line), number: index + 1)
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
            case "tick": steps.append(.tick)
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
            case .session(let number):
                session = sessions[number] ?? node.open()
                sessions[number] = session
            case .exchange(let exchange):
                let got = Transcript.trimmed(node.lines(exchange.request, from: session))
                let wanted = Transcript.trimmed(exchange.reply)
                #expect(
                    got == wanted, "line \(exchange.line): \(exchange.request)",
                    sourceLocation: location)
            }
        }
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
