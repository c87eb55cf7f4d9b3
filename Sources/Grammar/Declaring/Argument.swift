/// What a command does with a key: reported with its key positions, and later what access
/// control, routing and tracking go by.
public struct KeyFlags: OptionSet, Sendable {
    /// One bit a flag, in the order in which they are reported.
    public var rawValue: UInt16
    /// Bits as stored.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// Reads the value.
    public static let readOnly = KeyFlags(rawValue: 1 << 0)
    /// Changes the value in place.
    public static let readWrite = KeyFlags(rawValue: 1 << 1)
    /// Replaces the value.
    public static let overwrite = KeyFlags(rawValue: 1 << 2)
    /// Removes the key.
    public static let remove = KeyFlags(rawValue: 1 << 3)
    /// Returns or copies user data.
    public static let access = KeyFlags(rawValue: 1 << 4)
    /// Updates user data.
    public static let update = KeyFlags(rawValue: 1 << 5)
    /// Adds user data.
    public static let insert = KeyFlags(rawValue: 1 << 6)
    /// Deletes user data.
    public static let delete = KeyFlags(rawValue: 1 << 7)
    /// Routed like a key but is none.
    public static let notKey = KeyFlags(rawValue: 1 << 8)
    /// The positions found may not be all.
    public static let incomplete = KeyFlags(rawValue: 1 << 9)
    /// The flags depend on other arguments.
    public static let variableFlags = KeyFlags(rawValue: 1 << 10)

    /// The names, in the order in which they are reported.
    public static let names: [(KeyFlags, String)] = [
        (.readWrite, "RW"), (.readOnly, "RO"), (.overwrite, "OW"), (.remove, "RM"),
        (.access, "access"), (.update, "update"), (.insert, "insert"), (.delete, "delete"),
        (.notKey, "not_key"), (.incomplete, "incomplete"), (.variableFlags, "variable_flags"),
    ]
}

/// One argument of a command: what `COMMAND DOCS` reports, and what arity, key positions, hints,
/// completion and checks are derived from.
public struct Argument: Sendable, Equatable {
    /// What may stand there.
    public indirect enum Kind: Sendable, Equatable {
        /// A key, and what is done with it.
        case key(KeyFlags)
        /// Any bytes.
        case string
        /// A whole number.
        case integer
        /// A number.
        case double
        /// A point in time, in seconds or milliseconds since 1970.
        case unixTime
        /// A glob pattern.
        case pattern
        /// Only the token itself.
        case pureToken
        /// One of several.
        case oneOf([Argument])
        /// Several that belong together.
        case block([Argument])
    }

    /// The name shown in syntax and hints.
    public var name: String
    /// What may stand there.
    public var kind: Kind
    /// The word that introduces the argument, or is it.
    public var token: String?
    /// True when it may be left out.
    public var isOptional = false
    /// True when it may be repeated.
    public var isRepeated = false
    /// True when each repetition has the token again.
    public var repeatsToken = false
    /// How often it comes, once the number of keys in a line has told it: see `isPerKey`.
    var repetitions: Int?
    /// The version that brought it, when later than the command.
    public var since: String?
    /// The version from which on something else is preferred.
    public var deprecatedSince: String?
    /// The flavours that know it.
    public var availability: Availability = .everywhere
    /// The text shown instead of the name, where the two differ.
    public var displayText: String?
    /// A remark reported with the key positions that this argument stands for.
    public var keyNote: String?
    /// Other flags for the key, when the line lacks an option.
    public var keyVariant: KeyVariant?
    /// The key specification that it belongs to, where it cannot be derived.
    public var keySpecIndex: Int?

    init(_ name: String, _ kind: Kind, token: String? = nil) {
        self.name = name
        self.kind = kind
        self.token = token
    }

    // MARK: Kinds

    /// A key, and what is done with it.
    public static func key(_ flags: KeyFlags, _ name: String = "key") -> Argument {
        Argument(name, .key(flags))
    }

    /// Any bytes.
    public static func string(_ name: String) -> Argument { Argument(name, .string) }

    /// A whole number.
    public static func integer(_ name: String) -> Argument { Argument(name, .integer) }

    /// A number.
    public static func double(_ name: String) -> Argument { Argument(name, .double) }

    /// A point in time.
    public static func unixTime(_ name: String) -> Argument { Argument(name, .unixTime) }

    /// A glob pattern.
    public static func pattern(_ name: String) -> Argument { Argument(name, .pattern) }

    /// A word that stands for itself; its name is the word in small letters unless given.
    public static func token(_ token: String, _ name: String? = nil) -> Argument {
        Argument(name ?? token.lowercased(), .pureToken, token: token)
    }

    /// One of several.
    public static func oneOf(_ name: String, _ choices: [Argument]) -> Argument {
        Argument(name, .oneOf(choices))
    }

    /// Several that belong together.
    public static func block(_ name: String, _ parts: [Argument]) -> Argument {
        Argument(name, .block(parts))
    }

    // MARK: Properties

    private func with(_ change: (inout Argument) -> Void) -> Argument {
        var copy = self
        change(&copy)
        return copy
    }

    /// The same argument, which may be left out.
    public var optional: Argument { with { $0.isOptional = true } }

    /// The same argument, once or more.
    public var repeated: Argument { with { $0.isRepeated = true } }

    /// The same argument, once or more, its token before each.
    public var repeatedWithToken: Argument {
        with {
            $0.isRepeated = true
            $0.repeatsToken = true
        }
    }

    /// The same argument behind a token.
    public func after(_ token: String) -> Argument { with { $0.token = token } }

    /// The same argument, brought by a later version than the command.
    public func since(_ version: String) -> Argument { with { $0.since = version } }

    /// The same argument, no longer preferred since a version.
    public func deprecated(since version: String) -> Argument {
        with { $0.deprecatedSince = version }
    }

    /// The same argument, known to some flavours only.
    public func only(_ flavours: Availability) -> Argument { with { $0.availability = flavours } }

    /// The same key, with a remark reported with its positions.
    public func noted(_ note: String) -> Argument { with { $0.keyNote = note } }

    /// The same key, which has these flags when none of `tokens` stands at or after the word
    /// with the number `index`, the command's name being word 0.
    public func keyFlags(
        _ flags: KeyFlags, without tokens: [String], from index: Int
    ) -> Argument {
        with { $0.keyVariant = KeyVariant(flags: flags, tokens: tokens, from: index) }
    }

    /// The same argument, belonging to the command's key specification with this number.
    public func keySpec(_ index: Int) -> Argument { with { $0.keySpecIndex = index } }

    /// The same argument, shown under another text.
    public func shown(_ text: String) -> Argument { with { $0.displayText = text } }
}

extension Argument {
    /// The arguments that `flavour` has, and of these the parts that it has.
    static func adapted(_ arguments: [Argument], to flavour: Flavour) -> [Argument] {
        arguments.compactMap { argument in
            guard argument.availability.contains(flavour.availability),
                argument.since.map(flavour.includes(version:)) ?? true
            else { return nil }
            var copy = argument
            switch argument.kind {
            case .oneOf(let choices): copy.kind = .oneOf(adapted(choices, to: flavour))
            case .block(let parts): copy.kind = .block(adapted(parts, to: flavour))
            default: break
            }
            return copy
        }
    }
}
