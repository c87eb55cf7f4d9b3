import Glibc
import Testing

/// A terminal multiplexer of its own, which tells in its own words what state its terminal is in.
private final class Tmux {
    static let path: String? = ["/usr/bin/tmux", "/usr/local/bin/tmux"].first {
        (name: String) in access(name, X_OK) == 0
    }

    let home: TemporaryHome

    init(rows: Int, columns: Int) throws {
        let home = TemporaryHome()
        self.home = home
        home.variables = ["SHELL=/bin/bash", "SWIFT_BACKTRACE=enable=no"]
        try run(
            "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
            "PS1='shell> ' /bin/bash --norc --noprofile -i")
        try run("set-option", "-g", "window-size", "manual")
    }

    deinit { _ = try? run("kill-server") }

    @discardableResult
    func run(_ words: String...) throws -> String {
        let path = try #require(Self.path)
        let result = try Program.run(
            ["-S", home.path + "/tmux"] + words, home: home, program: path)
        return result.output
    }

    func type(_ keys: String...) throws {
        for key in keys { try run("send-keys", key) }
    }

    /// The rows that are shown.
    var screen: String {
        get throws { try run("capture-pane", "-p") }
    }

    /// What tmux knows of its terminal: the other screen, the mouse, the cursor.
    var state: String {
        get throws {
            let format = "#{alternate_on} #{mouse_any_flag} #{cursor_flag}"
            return try run("display-message", "-p", format).filter { $0 != "\n" }
        }
    }

    /// Looks again and again until it is so, a bounded number of times.
    func see(_ what: String, _ condition: () throws -> Bool) throws {
        for _ in 0..<3000 where try condition() { return }
        throw ProgramError("\(what) is not to be seen; \(try state):\n\(try screen)")
    }

    func see(_ text: String) throws { try see(text) { try screen.contains(text) } }

    /// The terminal's modes, as `stty` gives them to a file.
    func modes(_ name: String) throws -> String {
        try type("stty -g > \(home.path)/\(name); echo wrote-\(name)", "Enter")
        try see("the modes \(name)") {
            try screen.split(separator: "\n").contains("wrote-\(name)")
        }
        return home.contents(home.path + "/" + name)
    }
}

/// The whole of it in a real terminal: start, screens, sizes, the prompt, and every kind of end.
@Suite struct TmuxSmokeTests {
    private func open(_ tmux: Tmux, _ environment: String = "") throws {
        try tmux.type("clear; \(environment) \(Program.path)", "Enter")
        try tmux.see("larder>")
        try tmux.type(":dashboard", "Enter")
        try tmux.see("the other screen") { try tmux.state.hasPrefix("1 1") }
        try tmux.see("[1 Over")
    }

    private func expectReturned(_ tmux: Tmux, _ before: String, _ name: String) throws {
        try tmux.see("the normal screen") { try tmux.state == "0 0 1" }
        #expect(try tmux.modes(name) == before)
    }

    @Test(.enabled(if: Tmux.path != nil, "tmux is not installed"))
    func startKeysSizesPromptAndEnds() throws {
        let tmux = try Tmux(rows: 24, columns: 80)
        try tmux.see("shell>")
        let before = try tmux.modes("before")
        try open(tmux)
        for number in 1...9 {
            try tmux.type("\(number)")
            try tmux.see("[\(number) ")
        }
        try tmux.type("1")
        for step in 0..<20 {
            let (columns, rows) = [(1, 1), (200, 60), (40, 8), (81, 25), (20, 1)][step % 5]
            try tmux.run("resize-window", "-x", "\(columns + step)", "-y", "\(rows + step / 5)")
        }
        try tmux.run("resize-window", "-x", "100", "-y", "30")
        try tmux.see("a whole frame") {
            let rows = try tmux.screen.split(separator: "\n", omittingEmptySubsequences: false)
            return rows.count >= 30 && rows[29].contains("F1 Help")
                && rows.contains { $0.contains("─ REPL ─") }
        }
        try tmux.type(":", "PING", "Enter")
        try tmux.see("PONG")
        #expect(try tmux.state == "1 1 1")
        try tmux.type("Escape")
        try tmux.see("no cursor") { try tmux.state == "1 1 0" }
        try tmux.type("q")
        try tmux.see("the prompt") { try tmux.state == "0 0 1" }
        try tmux.type("quit", "Enter")
        try expectReturned(tmux, before, "quit")

        try open(tmux, "LARDER_PLANTED_CRASH=trap")
        try tmux.type(":", "x", "Tab")
        // The backtrace may have moved it up.
        try tmux.see("the reason of the crash") {
            try tmux.run("capture-pane", "-p", "-S", "-500")
                .contains("Fatal error: this crash was asked for")
        }
        try expectReturned(tmux, before, "crash")

        try open(tmux)
        let socket = try #require(tmux.home.names(tmux.home.path + "/larder").first)
        kill(try #require(Int32(socket.dropLast(5))), SIGTERM)
        try expectReturned(tmux, before, "term")
    }
}
