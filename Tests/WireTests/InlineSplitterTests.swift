import Bytes
import Testing

@testable import Wire

// The words of each line were asked from redis-server 7.0.15, by sending the line inline behind
// `EVAL "return ARGV" 0`. A line without words was refused for unbalanced quotes.

@Suite struct InlineSplitterTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var text: [UInt8]
        var words: [[UInt8]]?
        var testDescription: String

        /// The characters stand for bytes of the same number.
        init(_ text: String, _ words: [String]?) {
            self.text = text.unicodeScalars.map { UInt8($0.value) }
            self.words = words?.map { $0.unicodeScalars.map { UInt8($0.value) } }
            testDescription = text.debugDescription
        }
    }

    static let lines: [Line] = [
        Line("a b c", ["a", "b", "c"]),
        Line("  a   b  ", ["a", "b"]),
        Line("a\tb", ["a", "b"]),
        Line("\"a b\" c", ["a b", "c"]),
        Line("'a b' c", ["a b", "c"]),
        Line("\"\"", [""]),
        Line("''", [""]),
        Line("\"\" a", ["", "a"]),
        Line("a \"\" b", ["a", "", "b"]),
        Line("a\"b c\"", ["ab c"]),
        Line("a'b c'", ["ab c"]),
        Line("a\"b\"", ["ab"]),
        Line("\"a\"b", nil),
        Line("'a'b", nil),
        Line("\"a\"\"b\"", nil),
        Line("\"a\" \"b\"", ["a", "b"]),
        Line("\"a\"'b'", nil),
        Line("\"a\\\"b\"", ["a\"b"]),
        Line("'a\\'b'", ["a'b"]),
        Line("'a\\\"b'", ["a\\\"b"]),
        Line("\"a\\'b\"", ["a'b"]),
        Line("\"\\n\\r\\t\\b\\a\"", ["\n\r\t\u{8}\u{7}"]),
        Line("\"\\x41\\x42\"", ["AB"]),
        Line("\"\\x4\"", ["x4"]),
        Line("\"\\x4g\"", ["x4g"]),
        Line("\"\\xzz\"", ["xzz"]),
        Line("\"\\x00\"", ["\u{0}"]),
        Line("\"\\xff\\xFE\"", ["\u{ff}\u{fe}"]),
        Line("\"\\X41\"", ["X41"]),
        Line("\"\\q\"", ["q"]),
        Line("\"\\\\\"", ["\\"]),
        Line("'\\\\'", nil),
        Line("'\\n'", ["\\n"]),
        Line("'\\x41'", ["\\x41"]),
        Line("a\\nb", ["a\\nb"]),
        Line("a\\ b", ["a\\", "b"]),
        Line("\\\"a\"", ["\\a"]),
        Line("a\\\"b c\"", ["a\\b c"]),
        Line("\"a\\", nil),
        Line("\"a\\\"", nil),
        Line("'a\\'", nil),
        Line("\"", nil),
        Line("'", nil),
        Line("a \"", nil),
        Line("a '", nil),
        Line("a\"", nil),
        Line("\"abc", nil),
        Line("'abc", nil),
        Line("\"a b' c\"", ["a b' c"]),
        Line("'a b\" c'", ["a b\" c"]),
        Line("a\u{b}b", ["a\u{b}b"]),
        Line("\u{b}a", ["a"]),
        Line("a \u{b} b", ["a", "b"]),
        Line("a \u{c} b", ["a", "b"]),
        Line("\"a\"\u{b}b", ["a", "b"]),
        Line("\"a\"\u{b}", ["a"]),
        Line("\u{c3}\u{a4} \u{ff}", ["\u{c3}\u{a4}", "\u{ff}"]),
        Line("\"\u{c3}\u{a4}\"", ["\u{c3}\u{a4}"]),
        Line("a\rb", ["a", "b"]),
        Line("\"a\rb\"", ["a\rb"]),
        Line("a\r", ["a"]),
        Line("{}", ["{}"]),
        Line("#a", ["#a"]),
        Line("a;b", ["a;b"]),
        Line("$a", ["$a"]),
        Line("`a`", ["`a`"]),
        Line("a=b", ["a=b"]),
        Line("a\\", ["a\\"]),
        Line("\\", ["\\"]),
        Line("\"\\", nil),
        Line("\\x41", ["\\x41"]),
        Line("\"\\0\"", ["0"]),
        Line("\"a\"\t\"b\"", ["a", "b"]),
        Line("\"a\tb\"", ["a\tb"]),
        Line("\" a \"", [" a "]),
        Line("' a '", [" a "]),
        Line("\"a\"  ", ["a"]),
        Line("\"\\x4", nil),
        Line("\"\\x41", nil),
        Line("a \"b\" c'd'", ["a", "b", "cd"]),
        Line("\"\\x4\\\"", nil),
        Line("a\u{1}b", ["a\u{1}b"]),
        Line("a\u{7f}b", ["a\u{7f}b"]),
        Line("", []),
        Line(" ", []),
        Line("\t", []),
    ]

    @Test(arguments: lines)
    func wordsAreThoseOfTheRealServer(line: Line) {
        #expect(split(line.text) == line.words)
    }

    @Test func thereAreEnoughLines() {
        #expect(InlineSplitterTests.lines.count >= 60)
    }

    /// What is wrong with a line, and where: the prompt shows it.
    @Test func failuresSayWhere() {
        #expect(failure("a \"bc") == .unterminated(offset: 2, quote: UInt8(ascii: "\"")))
        #expect(failure("a b'c d") == .unterminated(offset: 3, quote: UInt8(ascii: "'")))
        #expect(failure("'a'b") == .textAfterQuote(offset: 2))
        #expect(failure("x \"\"\"\"") == .textAfterQuote(offset: 3))
        #expect(failure("x y") == nil)
    }

    /// Any words come back from a line in which each is quoted.
    @Test func quotedWordsComeBack() {
        let seed: UInt64 = 2
        print("seed \(seed)")
        var random = Random(seed: seed)
        for _ in 0..<500 {
            let words = (0..<1 + random.next(below: 4)).map { _ in
                (0..<random.next(below: 12)).map { _ in UInt8(random.next(below: 256)) }
            }
            var line: [UInt8] = []
            for word in words {
                line += Array("\"".utf8)
                for byte in word {
                    let digits = String(byte, radix: 16)
                    line += Array(("\\x" + (digits.count < 2 ? "0" : "") + digits).utf8)
                }
                line += Array("\" ".utf8)
            }
            #expect(split(line) == words)
        }
    }

    private func split(_ text: [UInt8]) -> [[UInt8]]? {
        var words = ArgumentList()
        do throws(InlineSplitter.Failure) {
            try InlineSplitter.split(text.rawSpan, into: &words)
        } catch {
            return nil
        }
        return (0..<words.count).map { words[$0] }
    }

    private func failure(_ text: String) -> InlineSplitter.Failure? {
        var words = ArgumentList()
        do throws(InlineSplitter.Failure) {
            try InlineSplitter.split(Array(text.utf8).rawSpan, into: &words)
            return nil
        } catch {
            return error
        }
    }
}
