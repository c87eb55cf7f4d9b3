public import Bytes
public import Grammar

/// The settings that running code looks at, as plain values.
public struct Settings: Sendable {
    /// What the node behaves as.
    public var flavour: Flavour = .valkey80
    /// The number of databases.
    public var databases = 16
    /// The password of the default user; empty means none.
    public var password = ByteString()
    /// The longest argument, in bytes.
    public var maximumBulkLength = 512 << 20
    /// The most bytes of requests that a connection may leave unread by the node.
    public var queryBufferLimit = 1 << 30
    /// The most connections.
    public var maximumClients = 10_000
    /// Seconds after which an idle connection is closed; 0 is never.
    public var timeout = 0
    /// True when connections from elsewhere are refused while there is no password.
    public var isProtected = true
    /// How often the node ticks, in times a second.
    public var hertz = 10

    /// The defaults.
    public init() {}
}
