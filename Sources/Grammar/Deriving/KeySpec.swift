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

    /// A key specification.
    public init(_ begin: Begin, _ find: Find, _ flags: KeyFlags, notes: String? = nil) {
        self.begin = begin
        self.find = find
        self.flags = flags
        self.notes = notes
    }
}
