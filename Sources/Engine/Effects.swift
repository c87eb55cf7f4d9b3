/// What a command did besides its reply and its change of the data: for the node to act on.
public enum Effect: Sendable, Equatable {
    /// Close another connection, given by its session's number.
    case close(session: Int)
    /// What the calling connection may send has changed: it has authenticated, or was reset.
    case sessionChanged
    /// End the node.
    case shutdown
    /// The settings that the host goes by have changed.
    case settingsChanged
}
