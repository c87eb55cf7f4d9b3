import Bytes
import Testing

@Suite struct GlobTests {
    /// Texts are Latin-1, so that every byte can be written down.
    private func latin1(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8($0.value) }
    }

    private func matches(_ pattern: String, _ text: String, ignoringCase: Bool = false) -> Bool {
        Glob.matches(latin1(pattern), latin1(text), ignoringCase: ignoringCase)
    }

    @Test(arguments: [
        ("", "", true), ("", "a", false), ("*", "", false), ("**", "", false), ("*", "a", true),
        ("a?c", "abc", true), ("a?c", "ac", false), ("a*c", "ac", true), ("a*c", "abcb", false),
        ("*b", "abb", true), ("a**", "a", true), ("user:*:name", "user:10:name", true),
        ("[abc]x", "bx", true), ("[^abc]x", "bx", false), ("[^abc]x", "dx", true),
        ("[a-c]", "b", true), ("[c-a]", "b", true), ("[a-]", "^", true), ("[a-]", "-", false),
        ("[a-", "-", true), ("[]", "]", false), ("[]a]", "a", false), ("[", "[", false),
        ("[^", "x", true), ("[^]", "x", true), ("[^", "", false), ("x*[^", "xyz", true),
        ("[ab", "b", true), ("[\\", "\\", true), ("[\\]]", "]", true), ("[a\\-c]", "b", false),
        ("[a\\-c]", "-", true), ("[a-\\]]", "b", false), ("[\\a-c]", "b", false),
        ("\\", "\\", true), ("a\\", "a\\", true), ("\\*", "*", true), ("\\*", "a", false),
        ("\\a", "a", true), ("]", "]", true), ("[!a]", "b", false), ("a-b", "a-b", true),
        // Ranges run over signed bytes.
        ("[a-\u{ff}]", "b", false), ("[a-\u{ff}]", "A", true), ("[a-\u{ff}]", "\u{fe}", false),
        ("[\u{80}-\u{ff}]", "\u{90}", true), ("[\u{80}-z]", "\u{90}", true), ("Abc", "abc", false),
    ])
    func asTheServerAnswers(pattern: String, text: String, expected: Bool) {
        #expect(matches(pattern, text) == expected)
    }

    @Test(arguments: [
        ("MAXMEMORY", true), ("MAX*Y", true), ("MAX\\MEMORY", true), ("MAX[M-m]EMORY", true),
        ("MAX[Z-a]EMORY", false), ("MAX[L-n]EMORY", true), ("MAX[l-N]EMORY", false),
        ("MAX[A-\u{c0}]EMORY", false), ("MAX[\u{ff}-z]EMORY", true),
        ("MAX[\u{fe}-z]EMORY", false), ("MAX[^M]EMORY", false), ("MAX[^n-o]EMORY", true),
    ])
    func ignoringCaseAsConfigGet(pattern: String, expected: Bool) {
        #expect(matches(pattern, "maxmemory", ignoringCase: true) == expected)
    }

    /// An element of a pattern: nil for a star, else which bytes it takes.
    private typealias Element = Set<UInt8>?

    /// A second reading of the rules: first into elements, then by dynamic programming.
    private func plainMatches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        if text.isEmpty { return pattern.isEmpty }
        var elements: [Element] = []
        var rest = pattern[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): elements.append(nil)
            case UInt8(ascii: "?"): elements.append(Set(0...255))
            case UInt8(ascii: "["): elements.append(plainClass(&rest))
            case UInt8(ascii: "\\"): elements.append([rest.popFirst() ?? byte])
            default: elements.append([byte])
            }
        }
        var reached = [Bool](repeating: false, count: text.count + 1)
        reached[0] = true
        for element in elements {
            var next = [Bool](repeating: false, count: text.count + 1)
            for index in 0...text.count {
                if let element {
                    next[index] =
                        index > 0 && reached[index - 1] && element.contains(text[index - 1])
                } else {
                    next[index] = reached[...index].contains(true)
                }
            }
            reached = next
        }
        return reached[text.count]
    }

    private func plainClass(_ rest: inout ArraySlice<UInt8>) -> Set<UInt8> {
        var members: Set<UInt8> = []
        let negated = rest.first == UInt8(ascii: "^")
        if negated { rest.removeFirst() }
        while let byte = rest.popFirst(), byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                members.insert(escaped)
            } else if rest.count >= 2, rest.first == UInt8(ascii: "-") {
                let end = rest[rest.startIndex + 1]
                rest.removeFirst(2)
                let ends = [Int8(bitPattern: byte), Int8(bitPattern: end)]
                for value in ends.min()!...ends.max()! { members.insert(UInt8(bitPattern: value)) }
            } else {
                members.insert(byte)
            }
        }
        return negated ? Set(0...255).subtracting(members) : members
    }

    @Test func agreesWithPlainForm() {
        let seed: UInt64 = 0x910b
        print("seed \(seed)")
        var random = Random(seed: seed)
        let alphabets = [
            latin1("ab*"), latin1("ab*?[]^-\\"), latin1("[]-^\\ab"),
            latin1("a-]\u{80}\u{ff}\u{0}[*"),
        ]
        var positive = 0
        for round in 0..<8000 {
            let alphabet = alphabets[round % alphabets.count]
            let pattern = (0..<random.next(below: 9)).map { _ in
                alphabet.randomElement(using: &random)!
            }
            let text = (0..<random.next(below: 6)).map { _ in
                alphabet.randomElement(using: &random)!
            }
            let expected = plainMatches(pattern, text)
            positive += expected ? 1 : 0
            #expect(Glob.matches(pattern, text) == expected, "\(pattern) \(text)")
            let viaSpans = Glob.matches(pattern.rawSpan, text.rawSpan)
            #expect(viaSpans == expected, "\(pattern) \(text)")
            if Glob.isLiteral(pattern) {
                #expect(expected == (pattern == text), "\(pattern) \(text)")
            }
        }
        #expect(positive > 300)
    }

    @Test func starsDoNotMultiply() {
        // A matcher that tries every place for every star would not finish.
        let pattern = String(repeating: "a*", count: 60) + "b"
        let text = String(repeating: "a", count: 4000)
        #expect(!matches(pattern, text))
        #expect(matches(pattern, text + "b"))
    }

    @Test func thousandthStarIsRefused() {
        for (stars, expected) in [(999, true), (1000, false), (1001, false)] {
            let pattern = String(repeating: "*a", count: stars)
            let text = String(repeating: "a", count: stars)
            #expect(matches(pattern, text) == expected, "\(stars) stars")
        }
        // Neither stars in a row nor a last one count.
        #expect(matches(String(repeating: "*", count: 5000) + "a", "a"))
        #expect(
            matches(String(repeating: "*a", count: 999) + "*", String(repeating: "a", count: 999)))
    }

    @Test func literals() {
        for literal in ["", "abc", "a]b", "a-b", "^", "é"] {
            #expect(Glob.isLiteral(Array(literal.utf8)), "\(literal)")
        }
        for pattern in ["*", "a?", "[a", "\\"] {
            #expect(!Glob.isLiteral(Array(pattern.utf8)), "\(pattern)")
            let bytes = Array(pattern.utf8)
            let viaSpan = Glob.isLiteral(bytes.rawSpan)
            #expect(!viaSpan, "\(pattern)")
        }
    }
}
