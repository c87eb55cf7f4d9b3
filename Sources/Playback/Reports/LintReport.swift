/// Complaints for programs.
public enum LintReport {
    /// A list in JSON, an object for each complaint.
    public static func json(_ complaints: [Complaint]) -> String {
        let objects = complaints.map { complaint in
            JSONValue.map([
                ("file", .text(complaint.file)), ("line", .number(Double(complaint.place.line))),
                ("column", .number(Double(complaint.place.column))),
                ("length", .number(Double(complaint.length))),
                ("code", .text(complaint.code.rawValue)),
                ("severity", .text(complaint.code.severity.rawValue)),
                ("text", .text(complaint.text)),
                ("suggestion", complaint.suggestion.map(JSONValue.text) ?? .null),
                ("includedFrom", .list(complaint.includedFrom.map { .text($0) })),
            ])
        }
        let rows = objects.map { "  " + $0.json }.joined(separator: ",\n")
        return objects.isEmpty ? "[]\n" : "[\n\(rows)\n]\n"
    }
}
