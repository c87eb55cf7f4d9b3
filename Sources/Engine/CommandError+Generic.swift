import Bytes
import Grammar

// Error texts of the key commands alone.

extension CommandError {
    /// A cursor that is no unsigned number.
    static let invalidCursor = CommandError("ERR invalid cursor")
    /// Conditions of EXPIRE that exclude each other.
    static let conflictingConditions = CommandError(
        "ERR NX and XX, GT or LT options at the same time are not compatible")
    /// As above.
    static let conflictingComparisons = CommandError(
        "ERR GT and LT options at the same time are not compatible")
    /// OBJECT FREQ under a policy that keeps times.
    static let frequencyNotTracked = CommandError(
        """
        ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note \
        that when switching between policies at runtime LRU and LFU data will take some time to \
        adjust.
        """)
    /// OBJECT IDLETIME under a policy that keeps frequencies.
    static let idleTimeNotTracked = CommandError(
        """
        ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when \
        switching between policies at runtime LRU and LFU data will take some time to adjust.
        """)
    /// SWAPDB with a first word that is no number.
    static let invalidFirstDatabase = CommandError("ERR invalid first DB index")
    /// SWAPDB with a second word that is no number.
    static let invalidSecondDatabase = CommandError("ERR invalid second DB index")

    /// A word that is no condition of EXPIRE.
    static func unsupportedOption(_ word: RawSpan) -> CommandError {
        quoting("ERR Unsupported option ", word, "")
    }
}
