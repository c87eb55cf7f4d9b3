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
            // What cannot be read may still hold a password.
            try? InlineSplitter.split(piece.bytes.rawSpan, into: &list)
            let words = (0..<list.count).map {
                String(decoding: list[$0], as: UTF8.self).lowercased()
            }
            return isSecret(words.first.flatMap { Int($0) } == nil ? words[...] : words.dropFirst())
                || list.count == 0 && holdsWord("auth", line.lowercased())
        }
    }

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

    private static func holdsWord(_ word: String, _ line: String) -> Bool {
        line.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.contains { $0 == word }
    }
}
