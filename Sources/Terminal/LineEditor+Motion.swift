// Motion and deletion by what a person takes for one character, by the parts of a key name
// (`user:1001:name` has three), and by rows.

extension LineEditor {
    /// Offsets between which a grapheme lies, around the cursor.
    private func graphemeStart(before offset: Int, in text: [Unicode.Scalar]) -> Int {
        guard offset > 0 else { return 0 }
        // Graphemes do not reach over a line end, and rarely over 32 code points.
        var start = max(0, offset - 32)
        if let end = text[start..<offset].dropLast().lastIndex(of: "\n") { start = end + 1 }
        guard let last = String(text[start..<offset]).last else { return offset - 1 }
        return offset - last.unicodeScalars.count
    }

    private func graphemeEnd(after offset: Int, in text: [Unicode.Scalar]) -> Int {
        guard offset < text.count else { return text.count }
        let first = String(text[offset..<min(text.count, offset + 32)]).first
        return offset + (first?.unicodeScalars.count ?? 1)
    }

    /// Blanks, quotes, and the marks that divide key names.
    private static func isBorder(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\n", ":", ".", "/", "\"", "'": true
        default: false
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n"
    }

    private func wordStart(
        _ offset: Int, _ text: [Unicode.Scalar], _ isBorder: (Unicode.Scalar) -> Bool
    ) -> Int {
        var offset = offset
        while offset > 0, isBorder(text[offset - 1]) { offset -= 1 }
        while offset > 0, !isBorder(text[offset - 1]) { offset -= 1 }
        return offset
    }

    private func wordEnd(
        _ offset: Int, _ text: [Unicode.Scalar],
        _ isBorder: (Unicode.Scalar) -> Bool = LineEditor.isBorder
    ) -> Int {
        var offset = offset
        while offset < text.count, isBorder(text[offset]) { offset += 1 }
        while offset < text.count, !isBorder(text[offset]) { offset += 1 }
        return offset
    }

    private func rowStart(_ offset: Int, _ text: [Unicode.Scalar]) -> Int {
        text[..<offset].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    }

    private func rowEnd(_ offset: Int, _ text: [Unicode.Scalar]) -> Int {
        text[offset...].firstIndex(of: "\n") ?? text.count
    }

    func move(_ action: EditAction) {
        let text = engine.text
        let cursor = engine.cursor
        if action == .right || action == .end, cursor == text.count {
            if let more = delegate?.suggestion(for: String(text)) { insert(more) }
            return
        }
        let target =
            switch action {
            case .left: graphemeStart(before: cursor, in: text)
            case .right: graphemeEnd(after: cursor, in: text)
            case .wordLeft: wordStart(cursor, text, Self.isBorder)
            case .wordRight: wordEnd(cursor, text)
            case .bigWordLeft: wordStart(cursor, text, Self.isBlank)
            case .bigWordRight: wordEnd(cursor, text, Self.isBlank)
            case .home: rowStart(cursor, text)
            case .end: rowEnd(cursor, text)
            default: cursor
            }
        engine.moveCursor(to: target)
    }

    func delete(_ action: EditAction) {
        let text = engine.text
        let cursor = engine.cursor
        if action == .deleteBackward {
            replace(graphemeStart(before: cursor, in: text)..<cursor, with: "")
        } else {
            replace(cursor..<graphemeEnd(after: cursor, in: text), with: "")
        }
    }

    func kill(_ action: EditAction) {
        let text = engine.text
        let cursor = engine.cursor
        let range =
            switch action {
            case .killWordLeft: wordStart(cursor, text, Self.isBorder)..<cursor
            case .killBigWordLeft: wordStart(cursor, text, Self.isBlank)..<cursor
            case .killWordRight: cursor..<wordEnd(cursor, text)
            case .killToStart: rowStart(cursor, text)..<cursor
            default:
                // At the end of a row its end goes, so that the rows join.
                cursor..<min(max(rowEnd(cursor, text), cursor + 1), text.count)
            }
        guard !range.isEmpty else { return }
        killed = Array(text[range])
        replace(range, with: "")
    }

    func moveUp() {
        let text = engine.text
        let start = rowStart(engine.cursor, text)
        guard start > 0 else { return recallOlder() }
        let above = rowStart(start - 1, text)
        engine.moveCursor(to: min(above + (engine.cursor - start), start - 1))
    }

    func moveDown() {
        let text = engine.text
        let end = rowEnd(engine.cursor, text)
        guard end < text.count else { return recallNewer() }
        let column = engine.cursor - rowStart(engine.cursor, text)
        engine.moveCursor(to: min(end + 1 + column, rowEnd(end + 1, text)))
    }
}
