import Grammar

// What only the commands of sets refuse.

extension CommandError {
    /// SPOP with a count that is negative or no number.
    static let notPositive = CommandError("ERR value is out of range, must be positive")
    /// A number of keys that is none, or not even one.
    static let noKeysCounted = CommandError("ERR numkeys should be greater than 0")
    /// A number of keys that are not all there.
    static let keysBeyondArguments = CommandError(
        "ERR Number of keys can't be greater than number of args")
    /// SINTERCARD with a limit that is negative or no number.
    static let negativeLimit = CommandError("ERR LIMIT can't be negative")
}
