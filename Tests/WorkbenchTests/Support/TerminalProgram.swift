import Glibc
import Testing

/// The program at a terminal: what it writes is read until something expected has come, either
/// in the text without its escape sequences (`read(until:)`) or on the screen (`see`).
final class TerminalProgram {
    let home: TemporaryHome
    /// What the person sees.
    private(set) var screen: Screen
    /// Everything that was written.
    private(set) var written: [UInt8] = []
    private var terminal: Int32
    private let process: pid_t
    private var unread: [UInt8] = []
    private var hasEnded = false
    private var isAtEnd = false

    init(
        _ arguments: [String] = [], program: String = Program.path, dumb: Bool = false,
        rows: Int = 24, columns: Int = 80, home: TemporaryHome = TemporaryHome()
    ) throws {
        self.home = home
        screen = Screen(rows: rows, columns: columns)
        // The kernel's own calls: the C library's names for them are not visible to Swift.
        terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        var (locked, place): (Int32, Int32) = (0, -1)
        guard terminal >= 0, ioctl(terminal, unlock, &locked) == 0,
            ioctl(terminal, number, &place) == 0, Self.size(terminal, rows, columns)
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
            arguments, &actions, home, program: program,
            terminal: dumb ? "dumb" : "xterm-256color", inNewSession: true)
    }

    deinit {
        if !hasEnded {
            kill(process, SIGKILL)
            _ = Program.wait(for: process)
        }
        if terminal >= 0 { close(terminal) }
    }

    /// The process's number.
    var number: Int32 { process }

    /// The terminal's modes, in which only what a person can notice is kept.
    var modes: String {
        var modes = termios()
        tcgetattr(terminal, &modes)
        let flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
        let characters = withUnsafeBytes(of: modes.c_cc) { Array($0) }
        return "\(flags) \(characters)"
    }

    /// True while the terminal hands each key on as it is.
    var isRaw: Bool {
        var modes = termios()
        tcgetattr(terminal, &modes)
        return modes.c_lflag & tcflag_t(ICANON) == 0
    }

    private static func size(_ terminal: Int32, _ rows: Int, _ columns: Int) -> Bool {
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        return ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0
    }

    /// Gives the window another size; the kernel tells the program.
    func resize(rows: Int, columns: Int) {
        screen.resize(rows: rows, columns: columns)
        _ = Self.size(terminal, rows, columns)
    }

    // MARK: Typing

    /// Types. What the program writes meanwhile is taken in, so that neither waits for the other.
    func type(_ text: String) { type(Array(text.utf8)) }

    /// Types bytes.
    func type(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let events = Int16(POLLOUT) | (isAtEnd ? 0 : Int16(POLLIN))
            var wanted = pollfd(fd: terminal, events: events, revents: 0)
            guard poll(&wanted, 1, Self.patience) == 1 else { return }
            if wanted.revents & Int16(POLLIN) != 0, !receive() { return }
            if wanted.revents & Int16(POLLHUP | POLLERR) != 0 { return }
            let count = rest.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
            if count > 0 { rest.removeFirst(count) }
        }
    }

    /// Types what the terminal takes at once, and reads nothing meanwhile.
    func typeWithoutReading(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
    }

    /// Pastes as a terminal does that was asked for brackets.
    func paste(_ text: String) { type("\u{1B}[200~" + text + "\u{1B}[201~") }

    // MARK: Reading

    /// How long nothing may come before a test fails, in milliseconds.
    private static let patience: Int32 = 20_000
    /// How many pieces a full screen may send before a test fails.
    private static let mostFrames = 400

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

    /// Waits until the screen is as it should be, and returns it.
    @discardableResult
    func see(
        _ what: String = "what it should", where condition: (Screen) -> Bool
    ) throws -> Screen {
        var reads = 0
        while screen.isUpdating || !condition(screen) {
            reads += 1
            // A screen that is alive is never silent.
            let isPatient = !screen.isAlternate || reads < Self.mostFrames
            guard isPatient, receive() else {
                let shown = screen.transcript.joined(separator: "\n")
                throw ProgramError(
                    "the screen does not show \(what); cursor \(screen.cursor), "
                        + "unknown \(screen.unknown):\n\(shown)")
            }
        }
        return screen
    }

    /// Waits until the row of the cursor reads so and, if given, the cursor is in a column.
    @discardableResult
    func see(row: String, column: Int? = nil) throws -> Screen {
        try see("'\(row)' with the cursor in \(column.map(String.init) ?? "any column")") {
            $0.current == row && (column == nil || $0.column == column)
        }
    }

    /// Waits until a row reads so, wherever it is.
    @discardableResult
    func see(anywhere text: String) throws -> Screen {
        try see("'\(text)'") { $0.transcript.contains(text) }
    }

    /// Waits for an empty prompt.
    @discardableResult
    func seePrompt(_ prompt: String = "larder> ") throws -> Screen {
        try see("an empty prompt") {
            $0.current + " " == prompt && $0.column == prompt.unicodeScalars.count
        }
    }

    /// Leaves with Ctrl-D at an empty prompt. One that is typed while a command runs is the
    /// kernel's, and does not come through.
    func leave(prompt: String = "larder> ") throws -> Int32 {
        try seePrompt(prompt)
        type("\u{4}")
        return try end()
    }

    /// Reads to the end and returns the exit status.
    func end() throws -> Int32 {
        while receive() {}
        if !isAtEnd { kill(process, SIGKILL) }
        hasEnded = true
        return Program.wait(for: process)
    }

    /// Takes the terminal away, as closing its window does.
    func hangUp() {
        close(terminal)
        terminal = -1
        isAtEnd = true
    }

    /// False at the end, or when nothing came for a long time.
    private func receive() -> Bool {
        var wanted = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard !isAtEnd, poll(&wanted, 1, Self.patience) == 1 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(terminal, &buffer, buffer.count)
        if count < 0, errno == EAGAIN { return true }
        if count <= 0 {
            isAtEnd = true
            return false
        }
        unread += buffer[..<count]
        written += buffer[..<count]
        screen.feed(buffer[..<count])
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
