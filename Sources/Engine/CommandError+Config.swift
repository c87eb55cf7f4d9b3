import Bytes
import Grammar

// The error texts of the commands about the server.

extension CommandError {
    /// CONFIG REWRITE without a file to write.
    static let noConfigFile = CommandError("ERR The server is running without a config file")
    /// SHUTDOWN ABORT with nothing to abort.
    static let noShutdown = CommandError("ERR No shutdown in progress.")

    /// CONFIG SET with a name that no setting has.
    static func unknownSetting(_ word: RawSpan) -> CommandError {
        quoting("ERR Unknown option or number of arguments for CONFIG SET - '", word, "'")
    }

    /// CONFIG SET with a value that a setting does not take.
    static func configSet(_ name: ByteString, _ reason: String) -> CommandError {
        CommandError(
            ByteString(
                Array("ERR CONFIG SET failed (possibly related to argument '".utf8) + name.bytes
                    + Array("') - \(reason)".utf8)))
    }
}
