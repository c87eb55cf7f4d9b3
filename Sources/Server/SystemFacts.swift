public import Engine
import Glibc

// What the system tells about this process, for INFO. The facts that stay are asked for once;
// those that change are asked for when somebody looks.

/// Reads facts about the process and the machine.
public enum SystemFacts {
    /// Everything that is known at the start.
    public static func read() -> HostFacts {
        var facts = HostFacts()
        facts.processID = Int(getpid())
        facts.executable = link("/proc/self/exe")
        facts.system = system()
        facts.totalMemory = sysconf(Int32(_SC_PHYS_PAGES)) * pageSize
        refresh(&facts)
        return facts
    }

    /// Brings up to date what changes all the time. Must be called on the node's thread, whose
    /// processor time it reads.
    public static func refresh(_ facts: inout HostFacts) {
        var usage = rusage()
        // Safe: the structure outlives the call, which fills it.
        unsafe getrusage(wholeProcess, &usage)
        facts.systemTime = seconds(usage.ru_stime)
        facts.userTime = seconds(usage.ru_utime)
        // Safe: as above.
        unsafe getrusage(thisThread, &usage)
        facts.threadSystemTime = seconds(usage.ru_stime)
        facts.threadUserTime = seconds(usage.ru_utime)
        facts.residentMemory = residentPages() * pageSize
    }

    /// Whose account `getrusage` is asked for; the C header has them as macros.
    private static let wholeProcess: Int32 = 0
    private static let thisThread: Int32 = 1

    private static var pageSize: Int { sysconf(Int32(_SC_PAGESIZE)) }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    /// The second number of `/proc/self/statm`: pages in real memory.
    private static func residentPages() -> Int {
        let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        // Safe: the array is as long as it says.
        let count = unsafe Glibc.read(file, &bytes, bytes.count)
        let words = bytes.prefix(max(0, count)).split(separator: 0x20)
        guard words.count > 1 else { return 0 }
        return Int(String(decoding: words[1], as: UTF8.self)) ?? 0
    }

    private static func link(_ path: String) -> String {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        // Safe: the call writes at most as many bytes as there are.
        let count = unsafe bytes.withUnsafeMutableBytes { target in
            guard let start = target.baseAddress else { return 0 }
            return unsafe readlink(
                path, start.assumingMemoryBound(to: CChar.self), target.count)
        }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func system() -> String {
        var names = utsname()
        // Safe: the structure outlives the call, which fills it with texts that end in a zero.
        unsafe uname(&names)
        let parts = [
            text(&names.sysname), text(&names.release), text(&names.machine),
        ]
        return parts.joined(separator: " ")
    }

    private static func text<T>(_ field: inout T) -> String {
        // Safe: the bytes are read only as far as the field goes.
        unsafe withUnsafeBytes(of: &field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
