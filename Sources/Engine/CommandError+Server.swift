import Grammar

// The error texts of the server's own commands.

extension CommandError {
    /// COMMAND GETKEYS with a line whose command there is not.
    static let invalidCommand = CommandError("ERR Invalid command specified")
    /// COMMAND GETKEYS with a command that takes no keys.
    static let noKeyArguments = CommandError("ERR The command has no key arguments")
    /// COMMAND GETKEYS with too few or too many words.
    static let invalidArgumentCount = CommandError(
        "ERR Invalid number of arguments specified for command")
    /// COMMAND GETKEYS with a number of keys that is none.
    static let invalidKeyArguments = CommandError(
        "ERR Invalid arguments specified for command")
}
