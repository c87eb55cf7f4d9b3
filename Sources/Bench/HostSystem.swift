import Glibc

// What the bench asks of the machine under it: clocks, files of /proc, sockets, child processes
// and a pseudo-terminal. Everything here wraps a C call and copies what it learnt into Swift
// values, so pointers never leave a function; with `LoadSockets` this is the only file of the
// bench that touches raw memory.

/// Why a measurement could not be made, in words for the person who asked for it.
public struct BenchError: Error, CustomStringConvertible, Equatable {
    /// One sentence without a trailing full stop.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The text that the C library has for an error number.
func errorText(_ code: Int32 = errno) -> String {
    // Safe: strerror returns a terminated string, copied before another call can replace it.
    unsafe String(cString: strerror(code))
}

// MARK: - Clocks

private func nanoseconds(of clock: clockid_t) -> UInt64? {
    var time = timespec()
    // Safe: the call writes one timespec into the local variable.
    guard unsafe clock_gettime(clock, &time) == 0 else { return nil }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Nanoseconds on the clock that never jumps.
func monotonicNanoseconds() -> UInt64 { nanoseconds(of: CLOCK_MONOTONIC) ?? 0 }

/// Milliseconds since 1970, as EXPIREAT and its kin count.
func wallMilliseconds() -> UInt64 { (nanoseconds(of: CLOCK_REALTIME) ?? 0) / 1_000_000 }

/// Nanoseconds of processor time that this process has used.
func ownProcessorNanoseconds() -> UInt64 { nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID) ?? 0 }

/// Nanoseconds of processor time that another process has used, threads that ended included.
func processorClockNanoseconds(of process: Int32) -> UInt64? {
    var clock = clockid_t()
    // Safe: the call writes one clock identifier into the local variable.
    guard unsafe clock_getcpuclockid(process, &clock) == 0 else { return nil }
    return nanoseconds(of: clock)
}

func pause(milliseconds: UInt32) {
    usleep(milliseconds * 1000)
}

// MARK: - Files

/// The bytes of a file, or nil if it cannot be read.
func readFile(_ path: String) -> [UInt8]? {
    // Safe: Swift lends the path as a terminated string.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
        let part = readSome(descriptor, limit: 16384)
        guard let part else { return nil }
        if part.isEmpty { return bytes }
        bytes += part
    }
}

/// What one `read` gives: empty at the end, nil on an error.
private func readSome(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var failed = false
    // Safe: the array lends at least `limit` bytes and learns how many were written.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        let got = unsafe read(descriptor, buffer.baseAddress, limit)
        failed = got < 0
        count = max(0, got)
    }
    return failed ? nil : bytes
}

/// The names in a directory, in no particular order.
func namesInDirectory(_ path: String) -> [String] {
    // Safe: the stream is open until the end of the function, each name is copied at once.
    guard let stream = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
            unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                unsafe String(cString: $0)
            }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}

/// The path that a symbolic link holds.
func linkTarget(_ path: String) -> String? {
    var length = -1
    // Safe: readlink writes at most the capacity and reports how many bytes it wrote.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        length = unsafe readlink(path, buffer.baseAddress!, 4096)
        count = max(0, length)
    }
    return length > 0 ? String(decoding: bytes, as: UTF8.self) : nil
}

/// A new private directory for sockets and logs.
func makeTemporaryDirectory() throws(BenchError) -> String {
    let base = environmentValue("TMPDIR") ?? "/tmp"
    var template = Array("\(base)/larder-bench-XXXXXX".utf8CString)
    // Safe: mkdtemp rewrites the six letters within the terminated array.
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> String? in
        guard let start = buffer.baseAddress, unsafe mkdtemp(start) != nil else { return nil }
        return unsafe String(cString: start)
    }
    guard let made else { throw BenchError("no temporary directory in \(base): \(errorText())") }
    return made
}

/// Removes a directory and the files right in it.
func removeDirectory(_ path: String) {
    // Safe: Swift lends each path as a terminated string.
    for name in namesInDirectory(path) { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
}

func environmentValue(_ name: String) -> String? {
    // Safe: the value is copied before the environment can change.
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}

/// Whether standard error shows a terminal, on which a progress line may be drawn.
func errorStreamIsTerminal() -> Bool { isatty(2) == 1 }

/// Makes a file with this text that only its owner can read.
func createFile(_ path: String, _ text: String) throws(BenchError) {
    let file = OpenDescriptor(
        owning: unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
    guard file.number >= 0 else { throw BenchError("cannot write \(path): \(errorText())") }
    write(text, to: file.number)
}

/// Writes text to a descriptor at once; a closed reader is no error.
func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

/// Writes bytes to a descriptor at once; a closed reader is no error.
func write(_ content: [UInt8], to descriptor: Int32) {
    var bytes = ArraySlice(content)
    while !bytes.isEmpty {
        // Safe: the slice's own storage and count.
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        if sent <= 0 { return }
        bytes = bytes.dropFirst(sent)
    }
}

/// Raises the number of files that this process may have open, as far as the system lets, and
/// returns how many it may.
func allowOpenFiles(_ count: Int) -> Int {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    // Safe: each call reads or writes one local variable.
    unsafe getrlimit(files, &limit)
    if limit.rlim_cur < rlim_t(count) {
        limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
        unsafe setrlimit(files, &limit)
        unsafe getrlimit(files, &limit)
    }
    return Int(clamping: limit.rlim_cur)
}

// MARK: - Sockets

/// An open descriptor that is closed with its owner.
final class OpenDescriptor {
    let number: Int32

    init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Sends all bytes, waiting as needed.
    func send(_ bytes: [UInt8]) throws(BenchError) {
        var rest = ArraySlice(bytes)
        while !rest.isEmpty {
            // Safe: the slice's own storage and count.
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0 {
                if errno == EINTR && !Interruption.requested { continue }
                throw BenchError("cannot send to the server: \(errorText())")
            }
            rest = rest.dropFirst(sent)
        }
    }

    /// Some bytes; empty when the other side has closed.
    func receive(limit: Int = 65536) throws(BenchError) -> [UInt8] {
        while true {
            if let bytes = readSome(number, limit: limit) { return bytes }
            if errno == EINTR && !Interruption.requested { continue }
            // A pseudo-terminal whose program has ended reports an input error.
            if errno == EIO { return [] }
            throw BenchError("cannot read from the server: \(errorText())")
        }
    }

    /// Whether something can be read within so many milliseconds.
    func isReadable(within milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        // Safe: one pollfd, as the count says.
        return unsafe poll(&waiting, 1, milliseconds) > 0
    }

    func makeNonblocking() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }
}

/// Connects to a server; the descriptor blocks.
func connectSocket(to address: BenchAddress) throws(BenchError) -> OpenDescriptor {
    switch address.place {
    case .unix(let path): return try connectUnix(path)
    case .tcp(let host, let port): return try connectTCP(host, port)
    }
}

private func connectUnix(_ path: String) throws(BenchError) -> OpenDescriptor {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < room else { throw BenchError("the socket path \(path) is too long") }
    // Safe: fewer bytes than the field holds, so the zero at its end stays.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let socket = OpenDescriptor(
        owning: Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
    // Safe: the address and its own size.
    let status = unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe connect(socket.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    guard status == 0 else { throw BenchError("cannot connect to unix:\(path): \(errorText())") }
    return socket
}

private func connectTCP(_ host: String, _ port: UInt16) throws(BenchError) -> OpenDescriptor {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    // Safe: the list is walked and freed within this function.
    let status = unsafe getaddrinfo(host, String(port), &hints, &found)
    guard status == 0 else {
        throw BenchError("cannot resolve \(host): \(unsafe String(cString: gai_strerror(status)))")
    }
    defer { unsafe freeaddrinfo(found) }
    var next = unsafe found
    while let entry = unsafe next {
        let socket = OpenDescriptor(
            owning: unsafe Glibc.socket(
                entry.pointee.ai_family, entry.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
                0))
        if unsafe connect(socket.number, entry.pointee.ai_addr, entry.pointee.ai_addrlen) == 0 {
            var yes: Int32 = 1
            // Safe: one integer and its size.
            unsafe setsockopt(
                socket.number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes,
                socklen_t(MemoryLayout<Int32>.size))
            return socket
        }
        unsafe next = entry.pointee.ai_next
    }
    throw BenchError("cannot connect to \(host):\(port): \(errorText())")
}

/// A loopback port that nobody uses at this moment.
func freePort() throws(BenchError) -> UInt16 {
    let socket = OpenDescriptor(
        owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Safe: the address and its own size, for both calls.
    let status = unsafe withUnsafeMutablePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(socket.number, $0, size) == 0
                && getsockname(socket.number, $0, &size) == 0
        }
    }
    guard status else { throw BenchError("no free port: \(errorText())") }
    return UInt16(bigEndian: address.sin_port)
}

// MARK: - Child processes

/// A program that the bench started; it ends at the latest with this object.
final class ChildProcess {
    let identifier: Int32
    private(set) var exitStatus: Int32?

    private init(identifier: Int32) { self.identifier = identifier }

    deinit { stop() }

    /// Starts a program, its input closed and its output in a file.
    static func start(_ arguments: [String], log: String) throws(BenchError) -> ChildProcess {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // Safe: the actions live until after the spawn, which copies what it needs.
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        return try unsafe spawn(arguments, &actions, ownSession: false)
    }

    /// Starts a program on a terminal of its own and returns the terminal's other end.
    /// - Parameter variables: `NAME=VALUE`, in place of what the environment has.
    static func startOnTerminal(
        _ arguments: [String], variables: [String] = []
    ) throws(BenchError) -> (ChildProcess, OpenDescriptor) {
        // Safe: a literal, so a terminated string.
        let main = OpenDescriptor(
            owning: unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC))
        var unlock: Int32 = 0
        var number: UInt32 = 0
        var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
        // Safe: each request reads or writes the one variable that it is given.
        let isReady =
            unsafe main.number >= 0
            && ioctl(main.number, 0x4004_5431, &unlock) == 0
            && ioctl(main.number, 0x8004_5430, &number) == 0
            && ioctl(main.number, UInt(TIOCSWINSZ), &size) == 0
        guard isReady else { throw BenchError("no pseudo-terminal: \(errorText())") }
        let name = "/dev/pts/\(number)"
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that a session leader opens becomes its controlling terminal.
        // Safe: the actions copy the name and live until after the spawn.
        unsafe posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
        let child = try unsafe spawn(
            arguments, &actions, ownSession: true, variables: variables)
        return (child, main)
    }

    private static func spawn(
        _ arguments: [String], _ actions: inout posix_spawn_file_actions_t, ownSession: Bool,
        variables: [String] = []
    ) throws(BenchError) -> ChildProcess {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // The child starts with no signal blocked or ignored. The numbers are SETSIGDEF, SETSIGMASK
        // and SETSID, which the C library's Swift module leaves out in part.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { unsafe sigaddset(&signals, number) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, 0x04 | 0x08 | (ownSession ? 0x80 : 0))
        let environment =
            (readFile("/proc/self/environ") ?? []).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { entry in
                !variables.contains { entry.hasPrefix($0.prefix { $0 != "=" } + "=") }
            } + variables
        var identifier: pid_t = 0
        // Safe: strdup'ed strings, terminated by nil, freed after the call.
        var argumentPointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var environmentPointers = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            unsafe argumentPointers.forEach { unsafe free($0) }
            unsafe environmentPointers.forEach { unsafe free($0) }
        }
        let status = unsafe posix_spawnp(
            &identifier, arguments[0], &actions, &attributes, &argumentPointers,
            &environmentPointers)
        guard status == 0 else {
            throw BenchError("cannot start \(arguments[0]): \(errorText(status))")
        }
        return ChildProcess(identifier: identifier)
    }

    /// Waits for the end; returns the exit code, or 128 and the signal.
    @discardableResult
    func waitForExit() -> Int32 {
        while exitStatus == nil { _ = collect(options: 0) }
        return exitStatus ?? -1
    }

    /// Whether the program still runs.
    var isRunning: Bool {
        if exitStatus == nil { _ = collect(options: WNOHANG) }
        return exitStatus == nil
    }

    private func collect(options: Int32) -> Bool {
        var status: Int32 = 0
        // Safe: the call writes one integer.
        let got = unsafe waitpid(identifier, &status, options)
        if got == identifier {
            let signal = status & 0x7f
            exitStatus = signal == 0 ? (status >> 8) & 0xff : 128 + signal
        } else if got < 0 && errno != EINTR {
            exitStatus = -1
        }
        return exitStatus != nil
    }

    /// Asks the program to end, and makes it end if it has not within two seconds.
    func stop() {
        guard isRunning else { return }
        kill(identifier, SIGTERM)
        for _ in 0..<200 where isRunning { pause(milliseconds: 10) }
        if isRunning {
            kill(identifier, SIGKILL)
            waitForExit()
        }
    }
}
