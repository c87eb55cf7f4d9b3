import Yams

// YAML as a tree in which every node knows where it stands in the scenario file. Yams reads the
// body of a fence on its own, so its marks count from the first line below the opening; the tree
// has the lines of the file. This is the one file that knows Yams.

/// A node of YAML and its place in the scenario file.
struct YAMLTree: Sendable {
    /// What it is.
    indirect enum Kind: Sendable {
        /// A word, a number or text; `isPlain` when it stands without quotes.
        case scalar(String, isPlain: Bool)
        /// Nodes in order.
        case list([YAMLTree])
        /// Keys and values in the order of the file.
        case map([Entry])
    }

    /// A key with its value.
    struct Entry: Sendable {
        /// The key.
        var key: String
        /// Where the key stands.
        var place: Place
        /// What it is set to.
        var value: YAMLTree
    }

    /// What it is.
    var kind: Kind
    /// Where it stands; of a quoted scalar the place of the quote.
    var place: Place
    /// The line of the file on which a scalar's own text begins, and the columns left of it:
    /// a block below `|` begins on the line after the mark.
    var textStart: Place

    /// Why a body is no YAML.
    struct Failure: Error {
        /// Where.
        var place: Place
        /// What is wrong.
        var text: String
        /// True when a key stands twice.
        var isDuplicate = false
    }

    /// Reads `lines`, of which the first stands on line `first` of the file. Nil when there is
    /// nothing in them.
    static func read(_ lines: ArraySlice<String>, first: Int) throws(Failure) -> YAMLTree? {
        for (offset, line) in lines.enumerated() {
            // YAML has no tabs in indentation, and says so at the wrong place.
            if let tab = line.firstIndex(of: "\t"), line[..<tab].allSatisfy({ $0 == " " }) {
                let column = line.distance(from: line.startIndex, to: tab) + 1
                throw Failure(
                    place: Place(line: first + offset, column: column),
                    text: "YAML is indented with blanks, not with tabs")
            }
        }
        let reader = Reader(lines: Array(lines), first: first)
        do {
            return try compose(yaml: lines.joined(separator: "\n") + "\n").map(reader.tree)
        } catch let error as YamlError {
            throw reader.failure(error)
        } catch {
            throw Failure(place: Place(line: first, column: 1), text: "\(error)")
        }
    }

    /// The scalar's text.
    var text: String? {
        if case .scalar(let text, _) = kind { return text }
        return nil
    }

    /// The nodes of a list.
    var list: [YAMLTree]? {
        if case .list(let nodes) = kind { return nodes }
        return nil
    }

    /// The entries of a map.
    var map: [Entry]? {
        if case .map(let entries) = kind { return entries }
        return nil
    }

    /// The value under a key.
    subscript(key: String) -> YAMLTree? { map?.first { $0.key == key }?.value }

    /// The kind in words, for complaints.
    var kindName: String {
        switch kind {
        case .scalar: "a single value"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// Translates marks of the body into places of the file.
    private struct Reader {
        let lines: [String]
        let first: Int

        func place(_ mark: Mark?) -> Place {
            guard let mark else { return Place(line: first, column: 1) }
            return Place(line: first + max(mark.line, 1) - 1, column: max(mark.column, 1))
        }

        func tree(_ node: Node) -> YAMLTree {
            switch node {
            case .scalar(let scalar):
                let here = place(scalar.mark)
                let isPlain = scalar.style == .plain || scalar.style == .any
                return YAMLTree(
                    kind: .scalar(scalar.string, isPlain: isPlain), place: here,
                    textStart: textStart(scalar, here))
            case .sequence(let sequence):
                let here = place(sequence.mark)
                return YAMLTree(
                    kind: .list(sequence.map(tree)), place: here, textStart: here)
            case .mapping(let mapping):
                let here = place(mapping.mark)
                let entries = mapping.map { key, value in
                    Entry(
                        key: key.scalar?.string ?? "?", place: place(key.mark),
                        value: tree(value))
                }
                return YAMLTree(kind: .map(entries), place: here, textStart: here)
            case .alias(let alias):
                let here = place(alias.mark)
                return YAMLTree(
                    kind: .scalar("*" + alias.anchor.rawValue, isPlain: true), place: here,
                    textStart: here)
            }
        }

        private func textStart(_ scalar: Node.Scalar, _ here: Place) -> Place {
            switch scalar.style {
            case .doubleQuoted, .singleQuoted:
                return Place(line: here.line, column: here.column + 1)
            case .literal, .folded:
                let below = here.line - first + 1
                var offset = below
                while offset < lines.count, lines[offset].allSatisfy({ $0 == " " }) {
                    offset += 1
                }
                guard offset < lines.count else { return here }
                let margin = lines[offset].prefix { $0 == " " }.count
                return Place(line: first + below, column: margin + 1)
            default: return here
            }
        }

        /// Where a key stands for the second time; Yams tells only where its map begins.
        private func second(_ key: String, from line: Int) -> Place {
            var found = 0
            for (offset, text) in lines.enumerated() where offset + 1 >= line {
                let margin = text.prefix { $0 == " " || $0 == "-" }.count
                guard text.dropFirst(margin).hasPrefix(key + ":") else { continue }
                found += 1
                if found == 2 { return Place(line: first + offset, column: margin + 1) }
            }
            return Place(line: first + max(line, 1) - 1, column: 1)
        }

        func failure(_ error: YamlError) -> Failure {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                return Failure(place: place(mark), text: problem)
            case .duplicatedKeysInMapping(let keys, let context):
                let key = keys.first ?? "?"
                return Failure(
                    place: second(key, from: context.mark.line),
                    text: "the key '\(key)' stands twice", isDuplicate: true)
            default:
                return Failure(place: Place(line: first, column: 1), text: "\(error)")
            }
        }
    }
}
