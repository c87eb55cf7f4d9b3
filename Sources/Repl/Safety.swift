import Bytes
import Client
import Glibc
import Server
import Terminal
import Wire

// Which commands destroy more than was named in them, and when to ask before they are sent. A
// command that names its keys never asks: people who are asked all day stop reading. The embedded
// engine never asks either, it is there to be tried. Of several lines at once all are judged
// before the first is run.
//
// A script cannot be asked. There a destructive command for a server elsewhere is refused unless
// --yes stands in the command line.

enum Safety {
    /// What a command destroys, in words that follow its name; nil when it is none of these.
    static func harm(of words: [[UInt8]]) -> String? {
        let names = words.prefix(2).map { String(decoding: $0, as: UTF8.self).uppercased() }
        guard let first = names.first else { return nil }
        let second = names.count > 1 ? names[1] : ""
        switch first {
        case "FLUSHALL": return "deletes every key of every database"
        case "FLUSHDB": return "deletes every key of the database"
        case "SWAPDB": return "exchanges two databases for everybody"
        case "DEBUG": return "can stop or crash the server"
        case "SHUTDOWN": return second == "ABORT" ? nil : "ends the server"
        case "FAILOVER": return second == "ABORT" ? nil : "hands the role of primary over"
        case "REPLICAOF", "SLAVEOF":
            return second == "NO"
                ? "makes the server a primary" : "replaces the server's data by another's"
        default: break
        }
        switch (first, second) {
        case ("CONFIG", "RESETSTAT"): return "sets the server's counters to zero"
        case ("CONFIG", "REWRITE"): return "overwrites the server's configuration file"
        case ("SCRIPT", "FLUSH"): return "deletes all scripts"
        case ("FUNCTION", "FLUSH"): return "deletes all functions"
        case ("CLUSTER", "RESET"): return "takes the node out of its cluster"
        case ("CLUSTER", "FLUSHSLOTS"): return "takes all slots from the node"
        default: return nil
        }
    }

    /// The words of a line as they would be sent, without a count before them; empty for what
    /// cannot be read or is for the console.
    static func words(of line: [UInt8]) -> [[UInt8]] {
        var list = ArgumentList()
        guard !CommandSplitter.isComment(line), let line = Heredoc.expanded(line) else { return [] }
        do throws(InlineSplitter.Failure) {
            try InlineSplitter.split(line.rawSpan, into: &list)
        } catch { return [] }
        let words = (0..<list.count).map { list[$0] }
        guard words.count > 1, let first = words.first,
            first.rawSpan.canonicalInteger != nil
        else { return words }
        return Array(words.dropFirst())
    }

    /// True when `name`, the place of a server, is one of `patterns`: `host`, `host:port` or a
    /// path, with the wildcards of KEYS.
    static func matches(_ server: RemoteTarget, _ patterns: [String]) -> Bool {
        var names = [server.name]
        if case .tcp(let host, _) = server.place { names.append(host) }
        return patterns.contains { pattern in
            names.contains { name in
                Glob.matches(Array(pattern.utf8), Array(name.utf8))
            }
        }
    }
}

/// How careful the console is.
struct Caution {
    /// False when nothing is asked: `--yes`, `:set confirm off`.
    var asks = true
    /// True when nothing may be changed: `--readonly`, `:set readonly on`.
    var isReadOnly = false
    /// True or false as `:set production` said; nil goes by the names in the configuration.
    var isProduction: Bool?
    /// Servers that the configuration calls production.
    var productionNames: [String] = []
}

extension Console {
    /// True when the target is one where a mistake is dear.
    var isProduction: Bool {
        guard case .remote(let server) = endpoint.target else { return false }
        return caution.isProduction ?? Safety.matches(server, caution.productionNames)
    }

    /// Asks before lines that destroy. False when they are not to be run.
    func approve(lines: [[UInt8]]) -> Bool {
        approve(commands: lines.map(Safety.words))
    }

    /// Asks before commands that destroy. False when they are not to be run.
    func approve(commands: [[[UInt8]]]) -> Bool {
        guard allows(commands) else { return false }
        guard caution.asks, case .remote(let server) = endpoint.target else { return true }
        let harms = commands.compactMap { words in
            Safety.harm(of: words).map { harm in
                let name = words.prefix(2).map { String(decoding: $0, as: UTF8.self) }
                return name[0].uppercased() + " " + harm
            }
        }
        return harms.isEmpty || ask(about: harms, server)
    }

    /// Asks before keys are deleted by a pattern. False when they are to stay.
    func approve(bulkDeletionOf count: Int) -> Bool {
        guard allowsChanges("deleting keys") else { return false }
        guard caution.asks, case .remote(let server) = endpoint.target else { return true }
        return ask(about: ["This deletes \(count == 1 ? "1 key" : "\(count) keys")"], server)
    }

    private func ask(about harms: [String], _ server: RemoteTarget) -> Bool {
        guard isInteractive else {
            complain(
                "\(harms[0]) at \(server.name): in a script this needs --yes\n", at: currentSource)
            _ = noteUsage()
            return false
        }
        // Questions go to the terminal even where the replies of the line go to a file.
        // What was typed before the question stands there is no answer to it.
        if let pane = output.pane {
            pane.forgetKeys()
        } else {
            tcflush(Descriptor.input.number, TCIFLUSH)
        }
        for harm in harms { output.show("\(harm) at \(server.name).\n") }
        guard isProduction else {
            let answer = answer(to: "Go on? [y/N] ").lowercased()
            return agreed(answer == "y" || answer == "yes")
        }
        let name =
            if case .tcp(let host, _) = server.place { host } else { server.name }
        return agreed(
            answer(to: "This is production. Type its name, \(name), to go on: ") == name)
    }

    private func agreed(_ isAgreed: Bool) -> Bool {
        if !isAgreed { output.show("not run\n") }
        return isAgreed
    }

    /// What the person types, up to Enter; empty after Ctrl-C or Ctrl-D.
    func answer(to question: String) -> String {
        if output.pane != nil { return Self.firstWord(inquire(question)) }
        Descriptor.output.write(question)
        switch PlainLineReader(guardian: guardian).next() {
        case .line(let line):
            return Self.firstWord(String(decoding: line, as: UTF8.self))
        case .interrupted, .endOfFile:
            Descriptor.output.write("\n")
            return ""
        }
    }

    private static func firstWord(_ text: String) -> String {
        String(text.drop { $0 == " " }.prefix { $0 != " " })
    }
}
