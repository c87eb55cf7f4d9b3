/// Where the keys of a command are, as `COMMAND INFO` reports it: how to find the first, and how
/// to go on from there.
public struct KeySpec: Sendable, Equatable {
    /// Where the search begins.
    public enum Begin: Sendable, Equatable {
        /// At a fixed word; the command's name is word 0.
        case index(Int)
        /// Behind a token, looked for from a word on (from the end when negative).
        case keyword(String, from: Int)
        /// Not told.
        case unknown
    }

    /// Which words are keys, counted from where the search ended.
    public enum Find: Sendable, Equatable {
        /// Up to `last` (negative from the end), every `step` words; a `limit` above 1 takes
        /// only that part of the words that are left.
        case range(last: Int, step: Int, limit: Int)
        /// As many as the number in a word says, from `first` on, every `step` words.
        case number(at: Int, first: Int, step: Int)
        /// Not told.
        case unknown
    }

    /// Where the search begins.
    public var begin: Begin
    /// Which words are keys.
    public var find: Find
    /// What is done with them.
    public var flags: KeyFlags
    /// A remark that is reported with it.
    public var notes: String?
    /// Other flags, when the line lacks an option.
    public var variant: KeyVariant?

    /// A key specification.
    public init(_ begin: Begin, _ find: Find, _ flags: KeyFlags, notes: String? = nil) {
        self.begin = begin
        self.find = find
        self.flags = flags
        self.notes = notes
    }
}

/// What is done with a key when a line has none of some options: `SET` only overwrites without
/// `GET`, `BITFIELD` only reads without `SET` and `INCRBY`.
public struct KeyVariant: Sendable, Equatable {
    /// The flags in that case.
    public var flags: KeyFlags
    /// The options, in capitals.
    public var tokens: [String]
    /// The first word that may be one of them, the command's name being word 0.
    public var from: Int

    /// A variant.
    public init(flags: KeyFlags, tokens: [String], from: Int) {
        self.flags = flags
        self.tokens = tokens
        self.from = from
    }
}

// The older, coarser account of key positions: a first and last word and a step.

extension KeySpec {
    /// The first and last word that is a key, and the step between keys, as the fourth to sixth
    /// element of `COMMAND INFO` tell it; all 0 when no fixed word is a key.
    public static func range(_ specs: [KeySpec]) -> (first: Int, last: Int, step: Int) {
        let summed = sum(specs)
        return (summed.first, summed.last, summed.step)
    }

    /// True when the range does not tell all: a client must ask for a line's keys.
    public static func areMovable(_ specs: [KeySpec]) -> Bool { sum(specs).isMovable }

    private struct Sum {
        var first = 0
        var last = 0
        var step = 0
        var isMovable = false
    }

    private static func sum(_ specs: [KeySpec]) -> Sum {
        var sum = Sum()
        if specs.count == 1, case .index(let place) = specs[0].begin,
            case .range(let last, let step, _) = specs[0].find
        {
            sum.first = place
            sum.last = last >= 0 ? place + last : last
            sum.step = step
            sum.isMovable = specs[0].flags.contains(.incomplete)
            return sum
        }
        for spec in specs {
            guard case .index(let place) = spec.begin, case .range(let last, 1, _) = spec.find,
                sum.first == 0 || sum.last == place - 1
            else {
                sum.isMovable = true
                continue
            }
            if spec.flags.contains(.incomplete) { sum.isMovable = true }
            if sum.first == 0 { sum.first = place }
            sum.last = last >= 0 ? place + last : last
            sum.step = 1
        }
        return sum
    }
}
