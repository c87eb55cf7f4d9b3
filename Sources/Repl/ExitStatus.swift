/// How the program ends: one table for all of it.
public enum ExitStatus: Int32, Sendable {
    /// Every reply was fine.
    case success = 0
    /// An error reply.
    case errorReply = 1
    /// A command line, a script line or an address that cannot be read.
    case usage = 2
    /// No connection could be made, or it was lost.
    case noConnection = 3
    /// The server did not let us in, or did not allow a command.
    case notAllowed = 4
    /// Ctrl-C.
    case interrupted = 130
    /// Nobody reads the output any more.
    case brokenPipe = 141
}
