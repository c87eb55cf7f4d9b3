import Histogram

// How results reach the person: a table that grows by a line as each test ends, a progress line on
// a terminal while one runs, or a single JSON object at the end.

/// A number with a fixed count of decimals.
func decimal(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "-" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value.magnitude * scale).rounded())
    let whole = scaled / Int(scale)
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard places > 0 else { return sign + String(whole) }
    let fraction = String(scaled % Int(scale))
    return sign + String(whole) + "." + String(repeating: "0", count: places - fraction.count)
        + fraction
}

/// A whole number with a comma between each three digits.
func grouped(_ value: Double) -> String {
    let digits = Array(decimal(value, 0))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}

/// The middle and the extremes of a few measurements.
struct Spread: Equatable {
    var median: Double
    var minimum: Double
    var maximum: Double

    /// Nil if there is nothing to sum up.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        median =
            sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        minimum = first
        maximum = last
    }

    /// The ratios of two rows of measurements, pair by pair.
    init?(ratiosOf first: [Double], to second: [Double]) {
        self.init(zip(first, second).compactMap { $1 > 0 ? $0 / $1 : nil })
    }

    var text: String {
        "\(decimal(median, 2)) (\(decimal(minimum, 2))-\(decimal(maximum, 2)))"
    }

    var json: JSONText {
        .object([
            ("median", .number(median)), ("min", .number(minimum)), ("max", .number(maximum)),
        ])
    }
}

/// The percentiles that a report shows, in milliseconds.
struct LatencySummary: Equatable {
    var p50 = 0.0
    var p95 = 0.0
    var p99 = 0.0
    var p999 = 0.0
    var maximum = 0.0

    init(_ histogram: Histogram<UInt64>) {
        guard histogram.totalCount > 0 else { return }
        func at(_ percentile: Double) -> Double {
            Double(histogram.valueAtPercentile(percentile)) / 1e6
        }
        p50 = at(50)
        p95 = at(95)
        p99 = at(99)
        p999 = at(99.9)
        maximum = Double(histogram.maxRecorded) / 1e6
    }

    var json: JSONText {
        .object([
            ("p50", .number(p50)), ("p95", .number(p95)), ("p99", .number(p99)),
            ("p99.9", .number(p999)), ("max", .number(maximum)),
        ])
    }
}

/// A JSON value that keeps the order of its members.
indirect enum JSONText {
    case number(Double)
    case text(String)
    case flag(Bool)
    case null
    case array([JSONText])
    case object([(String, JSONText)])

    init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

    /// The value on one line.
    var rendered: String {
        switch self {
        case .number(let value):
            if !value.isFinite { return "null" }
            if value == value.rounded() && value.magnitude < 1e15 { return String(Int(value)) }
            return String(value)
        case .text(let text): return Self.quoted(text)
        case .flag(let flag): return flag ? "true" : "false"
        case .null: return "null"
        case .array(let values):
            return "[" + values.map(\.rendered).joined(separator: ",") + "]"
        case .object(let members):
            return "{" + members.map { Self.quoted($0) + ":" + $1.rendered }.joined(separator: ",")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Where results go.
final class BenchReport {
    private let json: Bool
    private let showsProgress = errorStreamIsTerminal()
    private var widths: [Int] = []
    private var results: [JSONText] = []
    private var summary: [(String, JSONText)] = []
    private var hasProgressLine = false
    private(set) var hasFailures = false

    init(json: Bool) { self.json = json }

    /// Starts a table. Each column is as wide as its title or the sample, whichever is wider.
    func columns(_ titles: [(title: String, sample: String)]) {
        widths = titles.map { max($0.title.count, $0.sample.count) }
        row(titles.map(\.title))
    }

    /// Prints a line of the table: the first column to the left, the others to the right.
    func row(_ cells: [String]) {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let width = index < widths.count ? widths[index] : 0
            let padding = String(repeating: " ", count: max(0, width - cell.count))
            line += index == 0 ? cell + padding : "  " + padding + cell
        }
        note(line)
    }

    /// Prints a line, unless the output is JSON.
    func note(_ line: String) {
        clearProgress()
        if !json { write(line + "\n", to: 1) }
    }

    /// Adds an element to the results of the JSON output.
    func add(_ result: JSONText) { results.append(result) }

    /// Adds a member beside the results of the JSON output.
    func add(_ name: String, _ value: JSONText) { summary.append((name, value)) }

    /// Tells on standard error that a server answered with errors, and fails the run.
    func failure(_ line: String) {
        clearProgress()
        hasFailures = true
        write("larder bench: \(line)\n", to: 2)
    }

    /// Replaces the progress line on a terminal.
    func progress(_ line: @autoclosure () -> String) {
        guard showsProgress else { return }
        hasProgressLine = true
        write("\r\u{1B}[K" + line(), to: 2)
    }

    func clearProgress() {
        guard hasProgressLine else { return }
        hasProgressLine = false
        write("\r\u{1B}[K", to: 2)
    }

    func finish() {
        clearProgress()
        guard json else { return }
        write(JSONText.object(summary + [("results", .array(results))]).rendered + "\n", to: 1)
    }
}
