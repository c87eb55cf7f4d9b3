import Bytes
import Client

// Secrets on the screen. The editor keeps what was typed; the painter gets it with a dot for each
// character of a secret, so that the cursor needs no translation. A word is hidden as soon as it
// can only be a secret: all that follows AUTH, since the first word of two is a name only once the
// second is there, and the password of an address as soon as it cannot be a port.

extension Secrets {
    private static let dot: Unicode.Scalar = "•"

    /// The text as it may be shown.
    static func masked(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result = scalars
        for command in commands(of: scalars) where mayHoldSecret(scalars[command]) {
            let words = LineWords(scalars[command]).words
            var hidden = ranges(words)
            guard !hidden.isEmpty else { continue }
            let hasHeredoc = words.contains { $0.value.text.hasPrefix("<<") }
            if hasHeredoc { hidden.append(command.count..<(scalars.count - command.lowerBound)) }
            for range in hidden {
                for offset in range where result[command.lowerBound + offset] != "\n" {
                    result[command.lowerBound + offset] = dot
                }
            }
        }
        return result
    }

    /// False for most commands, after a look at the first word alone.
    private static func mayHoldSecret(_ command: ArraySlice<Unicode.Scalar>) -> Bool {
        let name = command.drop { $0.properties.isWhitespace }.prefix(9)
        guard let first = name.first else { return false }
        // A count, a command of the console, or a name in quotes: what comes behind must be read.
        if ("0"..."9").contains(first) || ":\"'".unicodeScalars.contains(first) { return true }
        let word = name.prefix { !$0.properties.isWhitespace }
        let letters = word.map { $0.properties.lowercaseMapping }.joined()
        return ["auth", "hello", "migrate", "sentinel", "config", "acl"].contains(letters)
    }

    /// The stretches between line ends that no quote holds together.
    private static func commands(of scalars: [Unicode.Scalar]) -> [Range<Int>] {
        guard scalars.contains("\n") else { return [0..<scalars.count] }
        var result: [Range<Int>] = []
        var start = 0
        var quote: Unicode.Scalar?
        var escapes = false
        for index in scalars.indices {
            let scalar = scalars[index]
            if escapes {
                escapes = false
            } else if let open = quote {
                if scalar == "\\" { escapes = true } else if scalar == open { quote = nil }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if scalar == "\n" {
                result.append(start..<index)
                start = index + 1
            }
        }
        return result + [start..<scalars.count]
    }

    /// What to hide of a command, counted from its beginning.
    private static func ranges(_ words: [LineWords.Word]) -> [Range<Int>] {
        guard let first = words.first else { return [] }
        let ranges = ranges(words[...])
        guard first.value.text.hasPrefix(":") else { return ranges }
        // A command of the console may hold another one.
        return words.indices.dropFirst().reduce(ranges) { $0 + Self.ranges(words[$1...]) }
    }

    private static func ranges(_ words: ArraySlice<LineWords.Word>) -> [Range<Int>] {
        let all = Array(words)
        let names = all.map { $0.value.text.lowercased() }
        func after(_ wanted: [String], skipping count: Int) -> [Range<Int>] {
            names.indices.filter { $0 > 0 && wanted.contains(names[$0]) }
                .map { $0 + count + 1 }.filter(all.indices.contains).map { all[$0].range }
        }
        let second = names.count > 1 ? names[1] : ""
        switch names.first {
        case "auth": return all.dropFirst().map(\.range)
        case "hello": return after(["auth"], skipping: 1)
        case "migrate": return after(["auth"], skipping: 0) + after(["auth2"], skipping: 1)
        case "sentinel": return after(["auth-pass", "sentinel-pass"], skipping: 0)
        case "config" where second == "set":
            return names.indices.dropFirst(3).filter { index in
                index % 2 == 1 && isSecretSetting(names[index - 1])
            }.map { all[$0].range }
        case "acl" where second == "setuser":
            return all.dropFirst(3).filter { word in
                word.value.bytes.first.map { "><#!".utf8.contains($0) } ?? false
            }.map { $0.range.dropFirst() }.map { $0.startIndex..<$0.endIndex }
        case ":target":
            return all.dropFirst().prefix(1).compactMap { word in
                password(in: word.value.text).map {
                    let start = word.range.lowerBound + (word.isQuoted ? 1 : 0)
                    return
                        (start + $0.lowerBound)..<min(start + $0.upperBound, word.range.upperBound)
                }
            }
        default: return []
        }
    }

    /// Where the password of an address stands, in code points.
    private static func password(in address: String) -> Range<Int>? {
        let scalars = Array(address.unicodeScalars)
        let scheme = Array("://".unicodeScalars)
        let start =
            scalars.indices.first { scalars[$0...].starts(with: scheme) }.map { $0 + 3 } ?? 0
        let colon = scalars[start...].firstIndex(of: ":")
        if let end = scalars.lastIndex(of: "@"), end >= start {
            // Without a name all of it is the password.
            guard let colon, colon < end else { return start..<end }
            return (colon + 1)..<end
        }
        guard let colon, scalars[start] != "[" else { return nil }
        let rest = scalars[(colon + 1)...]
        let port = rest.prefix { $0 != "/" && $0 != "?" }
        return port.allSatisfy { ("0"..."9").contains($0) } ? nil : (colon + 1)..<scalars.count
    }
}
