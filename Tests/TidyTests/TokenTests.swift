import Testing
import TidyRules

/// The reader of Swift tells code from comments and literals.
@Suite struct TokenTests {
    private func words(_ text: String) -> [String] {
        SourceFile(path: "a.swift", text: text).tokens.map(\.text)
    }

    @Test func commentsAreNotCode() {
        #expect(words("a // b\nc /* d /* e */ f */ g") == ["a", "c", "g"])
    }

    @Test func literalsAreNotCode() {
        #expect(words(##"a = "b \" c" + #"d " \n e"# + f"##) == ["a", "=", "+", "+", "f"])
        #expect(words("a(\"\"\"\n b \" c\n \"\"\", d)") == ["a", "(", ",", "d", ")"])
        #expect(words(##"x #if "\\" y"##) == ["x", "#", "if", "y"])
    }

    @Test func interpolationsAreCode() {
        #expect(words(#"a "b \(c(d["e"])) f" g"#) == ["a", "c", "(", "d", "[", "]", ")", "g"])
        #expect(words(##"#"a \(b) \#(c) d"# e"##) == ["c", "e"])
        #expect(words(#""\("\(x) y") z" w"#) == ["x", "w"])
    }

    @Test func linesAreCounted() {
        let file = SourceFile(path: "a.swift", text: "/*\n*/\n\"\"\"\n\\(a)\n\n\"\"\" b\nc")
        #expect(
            file.tokens == [
                Token(text: "a", line: 4), Token(text: "b", line: 6), Token(text: "c", line: 7),
            ])
    }
}
