/// What a command did besides its reply and its change of the data: for the node to act on.
public enum Effect: Sendable, Equatable {
    /// Close another connection, given by its session's number.
    case close(session: Int)
    /// What the calling connection may send has changed: it has authenticated, or was reset.
    case sessionChanged
    /// A session's command waits: nothing more is to be run for it.
    case blocked(session: Int)
    /// A session waits no more.
    case unblocked(session: Int)
    /// Something will end sooner than the host was told.
    case deadlineChanged
    /// End the node.
    case shutdown
    /// Do nothing at all for so many nanoseconds, before any reply is sent.
    case hold(nanoseconds: UInt64)
    /// The settings that the host goes by have changed.
    case settingsChanged
}
