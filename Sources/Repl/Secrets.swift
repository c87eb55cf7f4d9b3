import Bytes
import Wire

/// Which lines hold a secret and must not reach the history file. They are read as commands, so
/// that a repeat count, quotes or a second command in the line hide nothing.
enum Secrets {
    /// Settings whose value is a secret.
    private static let settings: Set<String> = [
        "requirepass", "masterauth", "primaryauth", "masteruser", "primaryuser",
        "tls-key-file-pass", "tls-client-key-file-pass",
    ]

    /// True when a line should not be kept.
    static func isSecret(_ line: String) -> Bool {
        CommandSplitter.split(Array(line.utf8), semicolons: true).contains { piece in
            var list = ArgumentList()
            let line = Heredoc.expanded(piece.bytes) ?? piece.bytes
            var texts: [String]
            do throws(InlineSplitter.Failure) {
                try InlineSplitter.split(line.rawSpan, into: &list)
                texts = (0..<list.count).map { String(decoding: list[$0], as: UTF8.self) }
            } catch {
                // What cannot be read may still hold a password.
                texts = String(decoding: line, as: UTF8.self)
                    .split { $0.isWhitespace || $0 == "\"" || $0 == "'" }.map(String.init)
            }
            return isSecret(texts: texts)
        }
    }

    /// True when the words of a command hold a secret, whatever number or command of the console
    /// stands before them: `5 AUTH x`, `:assert AUTH x == OK`.
    static func isSecret(texts: [String]) -> Bool {
        let words = texts.map { $0.lowercased() }
        guard let first = words.first else { return false }
        if Int(first) != nil { return isSecret(texts: Array(texts.dropFirst())) }
        if isSecret(words[...]) { return true }
        guard first.hasPrefix(":") else { return false }
        return words.indices.dropFirst().contains { isSecret(words[$0...]) }
    }

    /// True for a setting whose value is a secret.
    static func isSecretSetting(_ name: String) -> Bool { settings.contains(name.lowercased()) }

    private static func isSecret(_ words: ArraySlice<String>) -> Bool {
        let words = Array(words)
        guard let name = words.first else { return false }
        let second = words.count > 1 ? words[1] : ""
        switch name {
        case "auth": return true
        case "hello": return words.contains("auth")
        case "acl": return ["setuser", "getuser", "deluser"].contains(second)
        case "config":
            return second == "set" && words.dropFirst(2).contains { settings.contains($0) }
        case "migrate": return words.contains("auth") || words.contains("auth2")
        case "sentinel":
            return words.contains { word in
                ["auth-pass", "auth-user", "sentinel-pass", "sentinel-user"].contains(word)
            }
        case ":target": return second.contains("@")
        default: return false
        }
    }
}
