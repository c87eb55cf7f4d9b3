/// The server that a node behaves as: it decides the version reported, the commands and options
/// that exist, and the names that differ.
public enum Flavour: String, CaseIterable, Sendable {
    /// Redis 7.0, as Debian 12 ships it.
    case redis70 = "redis-7.0"
    /// Redis 7.2, the last release under the BSD licence.
    case redis72 = "redis-7.2"
    /// Valkey 8.0, the default.
    case valkey80 = "valkey-8.0"

    /// The Redis or Valkey version whose commands and options it has.
    private var release: [Int] {
        switch self {
        case .redis70: [7, 0, 15]
        case .redis72: [7, 2, 4]
        case .valkey80: [8, 0, 99]
        }
    }

    /// True when what came with `version`, such as `6.2.0`, is there.
    public func includes(version: String) -> Bool {
        let parts = version.split(separator: ".").map { Int($0) ?? 0 }
        return !release.lexicographicallyPrecedes(parts)
    }

    /// The bit for sets of flavours.
    public var availability: Availability {
        switch self {
        case .redis70: .redis70
        case .redis72: .redis72
        case .valkey80: .valkey80
        }
    }
}

/// A set of flavours: where a command or an option exists.
public struct Availability: OptionSet, Sendable {
    /// One bit a flavour.
    public var rawValue: UInt8
    /// Bits as stored.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Redis 7.0.
    public static let redis70 = Availability(rawValue: 1)
    /// Redis 7.2.
    public static let redis72 = Availability(rawValue: 2)
    /// Valkey 8.0.
    public static let valkey80 = Availability(rawValue: 4)
    /// Every flavour.
    public static let everywhere: Availability = [.redis70, .redis72, .valkey80]
    /// What came with Redis 7.2 and is in Valkey too.
    public static let since72: Availability = [.redis72, .valkey80]
}
