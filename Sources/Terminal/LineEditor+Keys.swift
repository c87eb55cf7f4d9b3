/// The editor's own commands. Each has a private character, U+0080 and up, under which it stands
/// in libedit's key map; nobody can type those.
enum EditAction: UInt32, CaseIterable {
    case left, right, up, down, home, end
    case wordLeft, wordRight, bigWordLeft, bigWordRight
    case deleteBackward, deleteForward
    case killWordLeft, killWordRight, killBigWordLeft, killToEnd, killToStart
    case yank, undo
    case enter, newRow, paste, quoteNext
    case cancel, endOrDelete, complete
    case searchBackward, searchForward
    case suspend, clearScreen, editOutside, ignore

    static let base: UInt32 = 0x80
    var character: UInt32 { Self.base + rawValue }
}

extension LineEditor {
    /// Control characters with a meaning of ours in the main map.
    private static let controls: [UInt32: EditAction] = [
        0x01: .home, 0x02: .left, 0x03: .cancel, 0x04: .endOrDelete, 0x05: .end, 0x06: .right,
        0x07: .ignore, 0x08: .deleteBackward, 0x09: .complete, 0x0A: .enter,
        0x0B: .killToEnd, 0x0C: .clearScreen, 0x0D: .enter, 0x0E: .down, 0x10: .up,
        0x11: .quoteNext, 0x12: .searchBackward, 0x13: .searchForward, 0x15: .killToStart,
        0x16: .quoteNext, 0x17: .killBigWordLeft, 0x19: .yank, 0x1A: .suspend, 0x1C: .ignore,
        0x1F: .undo, 0x7F: .deleteBackward,
    ]

    /// The same for the command mode of vi. The keys that would open a prompt inside the buffer
    /// or an editor on libedit's private terminal do something else or nothing.
    private static let viCommands: [UInt32: EditAction] = [
        0x03: .cancel, 0x04: .endOrDelete, 0x09: .ignore, 0x0A: .enter, 0x0C: .clearScreen,
        0x0D: .enter, 0x12: .searchBackward, 0x1A: .suspend, 0x1C: .ignore,
        0x2F: .searchBackward, 0x3A: .ignore, 0x3F: .searchForward, 0x6A: .down, 0x6B: .up,
        0x76: .editOutside, 0x2D: .up, 0x2B: .down,
    ]

    func bindKeys(choosingMap: Bool = true) {
        if choosingMap { engine.choose(vi: mode == .vi) }
        for action in EditAction.allCases {
            engine.bind(Unicode.Scalar(action.character)!, alternate: true)
        }
        for key in Self.controls.keys.sorted() {
            engine.bind(Unicode.Scalar(key)!, alternate: false)
        }
        guard mode == .vi else { return }
        for key in Self.viCommands.keys.sorted() {
            engine.bind(Unicode.Scalar(key)!, main: false, alternate: true)
        }
    }

    /// Does what a key asks for, or hands it to libedit through `outgoing`.
    func take(_ key: Key) {
        var key = key
        if metaPending {
            metaPending = false
            if case .character(let scalar) = key { key = .meta(scalar) }
            if key == .backspace { key = .meta("\u{7F}") }
        }
        if search != nil, takeInSearch(key) { return }
        if mode == .emacs, key == .meta(".") || key == .meta("_") { return insertLastWord() }
        lastWord = nil
        if takePair(key) { return }
        if quotesNext {
            quotesNext = false
            quote(key)
            return
        }
        switch key {
        case .character(let scalar): outgoing.append(scalar.value)
        case .control(let code): outgoing.append(UInt32(code))
        case .escape:
            if mode == .vi { outgoing.append(0x1B) } else { metaPending = true }
        case .meta(let scalar): meta(scalar)
        case .special(let special, let modifiers): named(special, modifiers)
        case .paste(let text):
            pasted += text
            outgoing.append(EditAction.paste.character)
        case .unknown, .mouse: break
        }
    }

    /// Ctrl-X Ctrl-E. Other pairs are libedit's.
    private func takePair(_ key: Key) -> Bool {
        guard mode == .emacs, !quotesNext else { return false }
        if pairPending {
            pairPending = false
            if key == .ctrl("e") {
                outgoing.append(EditAction.editOutside.character)
                return true
            }
            outgoing.append(0x18)
            return false
        }
        pairPending = key == .ctrl("x")
        return pairPending
    }

    private func quote(_ key: Key) {
        switch key {
        case .character(let scalar): insert(String(scalar))
        case .control(let code): insert(String(Unicode.Scalar(code)))
        case .escape: insert("\u{1B}")
        case .paste(let text): insert(text)
        case .meta, .special, .unknown, .mouse: break
        }
    }

    private func meta(_ scalar: Unicode.Scalar) {
        let action: EditAction? =
            switch scalar {
            case "\r", "\n": .newRow
            case "b" where mode == .emacs: .wordLeft
            case "f" where mode == .emacs: .wordRight
            case "B" where mode == .emacs: .bigWordLeft
            case "F" where mode == .emacs: .bigWordRight
            case "d" where mode == .emacs: .killWordRight
            case "\u{7F}" where mode == .emacs, "\u{8}" where mode == .emacs: .killWordLeft
            case "x" where mode == .emacs: .ignore
            default: nil
            }
        if let action {
            outgoing.append(action.character)
        } else if mode == .vi || scalar.value < 0x80 {
            outgoing += [0x1B, scalar.value]
        }
    }

    private func named(_ special: Key.Special, _ modifiers: Key.Modifiers) {
        let byWord = modifiers.contains(.control) || modifiers.contains(.alt)
        let byBigWord = byWord && modifiers.contains(.shift)
        let action: EditAction? =
            switch special {
            case .left: byBigWord ? .bigWordLeft : byWord ? .wordLeft : .left
            case .right: byBigWord ? .bigWordRight : byWord ? .wordRight : .right
            case .up: .up
            case .down: .down
            case .home: .home
            case .end: .end
            case .delete: byWord ? .killWordRight : .deleteForward
            case .insert, .pageUp, .pageDown, .backTab, .function: nil
            }
        if let action { outgoing.append(action.character) }
    }

    func perform(_ character: UInt32) -> EditEngine.Reaction {
        let action =
            EditAction(rawValue: character &- EditAction.base)
            ?? Self.controls[character] ?? Self.viCommands[character] ?? .ignore
        perform(action)
        return outcome == nil ? .refresh : .finish
    }

    private func perform(_ action: EditAction) {
        switch action {
        case .left, .right, .home, .end, .wordLeft, .wordRight, .bigWordLeft, .bigWordRight:
            move(action)
        case .up: moveUp()
        case .down: moveDown()
        case .deleteBackward, .deleteForward: delete(action)
        case .killWordLeft, .killWordRight, .killBigWordLeft, .killToEnd, .killToStart:
            kill(action)
        case .yank: engine.insert(killed)
        case .undo:
            guard let state = undo.step() else { return }
            setText(String(state.text), cursor: state.cursor)
        case .enter:
            let text = text
            if delegate?.isComplete(text) ?? true { finish(.submit(text)) } else { insert("\n") }
        case .newRow: insert("\n")
        case .paste:
            insert(delegate?.insertion(forPaste: pasted) ?? pasted)
            pasted = ""
        case .quoteNext: quotesNext = true
        case .cancel: finish(.cancel(text))
        case .endOrDelete:
            if engine.count == 0 { finish(.endOfFile) } else { delete(.deleteForward) }
        case .complete: delegate?.complete(in: self)
        case .searchBackward: beginSearch()
        case .searchForward, .ignore: break
        case .suspend: delegate?.suspend()
        case .clearScreen: delegate?.clearScreen()
        case .editOutside:
            if let edited = delegate?.editOutside(text) { setText(edited) }
        }
    }
}
