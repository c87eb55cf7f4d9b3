/// Where the person is in the history with Up and Down.
struct Recall {
    /// What was typed before the first Up.
    var typed: EditorState
    /// Only entries that begin with this are shown.
    var prefix: String
    /// The entry that is shown.
    var index: Int
    /// Its text; when the line differs from it, the person has begun to edit.
    var shown: [Unicode.Scalar]
}

/// A search in the history with Ctrl-R.
struct SearchProgress {
    /// What was there before.
    var before: EditorState
    var pattern = ""
    /// The entry that is shown, and where the pattern stands in it.
    var index: Int?
    var shown: [Unicode.Scalar]
    var match: Range<Int>?

    var state: EditorState {
        EditorState(
            scalars: shown, cursor: match?.lowerBound ?? shown.count,
            search: EditorState.Search(pattern: pattern, match: match))
    }
}

/// What Alt-. has inserted: pressed again it takes the last word of the line before.
struct LastWord {
    /// The entry that it is from.
    var index: Int
    /// Where it stands.
    var range: Range<Int>
}

extension LineEditor {
    /// Inserts the last word of the newest line, or of the next older one when that is what the
    /// last key did. Lines with secrets are passed over: here nothing would hide them.
    func insertLastWord() {
        var index = (lastWord?.index ?? history.entries.count) - 1
        while index >= 0 {
            let entry = history.entries[index]
            if let word = Self.lastWord(of: entry), !history.isSecret(entry) {
                let start = lastWord?.range.lowerBound ?? cursor
                replace(lastWord?.range ?? cursor..<cursor, with: word)
                lastWord = LastWord(index: index, range: start..<cursor)
                noteChange()
                return
            }
            index -= 1
        }
    }

    /// The last word as it was typed, its quotes included.
    private static func lastWord(of line: String) -> String? {
        var word = String.UnicodeScalarView()
        var last: String?
        var quote: Unicode.Scalar?
        var escapes = false
        for scalar in line.unicodeScalars {
            if quote == nil, scalar == " " || scalar == "\t" || scalar == "\n" {
                if !word.isEmpty { last = String(word) }
                word = String.UnicodeScalarView()
                continue
            }
            word.append(scalar)
            if escapes {
                escapes = false
            } else if let open = quote {
                if scalar == "\\" { escapes = true } else if scalar == open { quote = nil }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            }
        }
        return word.isEmpty ? last : String(word)
    }

    func recallOlder() {
        let current = engine.text
        if recall == nil {
            let typed = EditorState(scalars: current, cursor: engine.cursor)
            recall = Recall(
                typed: typed, prefix: typed.isAtEnd ? typed.text : "",
                index: history.entries.count, shown: current)
        }
        guard var place = recall else { return }
        var index = place.index - 1
        while index >= 0, !isShown(index, place.prefix, not: place.shown) { index -= 1 }
        guard index >= 0 else { return }
        place.index = index
        place.shown = Array(history.entries[index].unicodeScalars)
        recall = place
        setText(history.entries[index])
    }

    func recallNewer() {
        guard var place = recall else { return }
        var index = place.index + 1
        while index < history.entries.count, !isShown(index, place.prefix, not: place.shown) {
            index += 1
        }
        guard index < history.entries.count else {
            recall = nil
            setText(place.typed.text, cursor: place.typed.cursor)
            return
        }
        place.index = index
        place.shown = Array(history.entries[index].unicodeScalars)
        recall = place
        setText(history.entries[index])
    }

    private func isShown(_ index: Int, _ prefix: String, not shown: [Unicode.Scalar]) -> Bool {
        let entry = history.entries[index]
        return entry.hasPrefix(prefix) && !entry.unicodeScalars.elementsEqual(shown)
    }

    func beginSearch() {
        let before = EditorState(scalars: engine.text, cursor: engine.cursor)
        search = SearchProgress(before: before, shown: before.scalars)
    }

    /// One key during a search. False when the search is over and the key is still to be done,
    /// on the entry that was found.
    func takeInSearch(_ key: Key) -> Bool {
        guard var progress = search else { return false }
        switch key {
        case .character(let scalar): look(for: progress.pattern + String(scalar), &progress)
        case .paste(let text): look(for: progress.pattern + text, &progress)
        case .backspace, .ctrl("h"):
            look(for: String(progress.pattern.dropLast()), &progress, restart: true)
        case .ctrl("r"): step(-1, &progress)
        case .ctrl("s"): step(1, &progress)
        case .unknown, .mouse: break
        case .ctrl("g"):
            search = nil
            return true
        default:
            search = nil
            if progress.index != nil {
                setText(String(progress.shown), cursor: progress.match?.lowerBound)
            }
            return key == .escape
        }
        search = progress
        return true
    }

    private func look(for pattern: String, _ progress: inout SearchProgress, restart: Bool = false)
    {
        progress.pattern = pattern
        let from = restart ? nil : progress.index
        find(&progress, from: from ?? history.entries.count - 1, by: -1)
    }

    private func step(_ direction: Int, _ progress: inout SearchProgress) {
        guard !progress.pattern.isEmpty else { return }
        let from = progress.index ?? history.entries.count
        var next = progress
        find(&next, from: from + direction, by: direction, not: progress.shown)
        // At the oldest entry the search stays where it is.
        if next.match != nil { progress = next }
    }

    private func find(
        _ progress: inout SearchProgress, from start: Int, by direction: Int,
        not shown: [Unicode.Scalar]? = nil
    ) {
        let pattern = Array(progress.pattern.unicodeScalars)
        progress.match = nil
        guard !pattern.isEmpty else {
            progress.index = nil
            progress.shown = progress.before.scalars
            return
        }
        var index = start
        while history.entries.indices.contains(index) {
            let entry = Array(history.entries[index].unicodeScalars)
            if entry != shown, let place = Self.position(of: pattern, in: entry) {
                progress.index = index
                progress.shown = entry
                progress.match = place..<(place + pattern.count)
                return
            }
            index += direction
        }
    }

    /// Where the pattern stands last. Capital letters count only when the pattern has some.
    private static func position(of pattern: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Int? {
        guard pattern.count <= text.count else { return nil }
        let isExact = pattern.contains { ("A"..."Z").contains($0) }
        func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
            !isExact && ("A"..."Z").contains(scalar)
                ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
        }
        var start = text.count - pattern.count
        while start >= 0 {
            if (0..<pattern.count).allSatisfy({ folded(text[start + $0]) == pattern[$0] }) {
                return start
            }
            start -= 1
        }
        return nil
    }
}
