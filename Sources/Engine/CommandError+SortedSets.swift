import Bytes
import Grammar

// Error texts of the commands on sorted sets alone.

extension CommandError {
    /// ZADD with conditions that exclude each other.
    static let conflictingPresence = CommandError(
        "ERR XX and NX options at the same time are not compatible")
    /// As above.
    static let conflictingOrder = CommandError(
        "ERR GT, LT, and/or NX options at the same time are not compatible")
    /// ZADD INCR of several members.
    static let singleIncrement = CommandError(
        "ERR INCR option supports a single increment-element pair")
    /// A score that would come of adding opposite infinities.
    static let scoreNotANumber = CommandError("ERR resulting score is not a number (NaN)")
    /// An end of a range of scores that is no number.
    static let scoreRangeEnd = CommandError("ERR min or max is not a float")
    /// An end of a range of members that has no bracket.
    static let memberRangeEnd = CommandError("ERR min or max not valid string range item")
    /// LIMIT of a range of ranks.
    static let limitByRank = CommandError(
        """
        ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
        """)
    /// Scores of a range of members.
    static let scoresByMember = CommandError(
        "ERR syntax error, WITHSCORES not supported in combination with BYLEX")
    /// A number of members to pop that is no number, or below zero.
    static let mustBePositive = CommandError("ERR value is out of range, must be positive")
    /// A number of keys below one.
    static let numberOfKeys = CommandError("ERR numkeys should be greater than 0")
    /// COUNT below one.
    static let countBelowOne = CommandError("ERR count should be greater than 0")
    /// A weight that is no number.
    static let weightNotFloat = CommandError("ERR weight value is not a float")

    /// A number of input keys below one.
    static func noInputKeys(_ command: String) -> CommandError {
        CommandError("ERR at least 1 input key is needed for '\(command)' command")
    }
}
