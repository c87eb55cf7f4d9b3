import Bytes
import Grammar

// What only DUMP, RESTORE and DEBUG refuse.

extension CommandError {
    /// RESTORE to a key that stands, without REPLACE.
    static let busyKey = CommandError("BUSYKEY Target key name already exists.")
    /// RESTORE with a negative time to live.
    static let invalidTTL = CommandError("ERR Invalid TTL value, must be >= 0")
    /// RESTORE with a negative idle time.
    static let invalidIdleTime = CommandError("ERR Invalid IDLETIME value, must be >= 0")
    /// RESTORE with a frequency that does not fit its counter.
    static let invalidFrequency = CommandError("ERR Invalid FREQ value, must be >= 0 and <= 255")
    /// A payload that is not intact, or from a newer server.
    static let payloadNotIntact = CommandError(
        "ERR DUMP payload version or checksum are wrong")
    /// A payload that is intact and yet no value.
    static let badDataFormat = CommandError("ERR Bad data format")

    /// DEBUG where the settings do not allow it.
    static let debugNotAllowed = CommandError(
        """
        ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", \
        you can run it from a local connection, otherwise you need to set this option in the \
        configuration file, and then restart the server.
        """)
    /// DEBUG RELOAD and DEBUG LOADAOF.
    static let nothingToReload = CommandError(
        "ERR there is no file to load the data from: this server does not save")
    /// DEBUG QUICKLIST-PACKED-THRESHOLD with something else than a size.
    static let badPackedThreshold = CommandError(
        "ERR argument must be a memory value bigger than 1 and smaller than 4gb")
    /// DEBUG HTSTATS-KEY of a value without a table.
    static let notHashTable = CommandError(
        "ERR The value stored at the specified key is not represented using an hash table")
    /// DEBUG HTSTATS with a database that there is not.
    static let debugDatabaseOutOfRange = CommandError("ERR Out of range database")
    /// DEBUG LISTPACK of something else.
    static let notListpack = CommandError("ERR Not a listpack encoded object.")
    /// DEBUG QUICKLIST of something else.
    static let notQuicklist = CommandError("ERR Not a quicklist encoded object.")
    /// DEBUG PROTOCOL with a type that there is not.
    static let wrongProtocolType = CommandError(
        """
        ERR Wrong protocol type name. Please use one of the following: string|integer|double|\
        bignum|null|array|set|map|attrib|push|verbatim|true|false
        """)
    /// DEBUG PROTOCOL push on a connection that has no pushes.
    static let needsRESP3 = CommandError("ERR RESP2 is not supported by this command")

    /// A subcommand that a container without declared subcommands does not have.
    static func unknownOrWrongArity(
        _ word: RawSpan, of container: StaticString
    ) -> CommandError {
        let start = quoting(
            "ERR unknown subcommand or wrong number of arguments for '",
            word.extracting(0..<min(word.byteCount, 128)), "'. Try ")
        return CommandError(
            ByteString(
                start.text.bytes + ByteString(stringLiteral: container).bytes
                    + Array(" HELP.".utf8)))
    }
}
