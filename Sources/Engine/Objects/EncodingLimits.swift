/// Up to where small collections stay in their small forms.
public struct EncodingLimits: Sendable {
    /// The most fields of a hash in its small form.
    public var hashEntries = 512
    /// The longest field or value of a hash in its small form, in bytes.
    public var hashValue = 64
    /// The size of a list's node: elements, or -1 to -5 for 4 kB to 64 kB.
    public var listSize = -2
    /// The most members of a set of integers in its small form.
    public var integerSetEntries = 512
    /// The most members of a set in its small form.
    public var setEntries = 128
    /// The longest member of a set in its small form, in bytes.
    public var setValue = 64
    /// The most members of a sorted set in its small form.
    public var sortedSetEntries = 128
    /// The longest member of a sorted set in its small form, in bytes.
    public var sortedSetValue = 64

    /// The defaults.
    public init() {}
}
