import Bytes
import Client
import Glibc
import Testing
import Wire

/// The program as a person at a terminal has it.
@Suite struct PromptTests {
    @Test func linesAndReplies() throws {
        let program = try TerminalProgram()
        let banner = try program.read(until: "larder> ")
        #expect(banner.hasPrefix("Larder "))
        #expect(banner.contains("SET greeting hello"))
        program.type("SET a 'x y'\r")
        #expect(try program.read(until: "larder> ").contains("\nOK\n"))
        program.type("get a\r")
        #expect(try program.read(until: "larder> ").contains("\n\"x y\"\n"))
        program.type("2 INCR c\r")
        #expect(try program.read(until: "larder> ").contains("\n(integer) 1\n(integer) 2\n"))
        program.type("SELECT 3\r")
        try program.read(until: "larder[3]> ")
        program.type("SET \"a\"b\r")
        let complaint = try program.read(until: "larder[3]> ")
        #expect(complaint.contains("\n       ^ after a closing quote"))
        program.type("ECHO 'open\r")
        try program.read(until: "...> ")
        program.type("end'\r")
        #expect(try program.read(until: "larder[3]> ").contains("\n\"open\\nend\"\n"))
        program.type("help get\r")
        #expect(try program.read(until: "larder[3]> ").contains("\nGET\n"))
        program.type(":set render raw\rECHO \"a b\"\r")
        #expect(try program.read(until: "\na b\n").contains("ECHO"))
        program.type("quit\r")
        #expect(try program.end() == 0)
    }

    @Test func controlCAndControlD() throws {
        let program = try TerminalProgram()
        try program.read(until: "larder> ")
        program.type("half a line")
        try program.read(until: "half a line")
        program.type("\u{3}")
        try program.read(until: "^C\n")
        try program.read(until: "larder> ")
        program.type("\u{3}")
        try program.read(until: "larder> ")
        program.type("ECHO 'open\r")
        try program.read(until: "...> ")
        program.type("\u{3}")
        try program.read(until: "larder> ")
        program.type("PING\r")
        try program.read(until: "PONG\n")
        try program.read(until: "larder> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func theHistoryOutlivesTheSession() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(home: home)
        try program.read(until: "larder> ")
        program.type("SET greeting hello\r")
        try program.read(until: "OK\n")
        try program.read(until: "larder> ")
        program.type("AUTH secret\r")
        try program.read(until: "larder> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
        let path = home.path + "/state/larder/history"
        #expect(home.contents(path) == "SET greeting hello\n")
        #expect(home.mode(path) == 0o600)
        #expect(home.mode(home.path + "/state/larder") == 0o700)

        let next = try TerminalProgram(home: home)
        try next.read(until: "larder> ")
        next.type("\u{1B}[A")
        try next.read(until: "SET greeting hello")
        next.type("\r")
        try next.read(until: "OK\n")
        next.type("exit\r")
        #expect(try next.end() == 0)
    }

    @Test func othersLookInThroughThePrivateSocket() throws {
        let home = TemporaryHome()
        // What a session that was killed left behind: no process has this number.
        mkdir(home.path + "/larder", 0o755)
        _ = try home.file("", name: "larder/4194999.sock")
        let program = try TerminalProgram(home: home)
        try program.read(until: "larder> ")
        program.type("SET a 1\r")
        try program.read(until: "OK\n")
        let directory = home.path + "/larder"
        #expect(home.names(directory) == ["\(program.number).sock"])
        #expect(home.mode(directory) == 0o700)
        let path = "\(directory)/\(program.number).sock"
        #expect(home.mode(path) == 0o600)
        let other = Endpoint(try Target(parsing: path), embedded: { throw ProgramError("none") })
        #expect(other.call(["INCR", "a"]) == .reply(.integer(2)))
        try program.read(until: "larder> ")
        program.type("GET a\r")
        try program.read(until: "\"2\"\n")
        program.type("quit\r")
        #expect(try program.end() == 0)
        #expect(home.names(directory) == [])

        let killed = try TerminalProgram(home: home)
        try killed.read(until: "larder> ")
        #expect(home.names(directory) == ["\(killed.number).sock"])
        kill(killed.number, SIGTERM)
        #expect(try killed.end() == 128 + SIGTERM)
        #expect(home.names(directory) == [])
    }

    /// A server that takes connections and answers nothing.
    @Test func controlCGivesUpACommandThatRuns() throws {
        let home = TemporaryHome()
        let silent = try SilentServer(home.path + "/silent")
        let program = try TerminalProgram(["--target", "unix:\(home.path)/silent"], home: home)
        let prompt = "\(home.path)/silent> "
        try program.read(until: prompt)
        program.type("BLPOP nothing 0\r")
        #expect(try silent.nextRequest().contains("BLPOP"))
        // The terminal is as it was found while a command runs, so this is a signal.
        program.type("\u{3}")
        try program.read(until: "Interrupted")
        try program.read(until: prompt)
        program.type("PING\r")
        #expect(try silent.nextRequest().contains("PING"))
        program.type("\u{3}")
        try program.read(until: prompt)
        program.type(":target embedded\r")
        try program.read(until: "larder> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func aTargetThatIsNotThereLeavesAPrompt() throws {
        let home = TemporaryHome()
        let program = try TerminalProgram(["--target", "unix:\(home.path)/none"], home: home)
        #expect(
            try program.read(until: "not connected> ").contains("No such file or directory"))
        program.type("PING\r")
        #expect(
            try program.read(until: "not connected> ").contains("could not connect"))
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }

    @Test func runsOnATerminalWithoutACursor() throws {
        let program = try TerminalProgram(dumb: true)
        try program.read(until: "larder> ")
        program.type("ECHO hi\n")
        try program.read(until: "\"hi\"\n")
        try program.read(until: "larder> ")
        program.type("\u{4}")
        #expect(try program.end() == 0)
    }
}

/// Takes connections and never answers.
final class SilentServer {
    private let listening: Int32

    init(_ path: String) throws {
        listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listening, $0, length) }
        }
        guard result == 0, listen(listening, 8) == 0 else { throw ProgramError("no socket") }
    }

    deinit { close(listening) }

    /// The first bytes that come on the connections taken so far or on the next one.
    func nextRequest() throws -> String {
        while true {
            if connection < 0 { connection = accept(listening, nil, nil) }
            guard connection >= 0 else { throw ProgramError("nobody connects") }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(connection, &buffer, buffer.count)
            if count > 0 { return String(decoding: buffer[..<count], as: UTF8.self) }
            close(connection)
            connection = -1
        }
    }

    private var connection: Int32 = -1
}
