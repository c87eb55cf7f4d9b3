import Bytes
import Grammar

// The error texts of the commands about connections.

extension CommandError {
    /// A wrong user name or password.
    static let wrongPassword = CommandError(
        "WRONGPASS invalid username-password pair or user is disabled.")
    /// AUTH with a password alone while the default user needs none.
    static let noPasswordConfigured = CommandError(
        """
        ERR AUTH <password> called without any password configured for the default user. Are \
        you sure your configuration is correct?
        """)
    /// HELLO before authentication and without AUTH.
    static let helloNeedsAuthentication = CommandError(
        """
        NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO \
        AUTH <user> <pass> option can be used to authenticate the client and select the RESP \
        protocol version at the same time
        """)
    /// HELLO with a version that is no number.
    static let protocolVersionNotInteger = CommandError(
        "ERR Protocol version is not an integer or out of range")
    /// HELLO with a version that is not spoken here.
    static let unsupportedProtocol = CommandError("NOPROTO unsupported protocol version")
    /// A connection's name with a byte that would garble `CLIENT LIST`.
    static let invalidClientName = CommandError(
        "ERR Client names cannot contain spaces, newlines or special characters.")
    /// `CLIENT LIST ID` with something that is no number.
    static let invalidClientID = CommandError("ERR Invalid client ID")
    /// `CLIENT KILL ID` with something that is no positive number.
    static let clientIDNotPositive = CommandError("ERR client-id should be greater than 0")
    /// `CLIENT KILL` with an address that nobody has.
    static let noSuchClient = CommandError("ERR No such client")
    /// `CLIENT KILL MAXAGE` with something that is no number.
    static let maximumAgeNotInteger = CommandError(
        "ERR maxage is not an integer or out of range")
    /// `CLIENT KILL MAXAGE` with a number that is not positive.
    static let maximumAgeNotPositive = CommandError("ERR maxage should be greater than 0")
    /// A 64-bit number where one of 32 bits is asked for.
    static let outsideInt32 = CommandError(
        """
        ERR value is out of range, value must between -2147483648 and 2147483647
        """)

    /// An option of HELLO that it does not have, or without its values.
    static func helloOption(_ word: RawSpan) -> CommandError {
        quoting("ERR Syntax error in HELLO option '", word, "'")
    }

    /// A kind of client that there is not.
    static func unknownClientType(_ word: RawSpan) -> CommandError {
        quoting("ERR Unknown client type '", word, "'")
    }

    /// A user that there is not.
    static func noSuchUser(_ word: RawSpan) -> CommandError {
        quoting("ERR No such user '", word, "'")
    }

    /// An attribute that `CLIENT SETINFO` does not have.
    static func unrecognizedOption(_ word: RawSpan) -> CommandError {
        quoting("ERR Unrecognized option '", word, "'")
    }

    /// A value of `CLIENT SETINFO` with a byte that would garble `CLIENT LIST`.
    static func invalidAttribute(_ word: RawSpan) -> CommandError {
        quoting("ERR ", word, " cannot contain spaces, newlines or special characters.")
    }

    /// A text with a client's own word in it, up to the first zero byte, as C would print it.
    static func quoting(
        _ before: StaticString, _ word: RawSpan, _ after: StaticString
    ) -> CommandError {
        let end = word.firstIndex(of: 0) ?? word.byteCount
        return CommandError(
            ByteString(
                ByteString(stringLiteral: before).bytes + word.extracting(0..<end).copied()
                    + ByteString(stringLiteral: after).bytes))
    }
}
