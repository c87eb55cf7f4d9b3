import Testing

/// Two prompts at one server: what one publishes appears above the line that is being typed in the
/// other.
@Suite struct TwoSessionsTests {
    private func serve(_ path: String, _ home: TemporaryHome) throws -> TerminalProgram {
        let server = try TerminalProgram(
            ["serve", "--port", "0", "--unixsocket", path, "--save", ""], home: home)
        try server.read(until: "Ready to accept connections")
        return server
    }

    private func session(
        _ path: String, _ home: TemporaryHome, _ options: [String] = []
    ) throws -> TerminalProgram {
        let program = try TerminalProgram(
            ["--target", "unix:\(path)"] + options, columns: 100, home: home)
        try program.seePrompt("\(path)> ")
        return program
    }

    @Test func messagesAppearAboveAHalfTypedLine() throws {
        let home = TemporaryHome()
        let path = home.path + "/s"
        let server = try serve(path, home)
        let listener = try session(path, home, ["-3"])
        let player = try session(path, home)

        listener.type("SUBSCRIBE scores\r")
        try listener.see(anywhere: "listening to scores")
        try listener.seePrompt("\(path)(sub 1)> ")

        for line in ["ZADD board 31 ann 4 bo", "ZINCRBY board 40 bo"] {
            player.type(line + "\r")
            try player.see("the reply and a prompt") {
                $0.transcript.contains("\(path)> \(line)") && $0.current == "\(path)>"
            }
        }
        let typed = "\(path)(sub 1)> ZRANGE board 0"
        listener.type("ZRANGE board 0")
        try listener.see("half a line") { $0.column == typed.count }
        player.type("PUBLISH scores \"bo leads with 44\"\r")
        try player.see(anywhere: "(integer) 1")
        let screen = try listener.see("the message above the line") {
            $0.transcript.contains("scores: \"bo leads with 44\"") && $0.column == typed.count
        }
        #expect(screen.current.hasPrefix(typed))
        let rows = screen.transcript
        let message = try #require(rows.firstIndex(of: "scores: \"bo leads with 44\""))
        #expect(rows.indices.contains(message + 1) && rows[message + 1].hasPrefix(typed))

        // The line goes on as if nothing had been, and its reply is told from messages.
        listener.type(" -1 REV WITHSCORES\r")
        try listener.see("the board") {
            $0.transcript.contains("1) \"bo\"   44") && $0.transcript.contains("2) \"ann\"  31")
        }
        listener.type("UNSUBSCRIBE\r")
        try listener.see(anywhere: "no longer listening to scores")
        #expect(try listener.leave(prompt: "\(path)> ") == 0)
        #expect(try player.leave(prompt: "\(path)> ") == 0)
        server.type("\u{3}")
        #expect(try server.end() == 0)
    }

    @Test func viewsAreLeftWithControlC() throws {
        let home = TemporaryHome()
        let path = home.path + "/s"
        let server = try serve(path, home)
        let viewer = try session(path, home)
        let other = try session(path, home)
        viewer.type("SELECT 3\r")
        try viewer.seePrompt("\(path)[3]> ")
        viewer.type("SUBSCRIBE news\r")
        try viewer.see { $0.transcript.contains { $0.contains("Ctrl-C ends that") } }
        other.type("PUBLISH news hello\r")
        try viewer.see(anywhere: "news: \"hello\"")
        viewer.type("\u{3}")
        // The same connection goes on: the database is the same, and nothing had to be restored.
        try viewer.seePrompt("\(path)[3]> ")
        viewer.type("PING\r")
        try viewer.see(anywhere: "PONG")
        try viewer.seePrompt("\(path)[3]> ")
        other.type("PUBLISH news unheard\r")
        try other.see(anywhere: "(integer) 0")
        viewer.type("MONITOR\r")
        try viewer.see {
            $0.transcript.filter { $0.contains("Ctrl-C ends that") }.count == 2
        }
        other.type("SET seen 1\r")
        try viewer.see { $0.transcript.contains { $0.contains("\"SET\" \"seen\" \"1\"") } }
        viewer.type("\u{3}")
        try viewer.seePrompt("\(path)[3]> ")
        // Nor does a command that waits take the session along.
        viewer.type("BLPOP nothing 0\r")
        try other.seeOneWaiting()
        viewer.type("\u{3}")
        try viewer.see(
            anywhere: "Interrupted: the wait was ended, the session goes on.")
        try viewer.seePrompt("\(path)[3]> ")
        #expect(try viewer.leave(prompt: "\(path)[3]> ") == 0)
        server.type("\u{3}")
        #expect(try server.end() == 0)
    }

    /// What is recorded of messages, in both protocols, is a scenario that passes as it stands.
    @Test(arguments: [["-3"], []]) func aRecordingOfMessagesPassesItsTest(
        options: [String]
    ) throws {
        let home = TemporaryHome()
        let path = home.path + "/s"
        let server = try serve(path, home)
        let listener = try session(path, home, options)
        let other = try session(path, home)
        let file = home.path + "/01-radio.md"
        listener.type(":record \(file)\r")
        try listener.see { $0.transcript.contains { $0.contains(":record stop writes it") } }
        listener.type("SUBSCRIBE news\r")
        if options.isEmpty {
            try listener.see { $0.transcript.contains { $0.contains("Ctrl-C ends that") } }
        } else {
            try listener.seePrompt("\(path)(sub 1)> ")
        }
        other.type("PUBLISH news \"lamps are back\"\r")
        try listener.see(anywhere: "news: \"lamps are back\"")
        if options.isEmpty {
            listener.type("\u{3}")
            try listener.seePrompt("\(path)> ")
            listener.type("GET a\r")
            try listener.see(anywhere: "(nil)")
        } else {
            listener.type("PUBLISH news mine\r")
            try listener.see { $0.transcript.contains { $0.contains("news: \"mine\"") } }
            listener.type("GET a\r")
            try listener.see(anywhere: "(nil)")
            listener.type("UNSUBSCRIBE\r")
            try listener.see(anywhere: "no longer listening to news")
        }
        listener.type(":record stop\r")
        try listener.see { $0.transcript.contains { $0.contains("Try: larder") } }
        let text = home.contents(file)
        #expect(text.contains("other> PUBLISH news \"lamps are back\"\n"), "\(text)")
        #expect(text.contains("r< message news \"lamps are back\"\n"), "\(text)")
        #expect(text.contains("> GET a\n"))
        if options.isEmpty {
            #expect(text.contains("lamps are back\"\n> UNSUBSCRIBE\n"), "\(text)")
        } else {
            #expect(text.contains("```redis\n> HELLO 3\n"))
            #expect(text.contains("> PUBLISH news mine\n(integer) 1\nr< message news mine\n"))
        }
        #expect(!text.contains("came by itself"))
        let result = try Program.run(["scenario", "test", file, "--dir", home.path], home: home)
        #expect(result.status == 0, "\(result.output)\n\(text)")
        #expect(try listener.leave(prompt: "\(path)> ") == 0)
        #expect(try other.leave(prompt: "\(path)> ") == 0)
        server.type("\u{3}")
        #expect(try server.end() == 0)
    }

    @Test func aTransactionShowsInThePrompt() throws {
        let program = try TerminalProgram()
        try program.seePrompt()
        program.type("MULTI\r")
        try program.seePrompt("larder(TX 0)> ")
        program.type("SET a 1\r")
        try program.seePrompt("larder(TX 1)> ")
        program.type("INCR a\r")
        try program.seePrompt("larder(TX 2)> ")
        program.type(":queue\r")
        try program.see(anywhere: "2) INCR a")
        program.type("EXEC\r")
        try program.see(anywhere: "2) (integer) 2")
        #expect(try program.leave() == 0)
    }
}

extension TerminalProgram {
    /// Asks how many sessions wait, again and again, until it is one.
    fileprivate func seeOneWaiting() throws {
        for _ in 0..<1000 {
            func answers() -> [String] {
                screen.transcript.filter { $0.contains("blocked_clients") }
            }
            let before = answers().count
            type("INFO clients\r")
            try see { _ in answers().count > before }
            if answers().last?.hasSuffix("1") == true { return }
        }
        Issue.record("nobody waits")
    }
}
