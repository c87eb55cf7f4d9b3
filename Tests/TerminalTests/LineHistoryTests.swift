import Glibc
import Terminal
import Testing

/// A directory that is gone after the test.
private final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/larder-test-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    deinit {
        for name in ["/a/b/history", "/history", "/link", "/real", "/a/b", "/a"] {
            remove(path + name)
        }
        rmdir(path)
    }

    func mode(_ name: String) -> mode_t {
        var status = stat()
        return stat(path + name, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    func contents(_ name: String) -> String {
        guard let file = fopen(path + name, "r") else { return "no file" }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o600) {
        let file = open(path + name, O_CREAT | O_WRONLY | O_TRUNC, mode)
        fchmod(file, mode)
        Descriptor(file).write(text)
        close(file)
    }
}

struct LineHistoryTests {
    @Test func fileAndDirectoriesArePrivateFromTheirCreation() {
        let scratch = Scratch()
        let history = LineHistory(path: scratch.path + "/a/b/history")
        history.add("GET a")
        #expect(history.complaint == nil)
        #expect(scratch.mode("/a") == 0o700)
        #expect(scratch.mode("/a/b") == 0o700)
        #expect(scratch.mode("/a/b/history") == 0o600)
        #expect(scratch.contents("/a/b/history") == "GET a\n")
    }

    @Test func aFileThatOthersMayReadIsClosedToThem() {
        let scratch = Scratch()
        scratch.write("GET a\n", to: "/history", mode: 0o644)
        LineHistory(path: scratch.path + "/history").add("GET b")
        #expect(scratch.mode("/history") == 0o600)
    }

    @Test(arguments: ["a\nb", "\\n", "a\\", "\\\\n", "x\r\ny", "日本 \\ \t\u{1}", "\\\n\\"])
    func everyLineComesBackAsItWas(line: String) {
        let scratch = Scratch()
        let path = scratch.path + "/history"
        LineHistory(path: path).add(line)
        #expect(LineHistory(path: path).entries == [line])
        #expect(scratch.contents("/history").filter { $0 == "\n" }.count == 1)
    }

    @Test func blankAndRepeatedLinesAreNotKept() {
        let history = LineHistory()
        for line in ["a", "a", "", "  ", "b", "a"] { history.add(line) }
        #expect(history.entries == ["a", "b", "a"])
    }

    @Test func privateLinesStayInMemory() {
        let scratch = Scratch()
        let path = scratch.path + "/history"
        let history = LineHistory(path: path) { $0.hasPrefix("AUTH") }
        for line in ["a", " b", "AUTH secret", "c"] { history.add(line) }
        #expect(history.entries == ["a", " b", "AUTH secret", "c"])
        #expect(scratch.contents("/history") == "a\nc\n")
    }

    @Test func sessionsAtTheSameTimeKeepEachOthersLines() {
        let scratch = Scratch()
        let path = scratch.path + "/history"
        let one = LineHistory(path: path)
        let two = LineHistory(path: path)
        one.add("a")
        two.add("b")
        one.add("c")
        #expect(one.entries == ["a", "c"])
        #expect(LineHistory(path: path).entries == ["a", "b", "c"])
    }

    @Test func manySessionsAtOnceLoseNothingEvenWhileTrimming() async {
        let scratch = Scratch()
        let path = scratch.path + "/history"
        await withTaskGroup { group in
            for session in 0..<4 {
                group.addTask {
                    let history = LineHistory(path: path, limit: 1000)
                    for line in 0..<100 { history.add("\(session) \(line)") }
                }
            }
            group.addTask {
                // Reads again and again with a limit that is never exceeded by much: every
                // reading that finds too many lines trims.
                for _ in 0..<50 { _ = LineHistory(path: path, limit: 400) }
            }
        }
        let entries = LineHistory(path: path).entries
        #expect(entries.count == 400)
        for session in 0..<4 {
            let own = entries.filter { $0.hasPrefix("\(session) ") }
            #expect(own == (0..<100).map { "\(session) \($0)" })
        }
    }

    @Test func theOldestLinesGo() {
        let scratch = Scratch()
        let path = scratch.path + "/history"
        let history = LineHistory(path: path, limit: 3)
        for line in ["a", "b", "c", "d", "e"] { history.add(line) }
        #expect(history.entries == ["c", "d", "e"])
        #expect(LineHistory(path: path, limit: 3).entries == ["c", "d", "e"])
        #expect(scratch.contents("/history") == "c\nd\ne\n")
        #expect(scratch.mode("/history") == 0o600)
    }

    @Test func aLinkStaysALink() {
        let scratch = Scratch()
        scratch.write("a\nb\n", to: "/real")
        symlink(scratch.path + "/real", scratch.path + "/link")
        let history = LineHistory(path: scratch.path + "/link", limit: 1)
        history.add("c")
        #expect(scratch.contents("/real") == "c\n")
        var status = stat()
        #expect(lstat(scratch.path + "/link", &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func noFileIsNoHarm() {
        for path in [nil, "", "/dev/null", "/tmp"] {
            let history = LineHistory(path: path)
            history.add("a")
            #expect(history.entries == ["a"])
            #expect(history.complaint == nil)
        }
        let history = LineHistory(path: "/proc/nothing/history")
        history.add("a")
        #expect(history.entries == ["a"])
        #expect(history.complaint != nil)
    }
}
