import Bytes
import Terminal
import Wire

/// A line that cannot be split into words, as the person sees it: the line again, a caret under
/// the byte that shows the fault, and the reason.
struct QuotingComplaint: Equatable {
    /// The row of the line that has the fault.
    var row: String
    /// The column under which the caret stands.
    var column: Int
    /// What is wrong there.
    var reason: String

    init(_ line: [UInt8], _ failure: InlineSplitter.Failure) {
        let offset: Int
        switch failure {
        case .unterminated(let start, let quote):
            offset = start
            reason = "this quote is not closed" + Self.note(line[start...], quote)
        case .textAfterQuote(let end):
            offset = min(end + 1, line.count)
            reason = "after a closing quote comes a blank or the end"
        }
        // A line of several rows is shown by the one that has the fault.
        let rowStart = line[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let rowEnd = line[offset...].firstIndex(of: 0x0A) ?? line.count
        row = Self.shown(line[rowStart..<rowEnd])
        column = DisplayWidth.of(Self.shown(line[rowStart..<offset]))
    }

    /// For the prompt: the row, and the reason behind the caret.
    var text: String { "\(row)\n\(blanks)^ \(reason)\n" }

    /// For a script, whose place stands before it.
    var report: String { "\(reason)\n    \(row)\n    \(blanks)^\n" }

    private var blanks: String { String(repeating: " ", count: column) }

    /// People expect `\\` to be an escape between single quotes, as it is between double ones.
    private static func note(_ rest: ArraySlice<UInt8>, _ quote: UInt8) -> String {
        guard quote == UInt8(ascii: "'"), rest.contains(UInt8(ascii: "\\")) else { return "" }
        return #": inside '…' only \' is an escape; use "…""#
    }

    private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.map(DisplayWidth.shown).joined()
    }
}
