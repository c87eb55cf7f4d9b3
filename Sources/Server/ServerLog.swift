import Bytes
import Glibc
import Logging

/// Writes log lines in the form that tools of the field read: process, role, time, level, text.
///
///     1234:M 22 Nov 2026 22:05:01.123 * Ready to accept connections tcp
struct ServerLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let descriptor: Int32

    /// A handler that writes to a descriptor.
    init(descriptor: Int32) { self.descriptor = descriptor }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let text =
            "\(getpid()):M \(ServerLogHandler.time()) \(mark(event.level)) \(event.message)\n"
        SystemFiles.write(text, to: descriptor)
    }

    private func mark(_ level: Logger.Level) -> Character {
        switch level {
        case .trace, .debug: "."
        case .info: "-"
        case .notice: "*"
        case .warning, .error, .critical: "#"
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The local time, to the millisecond.
    private static func time() -> String {
        let now = SystemClock.tick().wall.milliseconds
        var seconds = time_t(now / 1000)
        // Safe: both structures outlive the call; the name of the zone in `tm` is not looked at.
        var parts = unsafe tm()
        // Safe: both structures outlive the call.
        unsafe localtime_r(&seconds, &parts)
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }
        let day = unsafe "\(padded(Int(parts.tm_mday), 2)) \(months[Int(parts.tm_mon)])"
        let rest = clock.joined(separator: ":") + "." + padded(Int(now % 1000), 3)
        return unsafe "\(day) \(1900 + parts.tm_year) \(rest)"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
