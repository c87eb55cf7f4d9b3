import Glibc
import Testing

/// What stands on the screen while a line is typed, cell by cell.
@Suite struct LineScreenTests {
    private func started(
        _ arguments: [String] = [], rows: Int = 24, columns: Int = 80,
        home: TemporaryHome = TemporaryHome()
    ) throws -> TerminalProgram {
        let program = try TerminalProgram(arguments, rows: rows, columns: columns, home: home)
        try program.seePrompt()
        return program
    }

    private func isGrey(_ style: String) -> Bool { style.hasSuffix("90") }

    @Test func theMenuStandsBelowTheLineAndGoesAgain() throws {
        let program = try started()
        program.type("MSET user:1 one user:2 two\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type("GET us\t")
        try program.see(row: "larder> GET user:", column: 17)
        program.type("\t")
        var screen = try program.see("the menu") { $0.below.contains("user:1") }
        let words = screen.below.split(separator: " ").map(String.init)
        #expect(words.sorted() == ["user:1", "user:2"])
        #expect(screen.text(styled: { $0 == "0;7" }, row: screen.row + 1) == words[0])
        // The menu leads around its ends.
        var choice = 0
        repeat {
            program.type("\t")
            choice = (choice + 1) % 2
            screen = try program.see("\(words[choice]) chosen") {
                $0.text(styled: { $0 == "0;7" }, row: $0.row + 1) == words[choice]
            }
            #expect(screen.column == 17)
        } while words[choice] != "user:2"
        // Enter takes the word, and the menu makes room again without anything having run.
        program.type("\r")
        screen = try program.see(row: "larder> GET user:2", column: 19)
        #expect(!screen.below.contains("user:1"))
        #expect(!screen.transcript.contains("\"two\""))
        program.type("\r")
        try program.see(anywhere: "\"two\"")
        try program.seePrompt()
        #expect(program.screen.unknown == [])
        #expect(try program.leave() == 0)
    }

    @Test func escapeClosesTheMenuAndLeavesTheLine() throws {
        let program = try started()
        program.type("CONFIG \t")
        try program.see("the menu") { $0.below.hasPrefix(" GET") }
        program.type("\u{1B}")
        try program.see("no menu") {
            $0.current.hasPrefix("larder> CONFIG") && !$0.below.contains("RESETSTAT")
                && $0.column == 15
        }
        program.type("\u{3}")
        #expect(try program.leave() == 0)
    }

    @Test func theGhostIsGreyBehindTheCursorAndTakenWithRight() throws {
        let program = try started()
        program.type("SET greeting hello\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type("SET g")
        var screen = try program.see(row: "larder> SET greeting hello", column: 13)
        #expect(screen.text(styled: isGrey) == "reeting hello")
        // Alt-Right takes a word, Right the rest.
        program.type("\u{1B}[1;3C")
        screen = try program.see(row: "larder> SET greeting hello", column: 20)
        #expect(screen.text(styled: isGrey) == " hello")
        program.type("\u{1B}[C")
        screen = try program.see("all taken") { $0.column == 26 }
        #expect(screen.text(styled: { $0 == "0;1;34" }) == "SET")
        #expect(screen.text(styled: { $0 == "0;36" }) == "greeting")
        program.type("\u{3}")
        // Enter runs what was typed and never the ghost.
        try program.seePrompt()
        program.type("SET g")
        try program.see(row: "larder> SET greeting hello", column: 13)
        program.type("\r")
        try program.see("an error") { screen in
            screen.transcript.contains { $0.hasPrefix("(error) ERR wrong number") }
        }
        #expect(program.screen.transcript.contains("larder> SET g"))
        #expect(try program.leave() == 0)
    }

    @Test func theHintLosesTheOptionsThatWereTyped() throws {
        let program = try started()
        program.type("SET k v ")
        let before = try program.see("a hint") { $0.text(styled: isGrey).contains("EX") }
        #expect(before.text(styled: isGrey).contains("[NX | XX]"))
        program.type("NX EX 5 ")
        let after = try program.see("less") { $0.column == 24 }
        #expect(!after.text(styled: isGrey).contains("NX"))
        #expect(!after.text(styled: isGrey).contains("EX"))
        program.type("\u{3}")
        #expect(try program.leave() == 0)
    }

    @Test func controlRSearchesAndControlGRestores() throws {
        let program = try started()
        for (line, reply) in [("SET user:1 ada", 1), ("SET user:2 bob", 2), ("SET zoo 3", 3)] {
            program.type(line + "\r")
            try program.see("a reply") { screen in
                screen.transcript.count { $0 == "OK" } == reply && screen.column == 8
            }
        }
        program.type("half\u{12}")
        try program.see("the search") { $0.current.hasPrefix("(search) : half") }
        program.type("user")
        var screen = try program.see(row: "(search) user: SET user:2 bob", column: 19)
        #expect(screen.text(styled: { $0 == "0;4" }) == "user")
        program.type("\u{12}")
        try program.see(row: "(search) user: SET user:1 ada", column: 19)
        program.type("q")
        try program.see("no match") { $0.current.hasPrefix("(no match) userq: ") }
        program.type("\u{7}")
        screen = try program.see("the line") {
            $0.current.hasPrefix("larder> half") && $0.column == 12
        }
        program.type("\u{15}\u{12}ad\u{5}")
        try program.see("the found line") {
            $0.current.hasPrefix("larder> SET user:1 ada") && $0.column == 22
        }
        program.type("\r")
        try program.see("a reply") { $0.transcript.count { $0 == "OK" } == 4 }
        #expect(try program.leave() == 0)
    }

    @Test func aPasteOfSeveralLinesWaitsForEnter() throws {
        let program = try started()
        #expect(program.screen.bracketsPastes)
        program.paste("SET a 1\r\nSET b 'x\r\ny'\nGET a\n")
        let screen = try program.see("the paste") { $0.current.hasPrefix("...> GET a") }
        #expect(screen.lines.suffix(5).first == "larder> SET a 1")
        #expect(screen.lines.contains("...> y'"))
        #expect(screen.below.contains("3 commands"))
        #expect(!screen.transcript.contains("OK"))
        program.type("\r")
        try program.see("the replies") { screen in
            screen.transcript.count { $0 == "OK" } == 2 && screen.transcript.contains("\"1\"")
        }
        try program.seePrompt()
        program.type("GET b\r")
        try program.see(anywhere: "\"x\\ny\"")
        #expect(try program.leave() == 0)
    }

    @Test func anotherProgramMayEditTheLine() throws {
        let home = TemporaryHome()
        let script = try home.file(
            """
            #!/bin/sh
            [ -t 0 ] && [ -t 1 ] && stty -a | grep -q ' icanon' || exit 1
            ls -ld "$(dirname "$1")" | grep -q '^drwx------' || exit 2
            sed 's/half/whole/' "$1" > "$1.new" && mv "$1.new" "$1"
            echo 'GET b' >> "$1"
            """, name: "editor")
        home.variables = ["EDITOR=/bin/sh \(script)"]
        let program = try started(home: home)
        program.type("SET b half\u{18}\u{5}")
        let screen = try program.see("the edited text") { $0.current.hasPrefix("...> GET b") }
        #expect(screen.lines.contains("larder> SET b whole"))
        #expect(program.isRaw)
        program.type("\r")
        try program.see(anywhere: "\"whole\"")
        try program.seePrompt()
        // A secret is not written to a file, and the line stays.
        program.type("AUTH tiger\u{18}\u{5}")
        try program.see("a remark and the line") {
            $0.transcript.contains { $0.hasPrefix("A line with a secret") }
                && $0.current.hasPrefix("larder> AUTH •••••") && $0.column == 18
        }
        program.type("\u{3}")
        #expect(try program.leave() == 0)
        #expect(home.names(home.path + "/larder") == [])
    }

    @Test func messagesComeAboveALineOfSeveralRows() throws {
        let home = TemporaryHome()
        let server = try SilentServer(home.path + "/s")
        let program = try TerminalProgram(
            ["--target", "unix:\(home.path)/s", "--render", "classic", "--color", "never"],
            columns: 50, home: home)
        let prompt = "\(home.path)/s> "
        try program.seePrompt(prompt)
        program.type("PING\r")
        #expect(try server.nextRequest().contains("PING"))
        server.answer("+PONG\r\n")
        try program.see(anywhere: "PONG")
        try program.seePrompt(prompt)
        let line = "ECHO " + (10..<40).map { "<\($0)>" }.joined()
        let column = (prompt.utf8.count + line.utf8.count) % 50
        program.type(line)
        try program.see("the line") {
            $0.column == column && self.rows($0, from: prompt) == prompt + line
        }
        for message in ["first", "second"] {
            server.answer(">1\r\n+\(message)\r\n")
            try program.see("the \(message) message and the line") {
                $0.transcript.contains("1) " + message) && $0.column == column
                    && self.rows($0, from: prompt) == prompt + line
            }
        }
        #expect(program.screen.transcript.count { $0.hasPrefix(prompt + "ECHO") } == 1)
        program.type("\u{C}")
        try program.see("the line on a bare screen") {
            self.rows($0, from: prompt) == prompt + line && $0.lines[0].hasPrefix(prompt + "ECHO")
                && $0.column == column
        }
        program.type("\u{3}")
        #expect(try program.leave(prompt: prompt) == 0)
    }

    @Test func aMegabyteCanBePasted() throws {
        let program = try started()
        let value = String(repeating: "0123456789abcdef", count: 65_536)
        program.paste("SET big " + value)
        try program.see("the end of the paste") { screen in
            screen.current.hasSuffix("89abcdef") && screen.cursor == [23, 32]
        }
        program.type("\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type("STRLEN big\r")
        try program.see(anywhere: "(integer) 1048576")
        #expect(try program.leave() == 0)
    }

    @Test func wideAndCombiningCharactersKeepTheCursorInItsColumn() throws {
        let program = try started()
        program.type("SET 日本 e\u{301}x")
        try program.see("wide and combining") {
            $0.current.hasPrefix("larder> SET 日本 e\u{301}x") && $0.column == 19
        }
        // Left goes over the x, the letter with its accent, the blank, and one wide character.
        for column in [18, 17, 16, 14] {
            program.type("\u{1B}[D")
            try program.see("the cursor in column \(column)") { $0.column == column }
        }
        program.type("\u{7F}")
        try program.see("日 gone") {
            $0.current.hasPrefix("larder> SET 本 e\u{301}x") && $0.column == 12
        }
        program.type("\u{5}\u{7F}\u{7F}")
        try program.see("the letter and its accent gone") {
            $0.current.hasPrefix("larder> SET 本") && !$0.current.contains("e\u{301}")
                && $0.column == 15
        }
        program.type("語\r")
        try program.see(anywhere: "OK")
        try program.seePrompt()
        program.type("GET 本\r")
        try program.see(anywhere: "\"語\"")
        #expect(try program.leave() == 0)
    }

    @Test func aWideCharacterIsNotCutAtTheMargin() throws {
        let program = try started(columns: 20)
        program.type("ECHO abcdef日本")
        let screen = try program.see("two rows") { $0.current == "日本" && $0.column == 4 }
        // The last column of the first row is empty: half a character would not do.
        #expect(screen.lines.contains("larder> ECHO abcdef"))
        program.type("\u{1B}[D\u{1B}[D")
        try program.see("the cursor before the wide character") {
            $0.current == "日本" && $0.column == 0
        }
        program.type("\u{1B}[D\u{7F}")
        try program.see("one letter less") {
            $0.current == "larder> ECHO abcdf日" && $0.column == 17 && $0.below == "本"
        }
        program.type("\r")
        try program.see(anywhere: "\"abcdf日本\"")
        #expect(try program.leave() == 0)
    }

    @Test func whatTerminalsReportIsNoTyping() throws {
        let program = try started(["--color", "never"])
        let escape = "\u{1B}"
        let reports = [
            "[I", "[O", "[?1;2c", "[>0;276;0c", "[24;80R", "OX", "O2P", "[[A", "[M !!", "[<0;3;4M",
            "]11;rgb:0000/0000/0000\u{7}", "]52;c;aGk=\(escape)\\", "P1$r0m\(escape)\\",
            "P>|xterm(379)\(escape)\\", "_Gi=1;OK\(escape)\\", "[5~", "[6~", "[2~", "[15;2~",
            "[99;5u", "[27;5;9~", "[57358u", "[?62;22c", "[1;9Q", "[8;24;80t", "[0n", "[:::z",
        ].map { escape + $0 }
        var expected = "larder> ECHO "
        for (index, report) in (reports + ["\u{9B}5n", "\u{9D}11;?\u{7}"]).enumerated() {
            let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
            program.type((index == 0 ? "ECHO " : "") + report + letter)
            expected += letter
            try program.see(row: expected, column: expected.count)
        }
        program.type("\r")
        #expect(try program.leave() == 0)
    }

    @Test func aLongLineFollowsTheWindow() throws {
        let program = try started()
        let line = "ECHO " + (10..<60).map { "<\($0)>" }.joined()
        program.type(line)
        try program.see("three rows") { $0.current.hasSuffix("<59>") && $0.column == 53 }
        #expect(rows(program.screen, from: "larder> ") == "larder> " + line)
        for (rows, columns) in [(24, 50), (24, 100), (10, 37), (30, 120), (24, 80)] {
            program.resize(rows: rows, columns: columns)
            let end = (8 + line.utf8.count) % columns
            try program.see("the line at \(columns) columns") {
                $0.column == end && self.rows($0, from: "larder> ") == "larder> " + line
                    && $0.current.count == end
            }
        }
        // Nothing of the line was left above it.
        #expect(program.screen.transcript.count { $0.hasPrefix("larder> ECHO") } == 1)
        program.type("\r")
        try program.see("the reply") { screen in
            screen.transcript.contains { $0.hasPrefix("\"<10><11>") }
        }
        #expect(try program.leave() == 0)
    }

    /// The rows from the last one that begins so to the one of the cursor.
    private func rows(_ screen: Screen, from beginning: String) -> String {
        let rows = screen.grid[...screen.row].map(\.text)
        guard let first = rows.lastIndex(where: { $0.hasPrefix(beginning) }) else { return "" }
        return rows[first...].joined()
    }
}
