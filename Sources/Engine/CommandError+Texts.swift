import Bytes
public import Grammar

// Every error text of the engine, once. What stands here is what goes over the wire, so the
// words are those that clients of the field look for.

extension CommandError {
    /// The key holds another type than the command works on.
    public static let wrongType = CommandError(
        "WRONGTYPE Operation against a key holding the wrong kind of value")
    /// The options do not fit the command.
    public static let syntax = CommandError("ERR syntax error")
    /// A value or argument is no 64-bit integer.
    public static let notInteger = CommandError("ERR value is not an integer or out of range")
    /// A value or argument is no floating-point number.
    public static let notFloat = CommandError("ERR value is not a valid float")
    /// An argument is outside its range.
    public static let outOfRange = CommandError("ERR value is out of range")
    /// An increment or decrement would leave 64 bits.
    public static let overflow = CommandError("ERR increment or decrement would overflow")
    /// A floating-point increment has no number as its result.
    public static let notANumber = CommandError("ERR increment would produce NaN or Infinity")
    /// The key that must be there is not.
    public static let noSuchKey = CommandError("ERR no such key")
    /// A database number beyond the last.
    public static let databaseOutOfRange = CommandError("ERR DB index is out of range")
    /// A string would become longer than `proto-max-bulk-len`.
    public static let stringTooLong = CommandError(
        "ERR string exceeds maximum allowed size (proto-max-bulk-len)")
    /// An offset that must not be negative is.
    public static let offsetOutOfRange = CommandError("ERR offset is out of range")
    /// A command before authentication.
    public static let noAuthentication = CommandError("NOAUTH Authentication required.")
    /// Source and target of a command are the same.
    public static let sameObject = CommandError(
        "ERR source and destination objects are the same")
    /// Memory is over its limit and nothing can be evicted.
    public static let outOfMemory = CommandError(
        "OOM command not allowed when used memory > 'maxmemory'.")

    /// A time to live that is no valid one for this command.
    static func invalidExpiry(_ command: String) -> CommandError {
        CommandError("ERR invalid expire time in '\(command)' command")
    }

    /// Too few or too many words.
    static func wrongArity(_ command: String) -> CommandError {
        CommandError("ERR wrong number of arguments for '\(command)' command")
    }

    /// A name that no command has, with the first words that followed it, cut to 128 bytes.
    static func unknownCommand(_ call: borrowing Call) -> CommandError {
        var text = Array("ERR unknown command '".utf8)
        text += printable(call[0], 128)
        text += Array("', with args beginning with: ".utf8)
        var rest: [UInt8] = []
        var index = 1
        while index < call.count && rest.count < 128 {
            let part = printable(call[index], 128 - rest.count)
            rest.append(0x27)
            rest += part
            rest += [0x27, 0x20]
            index += 1
        }
        return CommandError(ByteString(text + rest))
    }

    /// A word that no subcommand of the container has.
    static func unknownSubcommand(_ word: RawSpan, of container: String) -> CommandError {
        var text = Array("ERR unknown subcommand '".utf8)
        text += printable(word, 128)
        text += Array("'. Try \(container) HELP.".utf8)
        return CommandError(ByteString(text))
    }

    /// The first bytes of a word, at most `limit` and up to the first zero byte: what C prints.
    private static func printable(_ word: RawSpan, _ limit: Int) -> [UInt8] {
        let end = min(word.firstIndex(of: 0) ?? word.byteCount, limit)
        return word.extracting(0..<end).copied()
    }
}
