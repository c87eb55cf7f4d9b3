import Bytes
public import Grammar

// A measure of a node, declared once: INFO, meters and explanations all follow from the
// declaration.

/// The parts of INFO, in the order in which they are reported.
public enum MetricSection: String, CaseIterable, Sendable {
    /// The program and the machine.
    case server
    /// Connections.
    case clients
    /// Memory.
    case memory
    /// Files.
    case persistence
    /// Counters.
    case stats
    /// Primary and replicas.
    case replication
    /// Processor time.
    case cpu
    /// Modules.
    case modules
    /// Counters of each command.
    case commandstats
    /// Errors by their code word.
    case errorstats
    /// Latency of each command.
    case latencystats
    /// The cluster.
    case cluster
    /// Keys of each database.
    case keyspace

    /// The heading in INFO.
    public var heading: String {
        self == .cpu ? "CPU" : rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }

    /// True when INFO shows it without being asked for it.
    public var isShownByDefault: Bool { self != .commandstats && self != .latencystats }
}

/// A measure's value at one moment.
public enum MetricValue: Sendable, Equatable {
    /// A whole number.
    case integer(Int)
    /// A number with so many decimals.
    case fixed(Double, Int)
    /// A number of bytes for people, such as `1.50M`.
    case size(Int)
    /// A percentage with two decimals.
    case percent(Double)
    /// Text.
    case text(String)

    /// The value as INFO prints it.
    public var text: String {
        switch self {
        case .integer(let number): String(number)
        case .fixed(let number, let decimals): MetricValue.fixed(number, decimals)
        case .size(let bytes): MetricValue.size(bytes)
        case .percent(let number): MetricValue.fixed(number, 2) + "%"
        case .text(let text): text
        }
    }

    static func fixed(_ number: Double, _ decimals: Int) -> String {
        var digits: [UInt8] = []
        Doubles.appendFixed(number.isFinite ? number : 0, decimals: decimals, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    private static func size(_ bytes: Int) -> String {
        if bytes < 1024 { return "\(bytes)B" }
        var number = Double(bytes) / 1024
        for unit in ["K", "M", "G", "T"] {
            if number < 1024 || unit == "T" { return fixed(number, 2) + unit }
            number /= 1024
        }
        return "\(bytes)B"
    }
}

/// One measure.
public struct Metric: Sendable {
    /// What kind of measure it is.
    public enum Kind: Sendable {
        /// It goes up and down.
        case gauge
        /// It only rises, until it is reset.
        case counter
        /// A fact.
        case fact
    }

    /// Its name in INFO.
    public let name: String
    /// Where it stands in INFO.
    public let section: MetricSection
    /// What kind of measure it is.
    public let kind: Kind
    /// Its meaning in a sentence.
    public let doc: String
    /// What its number counts.
    public private(set) var unit = MetricUnit.count
    /// The flavours whose INFO has it.
    public private(set) var availability: Availability = .everywhere
    /// True when it has the same value always.
    public private(set) var isConstant = false
    /// Why it has; nil for a measure that tells something.
    public private(set) var absence: MetricAbsence?
    /// What Amazon CloudWatch calls it for a node of ElastiCache; nil where it does not.
    public private(set) var cloudWatch: String?
    /// Reads it.
    public let read: @Sendable (borrowing Store) -> MetricValue

    init(
        _ name: String, _ section: MetricSection, _ kind: Kind, _ doc: String,
        read: @escaping @Sendable (borrowing Store) -> MetricValue
    ) {
        self.name = name
        self.section = section
        self.kind = kind
        self.doc = doc
        self.read = read
    }

    /// A measure of something that this node does not have, so that it always has this value.
    static func fixed(
        _ name: String, _ section: MetricSection, _ value: MetricValue, _ doc: String,
        _ absence: MetricAbsence? = nil
    ) -> Metric {
        Metric(name, section, .fact, doc) { _ in value }.with {
            $0.absence = absence
            $0.isConstant = true
        }
    }

    /// A counter of something that never happens here.
    static func none(
        _ name: String, _ section: MetricSection, _ doc: String, _ absence: MetricAbsence? = nil
    ) -> Metric {
        fixed(name, section, .integer(0), doc, absence)
    }

    func only(_ flavours: Availability) -> Metric { with { $0.availability = flavours } }

    func `in`(_ unit: MetricUnit) -> Metric { with { $0.unit = unit } }

    func inCloudWatch(as name: String) -> Metric { with { $0.cloudWatch = name } }

    private func with(_ change: (inout Metric) -> Void) -> Metric {
        var copy = self
        change(&copy)
        return copy
    }
}
