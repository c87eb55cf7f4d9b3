import Testing

@testable import Repl

@Suite("Figures of keys, in columns")
struct KeyFigureTests {
    @Test("Columns are as wide as their widest part, in cells")
    func columns() {
        var columns = Columns([("key", .left), ("bytes", .right), ("", .left)])
        #expect(columns.isEmpty)
        columns.add("a", "1", "")
        columns.add("日本", "1,234", "#")
        #expect(columns.text == "key   bytes\na         1\n日本  1,234  #\n")
    }

    @Test("The best are kept in order, the first of equals in front")
    func best() {
        var best = Best<String>(3)
        for (rank, name) in [(5, "a"), (1, "b"), (9, "c"), (5, "d"), (7, "e"), (5, "f")] {
            best.offer(rank, name)
        }
        #expect(best.elements == ["c", "e", "a"])
    }

    @Test("Numbers have a mark between thousands")
    func grouped() {
        #expect(
            [0, 999, 1000, 1_234_567, -1000].map(Grouped.text)
                == ["0", "999", "1,000", "1,234,567", "-1,000"])
        #expect(Bar.text(0.31) == "####" && Bar.text(0) == "" && Bar.text(1) == "##########")
    }

    @Test("Keys that are plain stand bare, others quoted and cut")
    func names() {
        #expect(KeyFigures.shown(Array("user:1".utf8)) == "user:1")
        #expect(KeyFigures.shown(Array("a b".utf8)) == "\"a b\"")
        #expect(KeyFigures.shown([]) == "\"\"")
        #expect(KeyFigures.shown([0x1B, 0x5B]) == "\"\\x1b[\"")
        #expect(KeyFigures.shown(Array(repeating: 0x61, count: 99)).hasSuffix("a\"…"))
    }
}
