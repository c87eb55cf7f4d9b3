import Bytes
import Grammar

// The error texts of CLIENT TRACKING and CLIENT CACHING.

extension CommandError {
    /// REDIRECT twice.
    static let severalRedirections = CommandError(
        "ERR A client can only redirect to a single other client")
    /// REDIRECT to a connection that there is not.
    static let redirectionToNobody = CommandError(
        "ERR The client ID you want redirect to does not exist")
    /// PREFIX without BCAST.
    static let prefixWithoutBroadcast = CommandError(
        "ERR PREFIX option requires BCAST mode to be enabled")
    /// BCAST switched on or off while tracking is on.
    static let broadcastSwitched = CommandError(
        """
        ERR You can't switch BCAST mode on/off before disabling tracking for this client, and \
        then re-enabling it with a different mode.
        """)
    /// BCAST together with OPTIN or OPTOUT.
    static let choiceWithBroadcast = CommandError(
        "ERR OPTIN and OPTOUT are not compatible with BCAST")
    /// OPTIN together with OPTOUT.
    static let choiceOfBoth = CommandError(
        "ERR You can't specify both OPTIN mode and OPTOUT mode")
    /// OPTIN and OPTOUT exchanged while tracking is on.
    static let choiceSwitched = CommandError(
        """
        ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and \
        then re-enabling it with a different mode.
        """)
    /// CLIENT CACHING while tracking is off.
    static let cachingWithoutTracking = CommandError(
        """
        ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or \
        OPTOUT mode enabled
        """)
    /// CLIENT CACHING YES where everything is remembered anyway.
    static let cachingWithoutOptIn = CommandError(
        "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
    /// CLIENT CACHING NO where nothing is remembered anyway.
    static let cachingWithoutOptOut = CommandError(
        "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")

    /// A prefix of which one is the beginning of the other.
    static func overlapping(
        _ prefix: ByteString, with other: ByteString, isGiven: Bool
    ) -> CommandError {
        let kind = isGiven ? "another provided" : "an existing"
        func printed(_ prefix: ByteString) -> [UInt8] { Array(prefix.bytes.prefix { $0 != 0 }) }
        return CommandError(
            ByteString(
                Array("ERR Prefix '".utf8) + printed(prefix)
                    + Array("' overlaps with \(kind) prefix '".utf8) + printed(other)
                    + Array("'. Prefixes for a single client must not overlap.".utf8)))
    }
}
