import Bytes
import Client
import Grammar
import Terminal
import Wire

// `:history import` takes over what was typed in other clients. It is done when somebody asks for
// it: whose file it is, and whether its lines belong here, the person knows best. Lines with
// secrets stay where they are.

enum HistoryCommand {
    static var commands: [Command<Console>] { [history] }

    static let history = Command<Console>(
        ":HISTORY", .connection, [], since: "1.0.0",
        summary: """
            Takes over the lines typed in redis-cli and valkey-cli, or those of a file, but for \
            those with secrets. Lines that are here already are not taken again.
            """, complexity: "", arguments: [.token("IMPORT"), .string("file").optional],
        examples: [":history import"], run: run)

    private static func run(
        _ console: inout Console, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard call[1].matches("IMPORT"), call.count <= 3 else {
            throw CommandError(":history import, or :history import FILE")
        }
        guard let history = console.history else {
            throw CommandError("a script has no history")
        }
        let paths = call.count > 2 ? [call[2].text] : others
        var known = Set(history.entries)
        var (taken, secret, files) = (0, 0, 0)
        for path in paths {
            guard let lines = lines(of: path) else { continue }
            files += 1
            for line in lines where known.insert(line).inserted {
                if Secrets.isSecret(line) {
                    secret += 1
                } else {
                    history.add(line)
                    taken += 1
                }
            }
        }
        guard files > 0 else {
            throw CommandError("no file can be read: \(paths.joined(separator: ", "))")
        }
        let left = secret == 0 ? "" : "; \(secret) with secrets were left out"
        reply.buffer.append(utf8: "\(taken) \(taken == 1 ? "line" : "lines") taken\(left)\n")
    }

    /// What a new user is told when there is something to take over.
    static var offer: String? {
        let found = others.filter { lines(of: $0)?.isEmpty == false }
        guard !found.isEmpty else { return nil }
        return ":history import takes over what you typed in \(found.joined(separator: ", "))"
    }

    /// Where redis-cli and valkey-cli keep their lines.
    private static var others: [String] {
        let home = TerminalEnvironment.variable("HOME") ?? ""
        return [
            ("REDISCLI_HISTFILE", ".rediscli_history"),
            ("VALKEYCLI_HISTFILE", ".valkeycli_history"),
        ].map { TerminalEnvironment.variable($0.0) ?? "\(home)/\($0.1)" }
    }

    private static func lines(of path: String) -> [String]? {
        guard path != "/dev/null", let file = Descriptor(openingToRead: path) else { return nil }
        defer { file.close() }
        let reader = PlainLineReader(file)
        var lines: [String] = []
        while case .line(let line) = reader.next() {
            if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        return lines
    }
}
