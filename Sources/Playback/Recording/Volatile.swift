/// Replies that are another each time.
enum Volatile {
    /// How a reply is written into a transcript.
    static func expectation(of reply: [String], to line: String) -> [String] {
        let words = line.split(separator: " ").map { $0.lowercased() }
        let name = words.first ?? ""
        let second = words.count > 1 ? words[1] : ""
        if let number = integer(reply) {
            switch name {
            case "ttl": if number > 0 { return ["(integer) \(number)  (in 0..\(number + 60))"] }
            case "pttl":
                if number > 0 { return ["(integer) \(number)  (in 0..\(number + 60_000))"] }
            case "expiretime", "pexpiretime", "lastsave", "memory":
                if number > 0 { return [any(reply[0])] }
            case "object" where ["idletime", "freq"].contains(second): return [any(reply[0])]
            case "client" where second == "id": return [any(reply[0])]
            default: break
            }
        }
        let isOpen =
            ["info", "time", "scan", "hscan", "sscan", "zscan", "randomkey", "role", "monitor"]
            .contains(name) || name == "client" && ["list", "info"].contains(second)
            || ["latency", "slowlog", "debug", "command"].contains(name)
            || ["srandmember", "spop", "hrandfield", "zrandmember"].contains(name)
        if isOpen { return reply.count == 1 ? [any(reply[0])] : ["..."] }
        let isUnordered = ["keys", "smembers", "sinter", "sunion", "sdiff"].contains(name)
        if isUnordered, reply.count > 1 {
            return reply.map { row in
                let digits = row.drop { $0 == " " }.drop { $0.isNumber }
                return String(digits.dropFirst(2)) + "  (unordered)"
            }
        }
        return reply.isEmpty ? [] : reply.map(escaped)
    }

    /// The lines made as open as a reply needs that differs from them.
    static func open(_ lines: [String], for reply: [String]) -> [String] {
        guard lines.count == reply.count else { return ["..."] }
        return zip(lines, reply).map { line, other in
            line == other || line.hasSuffix(")") && line.contains("  (") ? line : any(line)
        }
    }

    private static func any(_ line: String) -> String { line + "  (any)" }

    private static func integer(_ reply: [String]) -> Int? {
        guard reply.count == 1, reply[0].hasPrefix("(integer) ") else { return nil }
        return Int(reply[0].dropFirst("(integer) ".count))
    }

    /// A line that would be read as something else gets a mark before it.
    static func escaped(_ line: String) -> String {
        let word = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
        let rest = line.dropFirst(word.count)
        let isPrompt =
            rest.hasPrefix("> ") || rest.hasPrefix("< ") || line.hasPrefix(".. ")
            || line.hasPrefix("// ") || line == "..." || line.hasPrefix("\\")
        let isFence = line.hasPrefix("```")
        return isPrompt || isFence ? "\\" + line : line
    }
}
