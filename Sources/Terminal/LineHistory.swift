/// What was typed, oldest first: in memory for Up and Ctrl-R, and in a file for the next session.
///
/// The file is read once, at the start. Several sessions may share it: each appends what is typed
/// in it, and sees the others' lines when it next starts.
public final class LineHistory {
    /// The lines, oldest first. A line may have several rows.
    public private(set) var entries: [String] = []

    /// Why the file could not be written the last time, in words for the person; nil when it
    /// could.
    public private(set) var complaint: String?

    private let file: HistoryFile?
    private let limit: Int
    /// True for lines that must not reach the file.
    let isSecret: (String) -> Bool
    private var appended = 0

    /// A history of at most `limit` lines.
    ///
    /// - Parameters:
    ///   - path: the file; nil, empty or `/dev/null` is memory alone.
    ///   - limit: how many lines are kept, here and in the file.
    ///   - isSecret: lines that must not reach the file; they stay in memory.
    public init(
        path: String? = nil, limit: Int = 10_000,
        isSecret: @escaping (String) -> Bool = { _ in false }
    ) {
        file = path.flatMap { HistoryFile(path: $0) }
        self.limit = limit
        self.isSecret = isSecret
        guard let file, let records = file.read() else { return }
        entries = records.suffix(limit)
        if records.count > limit { trim() }
    }

    /// Adds a line unless it is blank or the same as the one before. One that begins with a blank
    /// or is secret stays out of the file.
    public func add(_ line: String) {
        guard line.contains(where: { !$0.isWhitespace }), line != entries.last else { return }
        entries.append(line)
        if entries.count > limit { entries.removeFirst(entries.count - limit) }
        guard let file, !line.hasPrefix(" "), !isSecret(line) else { return }
        complaint = file.append(line) ? nil : "the history file cannot be written: \(file.path)"
        appended += 1
        // A session that never ends must not let its file grow for ever.
        if appended.isMultiple(of: max(limit, 1)) { trim() }
    }

    private func trim() {
        guard let file, !file.trim(to: limit) else { return }
        complaint = "the history file cannot be trimmed: \(file.path)"
    }
}
