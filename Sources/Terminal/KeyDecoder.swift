// Bytes to keys, one byte at a time. A lone Escape and the beginning of a sequence look alike, so
// the decoder does not decide: while `waits` is not nil the reader waits that long for the next
// byte and calls `timeOut()` when none comes. Every sequence is read to its end before it is
// judged; one that means nothing becomes `.unknown`, so that its tail is never taken for typing.

/// Turns the bytes of a terminal into keys.
public struct KeyDecoder: Sendable {
    private enum State: Equatable {
        case ground
        /// After ESC; `again` when there were two, as rxvt sends for Alt with an arrow.
        case escape(again: Bool)
        case control(alt: Bool)
        case single(alt: Bool)
        /// The Linux console's F keys: ESC [ [ A.
        case console
        /// What follows ESC [ M: three bytes of the oldest mouse protocol.
        case mouse(left: Int)
        /// A string that a terminal sends as an answer, up to BEL or ESC \.
        case string(first: UInt8)
        case unicode(alt: Bool, left: Int)
        case paste
    }

    private var state = State.ground
    private var collected: [UInt8] = []
    /// True when a single character, and not Escape and another one, began the sequence.
    private var isEightBit = false
    private let patience: Int

    /// How long Escape may wait for its sequence, in milliseconds.
    public init(escapeMilliseconds: Int = 30) { patience = escapeMilliseconds }

    /// True between keys.
    public var isIdle: Bool { state == .ground }

    /// How long to wait for the next byte, in milliseconds, before calling ``timeOut()``. Nil:
    /// for ever, since a paste and half a character end only when they end.
    public var waits: Int? {
        switch state {
        case .ground, .unicode, .paste: nil
        case .escape: patience
        case .control, .single, .console, .mouse, .string: patience * 10
        }
    }

    /// What the bytes so far mean when no other follows.
    public mutating func timeOut() -> Key? {
        defer { reset() }
        switch state {
        case .ground, .unicode, .paste: return nil
        case .escape: return .escape
        case .control where isEightBit, .single where isEightBit, .string where isEightBit:
            return .unknown
        case .control where collected.isEmpty: return .meta("[")
        case .single where collected.isEmpty: return .meta("O")
        case .string(let first) where collected.isEmpty: return .meta(Unicode.Scalar(first))
        case .control, .single, .console, .mouse, .string: return .unknown
        }
    }

    private mutating func reset() {
        state = .ground
        collected.removeAll()
        isEightBit = false
    }

    /// Takes one byte; the key that it completes, if it does.
    public mutating func feed(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return plain(byte, alt: false)
        case .escape(let again): return afterEscape(byte, again)
        case .control(let alt): return inControl(byte, alt)
        case .single(let alt): return inSingle(byte, alt)
        case .console:
            reset()
            return (65...69).contains(byte) ? .special(.function(Int(byte) - 64), []) : .unknown
        case .mouse(let left):
            state = .mouse(left: left - 1)
            collected.append(byte)
            guard left == 1 else { return nil }
            let numbers = collected.map { Int($0) - 32 }
            reset()
            let mouse = Key.Mouse(
                code: numbers[0], row: numbers[2] - 1, column: numbers[1] - 1, released: false)
            return mouse.map { .mouse($0) } ?? .unknown
        case .string: return inString(byte)
        case .unicode(let alt, let left): return inCharacter(byte, alt, left)
        case .paste: return inPaste(byte)
        }
    }

    private mutating func plain(_ byte: UInt8, alt: Bool) -> Key? {
        state = .ground
        switch byte {
        case 0x1B:
            state = .escape(again: false)
            return nil
        case 0...0x1F, 0x7F:
            return alt ? .meta(Unicode.Scalar(byte)) : .control(byte)
        case 0x20...0x7E:
            return alt ? .meta(Unicode.Scalar(byte)) : .character(Unicode.Scalar(byte))
        case 0xC2...0xF4:
            collected = [byte]
            state = .unicode(alt: alt, left: byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3)
            return nil
        default:
            return introduce(byte)
        }
    }

    /// The control characters above 127 that begin a sequence as Escape and another one do.
    private mutating func introduce(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x8F: state = .single(alt: false)
        case 0x9B: state = .control(alt: false)
        case 0x90, 0x9D, 0x9E, 0x9F: state = .string(first: byte - 0x40)
        default: return .unknown
        }
        isEightBit = true
        return nil
    }

    private mutating func inSingle(_ byte: UInt8, _ alt: Bool) -> Key? {
        switch byte {
        case 0x30...0x3B:
            // Some terminals put the modifiers here: ESC O 5 D is Ctrl-Left.
            if collected.count < 64 { collected.append(byte) }
            return nil
        case 0x20...0x7E:
            var modifiers: Key.Modifiers = alt ? .alt : []
            let last = collected.split(separator: UInt8(ascii: ";")).last ?? []
            if let number = Int(String(decoding: last, as: UTF8.self)), (2...8).contains(number) {
                modifiers.formUnion(Key.Modifiers(rawValue: number - 1))
            }
            let hasParameters = !collected.isEmpty
            reset()
            let key = Self.singleShift(byte, modifiers)
            return key == .enter && hasParameters ? .unknown : key
        default:
            reset()
            return plain(byte, alt: false)
        }
    }

    private mutating func inCharacter(_ byte: UInt8, _ alt: Bool, _ left: Int) -> Key? {
        guard byte & 0xC0 == 0x80 else {
            // Half a character: it is lost, the byte that ended it is not.
            reset()
            return plain(byte, alt: false)
        }
        collected.append(byte)
        state = .unicode(alt: alt, left: left - 1)
        guard left == 1 else { return nil }
        let text = String(validating: collected, as: UTF8.self)
        reset()
        // The range that the editor keeps for itself is typed by nobody.
        guard let scalar = text?.unicodeScalars.first else { return .unknown }
        if (0x80...0x9F).contains(scalar.value) { return introduce(UInt8(scalar.value)) }
        return alt ? .meta(scalar) : .character(scalar)
    }

    private mutating func afterEscape(_ byte: UInt8, _ again: Bool) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape(again: true)
            return nil
        case UInt8(ascii: "["):
            state = .control(alt: again)
            return nil
        case UInt8(ascii: "O"):
            state = .single(alt: again)
            return nil
        case UInt8(ascii: "P"), UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            state = .string(first: byte)
            return nil
        default:
            return plain(byte, alt: true)
        }
    }

    private mutating func inString(_ byte: UInt8) -> Key? {
        let ends = byte == 7 || (byte == UInt8(ascii: "\\") && collected.last == 0x1B)
        if byte == UInt8(ascii: "\r") || byte == 3, collected.isEmpty {
            // Alt-] and then a key; no answer begins like this.
            reset()
            return .control(byte)
        }
        collected = [byte]
        guard ends else { return nil }
        reset()
        return .unknown
    }

    private mutating func inControl(_ byte: UInt8, _ alt: Bool) -> Key? {
        switch byte {
        case UInt8(ascii: "[") where collected.isEmpty:
            state = .console
            return nil
        case UInt8(ascii: "M") where collected.isEmpty:
            state = .mouse(left: 3)
            return nil
        case 0x20...0x3F:
            // A sequence this long is noise; it is still read to its end.
            if collected.count < 64 { collected.append(byte) }
            return nil
        case 0x40...0x7E:
            let parameters = collected
            reset()
            if parameters.first == UInt8(ascii: "<") {
                return Self.mouse(parameters.dropFirst(), byte).map { .mouse($0) } ?? .unknown
            }
            if byte == UInt8(ascii: "~"), parameters == Array("200".utf8) {
                state = .paste
                return nil
            }
            return Self.controlSequence(parameters, byte, alt)
        default:
            // A control character breaks the sequence off and counts by itself.
            reset()
            return plain(byte, alt: false)
        }
    }

    private mutating func inPaste(_ byte: UInt8) -> Key? {
        collected.append(byte)
        guard byte == UInt8(ascii: "~") else { return nil }
        let mark = Array("\u{1B}[201~".utf8)
        guard collected.count >= mark.count, collected.suffix(mark.count).elementsEqual(mark)
        else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(collected.count)
        var afterReturn = false
        for byte in collected.dropLast(mark.count) {
            switch byte {
            case 13: text.append(10)
            case 10 where afterReturn: break
            case 0: break
            default: text.append(byte)
            }
            afterReturn = byte == 13
        }
        reset()
        return .paste(String(decoding: text, as: UTF8.self))
    }
}

extension KeyDecoder {
    /// The newer mouse protocol: `ESC [ < code ; column ; row` and `M`, or `m` for a release.
    private static func mouse(_ bytes: ArraySlice<UInt8>, _ final: UInt8) -> Key.Mouse? {
        let numbers = bytes.split(separator: UInt8(ascii: ";")).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        let isRelease = final == UInt8(ascii: "m")
        guard numbers.count == 3, isRelease || final == UInt8(ascii: "M") else { return nil }
        return Key.Mouse(
            code: numbers[0], row: numbers[2] - 1, column: numbers[1] - 1, released: isRelease)
    }

    private static func letter(_ byte: UInt8) -> Key.Special? {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "P"): .function(1)
        case UInt8(ascii: "Q"): .function(2)
        case UInt8(ascii: "R"): .function(3)
        case UInt8(ascii: "S"): .function(4)
        case UInt8(ascii: "Z"): .backTab
        default: nil
        }
    }

    private static func number(_ number: Int) -> Key.Special? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23, 24: .function(number - 12)
        default: nil
        }
    }

    private static func singleShift(_ byte: UInt8, _ modifiers: Key.Modifiers) -> Key {
        if byte == UInt8(ascii: "M") { return .enter }
        if (UInt8(ascii: "a")...UInt8(ascii: "d")).contains(byte), let key = letter(byte & 0xDF) {
            return .special(key, modifiers.union(.control))
        }
        return letter(byte).map { .special($0, modifiers) } ?? .unknown
    }

    private static func controlSequence(_ bytes: [UInt8], _ final: UInt8, _ alt: Bool) -> Key {
        var numbers: [Int] = []
        for part in bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            guard let number = part.isEmpty ? 1 : Int(String(decoding: part, as: UTF8.self)),
                (0...9999).contains(number)
            else { return .unknown }
            numbers.append(number)
        }
        var modifiers: Key.Modifiers = alt ? .alt : []
        if numbers.count > 1 {
            modifiers.formUnion(Key.Modifiers(rawValue: (max(numbers[1], 1) - 1) & 7))
        }
        if final == UInt8(ascii: "~") {
            guard let key = numbers.first.flatMap(number) else { return .unknown }
            return .special(key, modifiers)
        }
        // Some terminals leave the 1 out: ESC [ 5 D is Ctrl-Left.
        if numbers.count == 1, (2...8).contains(numbers[0]), !bytes.isEmpty {
            modifiers.formUnion(Key.Modifiers(rawValue: numbers[0] - 1))
        }
        guard let key = letter(final) else { return .unknown }
        return .special(key, modifiers)
    }
}
