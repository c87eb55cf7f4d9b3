import Bytes
import Grammar

// What the commands about scripts, users, clusters and measures refuse.

extension CommandError {
    /// Anything about a cluster on a node that is in none.
    static let clusterDisabled = CommandError(
        "ERR This instance has cluster support disabled")
    /// The end of a script while none runs.
    static let noScriptRuns = CommandError("NOTBUSY No scripts in execution right now.")
    /// SCRIPT FLUSH with a mode that there is not.
    static let scriptFlushMode = CommandError(
        "ERR SCRIPT FLUSH only support SYNC|ASYNC option")
    /// FUNCTION FLUSH with a mode that there is not.
    static let functionFlushMode = CommandError(
        "ERR FUNCTION FLUSH only supports SYNC|ASYNC option")
    /// A library of functions that there is not.
    static let libraryNotFound = CommandError("ERR Library not found")
    /// FUNCTION LIST LIBRARYNAME without a name.
    static let libraryNameMissing = CommandError("ERR library name argument was not given")
    /// SLOWLOG GET with a count that is none.
    static let slowLogCount = CommandError(
        "ERR count should be greater than or equal to -1")

    /// An option that FUNCTION LIST does not have.
    static func unknownArgument(_ word: RawSpan) -> CommandError {
        quoting("ERR Unknown argument ", word, "")
    }

    /// A category of commands that there is not.
    static func unknownCategory(_ word: RawSpan) -> CommandError {
        quoting("ERR Unknown category '", word, "'")
    }

    /// LATENCY GRAPH of an event that nothing is known of.
    static func noSamples(_ event: RawSpan) -> CommandError {
        quoting("ERR No samples available for event '", event, "'")
    }
}
