public import Bytes

/// What a word is in its line, for colours.
public enum WordRole: Equatable, Sendable {
    /// The name of a command, or of a container.
    case command
    /// A subcommand's own word.
    case subcommand
    /// The name of a key.
    case key
    /// A number or a point in time.
    case number
    /// A word that stands for itself: an option, or one of a choice.
    case token
    /// Any other value.
    case string
    /// A word that cannot stand there.
    case wrong
}

extension CommandCatalog {
    /// What each word of a line is. Nothing that follows a wrong word can be told: it is a string.
    public func roles(of line: [ByteString]) -> [WordRole] {
        guard !line.isEmpty else { return [] }
        var roles = Array(repeating: WordRole.string, count: line.count)
        guard let spec = find(line) else {
            roles[0] = .wrong
            return roles
        }
        roles[0] = .command
        var index = 1
        if spec.container != nil {
            roles[1] = .subcommand
            index = 2
        } else if !spec.subcommands.isEmpty {
            if line.count > 1 { roles[1] = .wrong }
            return roles
        }
        var matcher = ArgumentMatcher(spec)
        while index < line.count {
            let word = line[index]
            guard matcher.advance(word.rawSpan) else {
                roles[index] = .wrong
                break
            }
            roles[index] = matcher.role
            index += 1
        }
        return roles
    }

    /// Commands whose names are little different from a word that is no command, the nearest
    /// first: at most three.
    public func nearest(to word: String) -> [String] {
        let typed = Array(word.uppercased().utf8.prefix(40))
        let limit = typed.count < 5 ? 1 : 2
        let all = commands.compactMap { spec -> (name: String, distance: Int)? in
            let name = Array(spec.name.utf8)
            guard abs(name.count - typed.count) <= limit else { return nil }
            let distance = CommandCatalog.distance(typed, name)
            return distance <= limit ? (spec.name, distance) : nil
        }
        return all.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }

    /// How many letters are to be inserted, removed, replaced, or exchanged with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
                var best = min(replaced, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            (before, last) = (last, row)
        }
        return last[right.count]
    }
}
