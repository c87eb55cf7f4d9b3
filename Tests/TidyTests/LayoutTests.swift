import Testing
import TidyRules

/// Each rule about sizes and leftovers sees what is planted, and only that.
@Suite struct LayoutTests {
    @Test func aLineMayHaveHundredColumns() {
        let fits = String(repeating: "x", count: 100)
        let wide = String(repeating: "ä", count: 100)
        #expect(lineLength(SourceFile(path: "Sources/A/a.swift", text: fits)) == [])
        #expect(lineLength(SourceFile(path: "Sources/A/a.swift", text: wide)) == [])
        let findings = lineLength(
            SourceFile(path: "Sources/A/a.swift", text: "let a = 1\n" + fits + "x\n"))
        #expect(findings.map(\.line) == [2])
        #expect(lineLength(SourceFile(path: "README.md", text: fits + "x")) == [])
        #expect(lineLength(SourceFile(path: ".ci/run", text: fits + "x")).count == 1)
    }

    @Test func aFileMayHaveSixHundredLines() {
        let fits = String(repeating: "\n", count: 600)
        #expect(fileLength(SourceFile(path: "Sources/A/a.swift", text: fits)) == [])
        let long = SourceFile(path: "Sources/A/a.swift", text: fits + "\n")
        #expect(fileLength(long).map(\.line) == [601])
    }

    @Test(arguments: [
        "func long() {", "init() {", "init?(x: Int) {", "subscript(x: Int) -> Int {",
        "var long: Int {", "deinit {", "func long(_ f: () -> Void = { }) -> [Int] where A: B {",
        "private static func long() throws(E)\n{", "var long: [Int: () -> Int] {",
    ])
    func aFunctionMayHaveSeventyLines(opening: String) {
        func body(_ count: Int) -> SourceFile {
            let lines = opening.split(separator: "\n").count
            let filling = String(
                repeating: "    if a { \"}\\(b { 1 })\" }\n", count: count - lines - 1)
            return SourceFile(
                path: "Sources/A/a.swift",
                text: "struct A {\n    var a: Int\n\(opening)\n\(filling)}\n}\n")
        }
        #expect(functionLength(body(70)) == [])
        let findings = functionLength(body(71))
        #expect(findings.map(\.line) == [3])
        #expect(findings.first?.message.contains("71 lines") == true)
    }

    @Test func transcriptsInTestsAreData() {
        func file(_ folder: String, code: Int) -> SourceFile {
            let transcript = String(repeating: "> GET }\n", count: 100)
            let filling = String(repeating: "a()\n", count: code)
            let text = "func f() {\n\(filling)g(\"\"\"\n\(transcript)\"\"\")\n}\n"
            return SourceFile(path: "\(folder)/A/a.swift", text: text)
        }
        #expect(functionLength(file("Tests", code: 67)) == [])
        #expect(functionLength(file("Tests", code: 68)).count == 1)
        #expect(functionLength(file("Sources", code: 0)).count == 1)
    }

    @Test func whatIsNotAFunctionIsNotMeasured() {
        let blank = String(repeating: "\n", count: 80)
        let text = """
            protocol P {
                func required(_ x: Int) -> Int
                init(x: Int)
                var y: Int { get }
            }
            let a = X.init(1)
            var stored: Int
            var table = [1].map { \(blank) $0 }
            enum E {\(blank)}
            func short() { }
            """
        let file = SourceFile(path: "Sources/A/a.swift", text: text)
        #expect(functions(in: file).map(\.name) == ["y", "short"])
        #expect(functionLength(file) == [])
    }

    @Test func leftoversAreFound() {
        let word = "TO" + "DO"
        let path = "/wo" + "rk/"
        let file = SourceFile(
            path: "Sources/A/a.swift",
            text:
                "// all is well\n// \(word): later\nlet x = \"\(path)x\"\n// \(word)S, MYX\(word)\n"
        )
        #expect(markers(file).map(\.line) == [2, 3])
        #expect(markers(SourceFile(path: "README.md", text: "FIX" + "ME")).count == 1)
    }

    @Test func theReadmeCarriesItsCommands() {
        let start = "<!-- start command -->\n```sh\nrun\n```\n"
        let test = "<!-- test command -->\n```sh\ntest\n```\n"
        #expect(readmeCommands(SourceFile(path: "README.md", text: start + test)) == [])
        #expect(readmeCommands(SourceFile(path: "README.md", text: start)).count == 1)
        #expect(readmeCommands(SourceFile(path: "README.md", text: "# Larder")).count == 2)
    }

    @Test func theTopLevelIsClosed() {
        #expect(topLevel([".ci", "Package.swift", "Package.resolved", "Sources"]) == [])
        #expect(topLevel(["docs", "Sources", "Makefile"]).map(\.path) == ["Makefile", "docs"])
    }
}
