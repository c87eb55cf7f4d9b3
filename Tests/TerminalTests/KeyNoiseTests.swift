import Terminal
import Testing

/// Sequences that a terminal might send, made up: whatever they are, no letter of them is ever
/// taken for typing. The line holds characters that no sequence contains, so that any other
/// character in it has leaked.
struct KeyNoiseTests {
    private struct Dice {
        var state: UInt64

        mutating func roll(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }

        mutating func one(of bytes: ClosedRange<UInt8>) -> UInt8 {
            bytes.lowerBound + UInt8(roll(bytes.count))
        }

        mutating func some(_ bytes: ClosedRange<UInt8>, upTo limit: Int) -> [UInt8] {
            (0..<roll(limit + 1)).map { _ in one(of: bytes) }
        }
    }

    /// A whole sequence of one of the shapes of ECMA-48, in its 7-bit or 8-bit form.
    private static func sequence(_ dice: inout Dice) -> [UInt8] {
        let isWide = dice.roll(8) == 0
        func introduced(by letter: Character) -> [UInt8] {
            let byte = letter.asciiValue!
            return isWide ? [0xC2, byte + 0x40] : [0x1B, byte]
        }
        switch dice.roll(isWide ? 4 : 6) {
        case 0, 1:
            // The oldest mouse reports have three more bytes, and a paste lasts until it ends.
            var final = dice.one(of: 0x40...0x7E)
            let parameters = dice.some(0x30...0x3F, upTo: 6)
            if final == UInt8(ascii: "M") || final == UInt8(ascii: "[") { final += 1 }
            if final == UInt8(ascii: "~"), parameters.starts(with: Array("200".utf8)) { final -= 1 }
            return introduced(by: "[") + parameters + dice.some(0x20...0x2F, upTo: 2) + [final]
        case 2:
            return introduced(by: "O") + dice.some(0x30...0x3B, upTo: 3)
                + [dice.one(of: 0x40...0x7E)]
        case 3:
            let first: [Character] = ["P", "]", "^", "_"]
            let end: [UInt8] = dice.roll(2) == 0 ? [7] : [0x1B, 0x5C]
            return introduced(by: first[dice.roll(4)]) + [dice.one(of: 0x21...0x7E)]
                + dice.some(0x20...0x7E, upTo: 20) + end
        case 4:
            return [0x1B, 0x5B, 0x4D] + (0..<3).map { _ in dice.one(of: 0x20...0x7E) }
        default:
            // Alt with a key that begins no longer sequence.
            while true {
                let byte = dice.one(of: 0x20...0x7E)
                if !"[OP]^_".utf8.contains(byte) { return [0x1B, byte] }
            }
        }
    }

    @Test(arguments: 1...40, [EditingMode.emacs, .vi])
    func nothingOfASequenceIsEverInserted(seed: UInt64, mode: EditingMode) throws {
        var dice = Dice(state: seed)
        for round in 0..<25 {
            var bytes = Array("日本語".utf8)
            var account: [String] = []
            for _ in 0...dice.roll(4) {
                var sequence = Self.sequence(&dice)
                // In vi, Escape and a letter are two keys, and the letter may well insert.
                while mode == .vi, sequence.count == 2, sequence[0] == 0x1B {
                    sequence = Self.sequence(&dice)
                }
                bytes += sequence
                account.append(String(decoding: sequence, as: UTF8.self).debugDescription)
            }
            let keys = bytes.map { InputEvent.byte($0) } + [.timeout, .byte(13)]
            let editor = try LineEditor(
                input: ScriptedInput(keys), history: LineHistory(), mode: mode)
            guard case .submit(let text) = editor.readLine(for: Recorder()) else { continue }
            #expect(
                text.allSatisfy { "日本語".contains($0) },
                "seed \(seed), round \(round), \(mode): \(account.joined(separator: " "))")
        }
    }

    @Test(arguments: 1...40)
    func aSequenceThatBreaksOffLosesOnlyItself(seed: UInt64) throws {
        var dice = Dice(state: seed)
        for round in 0..<25 {
            var bytes = Self.sequence(&dice)
            bytes.removeLast(min(1 + dice.roll(3), bytes.count - 1))
            // A lone lead byte of the 8-bit form is half a character, and nothing is typed yet.
            let keys = bytes.map { InputEvent.byte($0) } + [.timeout]
            let editor = try LineEditor(
                input: ScriptedInput(keys + Array("日\r".utf8).map { .byte($0) }),
                history: LineHistory())
            guard case .submit(let text) = editor.readLine(for: Recorder()) else { continue }
            #expect(
                text.allSatisfy { $0 == "日" },
                "seed \(seed), round \(round): \(bytes)")
        }
    }
}
