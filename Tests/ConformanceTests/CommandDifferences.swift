/// A place where Larder's account of a command deliberately differs from the real server's.
struct CommandDifference {
    /// The command, as COMMAND reports it.
    let command: String
    /// The fact that differs, as `CommandFacts` names it; all facts below it differ too.
    let fact: String
    /// Why.
    let reason: String

    /// The commands that are Larder's own: whoever asks a real server for them hears that it does
    /// not know them, and whoever asks a node gets what only it can tell.
    static let own = ["larder"]

    /// True for a command that is Larder's own, as COMMAND reports it.
    static func isOwn(_ name: String) -> Bool {
        own.contains { name == $0 || name.hasPrefix($0 + "|") }
    }

    /// Every difference there is, for flavour redis-7.0 and Redis 7.0.
    static let all: [CommandDifference] = [
        CommandDifference(
            command: "debug", fact: "argument",
            reason: "without any argument in the declaration there would be nothing to complete"),
        CommandDifference(command: "debug", fact: "fields", reason: "as above"),
        CommandDifference(
            command: "debug", fact: "doc_flags",
            reason: "the real server hides the command from its help, where it is shown here"),
    ]
}
