import Grammar

// What only the commands of strings refuse.

extension CommandError {
    /// DECRBY by a number whose opposite does not exist.
    static let decrementOverflow = CommandError("ERR decrement would overflow")
    /// LCS of something else than strings.
    static let notStrings = CommandError("ERR The specified keys must contain string values")
    /// LCS with LEN and IDX.
    static let lengthAndIndexes = CommandError(
        "ERR If you want both the length and indexes, please just use IDX.")
    /// LCS of two strings whose table would be too large.
    static let commonTooLarge = CommandError(
        "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len")
}
