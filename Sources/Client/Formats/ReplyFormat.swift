/// The form in which replies are written.
public enum ReplyFormat: String, CaseIterable, Sendable {
    /// As redis-cli on a terminal: types named, strings quoted, elements numbered.
    case classic
    /// As redis-cli on a pipe: bytes as they are, one element a line.
    case raw
    /// For eyes: as `classic`, with text beyond ASCII as text, columns where a reply is a table,
    /// and units beside numbers that have one.
    case table
    /// JSON over several rows.
    case json
    /// JSON, one line for each reply.
    case jsonl
    /// As `jsonl`, but the text of a string is what one would type between double quotes: ASCII,
    /// and every byte can be told.
    case quotedJSON = "quoted-json"
    /// Comma-separated values as in RFC 4180.
    case csv
    /// The bytes on the wire, made visible.
    case resp

    /// The form of a name; `tty` is another name for `table`.
    public init?(named name: String) {
        let lowercased = name.lowercased()
        guard let format = ReplyFormat(rawValue: lowercased == "tty" ? "table" : lowercased) else {
            return nil
        }
        self = format
    }

    /// All names, for a message.
    public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
