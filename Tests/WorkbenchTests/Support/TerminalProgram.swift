import Glibc
import Testing

/// The program at a terminal: what it writes is read until something expected has come.
final class TerminalProgram {
    let home: TemporaryHome
    private let terminal: Int32
    private let process: pid_t
    private var unread: [UInt8] = []
    private var hasEnded = false
    private var isAtEnd = false

    init(
        _ arguments: [String] = [], dumb: Bool = false, home: TemporaryHome = TemporaryHome()
    ) throws {
        self.home = home
        // The kernel's own calls: the C library's names for them are not visible to Swift.
        terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        var (locked, place): (Int32, Int32) = (0, -1)
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        guard terminal >= 0, ioctl(terminal, unlock, &locked) == 0,
            ioctl(terminal, number, &place) == 0,
            ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0
        else { throw ProgramError("no pseudo-terminal") }
        let name = "/dev/pts/\(place)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that a session leader opens is its own.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        process = try Program.spawn(
            arguments, &actions, home, terminal: dumb ? "dumb" : "xterm-256color",
            inNewSession: true)
    }

    deinit {
        if !hasEnded {
            kill(process, SIGKILL)
            _ = Program.wait(for: process)
        }
        close(terminal)
    }

    /// The process's number.
    var number: Int32 { process }

    /// Types.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }

    /// Reads until `expected` has come, and returns all text up to and with it, without escape
    /// sequences. A program that ends or is silent for long is an error.
    @discardableResult
    func read(until expected: String) throws -> String {
        while true {
            let text = Self.plain(unread)
            if let range = text.firstRange(of: expected) {
                // Cutting between escape sequences is fine: they are removed either way.
                cut(behind: expected)
                return String(text[..<range.upperBound])
            }
            guard receive() else {
                throw ProgramError("waited in vain for '\(expected)' after: \(text)")
            }
        }
    }

    private func cut(behind expected: String) {
        for end in 0...unread.count
        where Self.plain(Array(unread[..<end])).contains(expected) {
            unread.removeFirst(end)
            return
        }
    }

    /// Types a line and reads up to the prompt that follows its reply. The editor draws its row,
    /// with the prompt, at each key; only a new prompt stands behind a line end.
    @discardableResult
    func enter(_ line: String, prompt: String = "larder> ") throws -> String {
        type(line + "\r")
        return try read(until: "\n" + prompt)
    }

    /// Reads to the end and returns the exit status.
    func end() throws -> Int32 {
        while receive() {}
        if !isAtEnd { kill(process, SIGKILL) }
        hasEnded = true
        return Program.wait(for: process)
    }

    /// False at the end, or when nothing came for a long time.
    private func receive() -> Bool {
        var wanted = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, 20_000) == 1 else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(terminal, &buffer, buffer.count)
        if count <= 0 {
            isAtEnd = true
            return false
        }
        unread += buffer[..<count]
        return true
    }

    /// The text without escape sequences and carriage returns.
    static func plain(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x1B {
                index += 1
                guard index < bytes.count, bytes[index] == UInt8(ascii: "[") else { continue }
                index += 1
                while index < bytes.count, !(0x40...0x7E ~= bytes[index]) { index += 1 }
            } else if bytes[index] != 0x0D {
                result.append(bytes[index])
            }
            index += 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}
