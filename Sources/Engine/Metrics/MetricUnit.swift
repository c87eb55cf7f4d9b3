// What a measure's number counts, and why some measures always tell the same here.

/// What a measure's number counts.
public enum MetricUnit: String, Sendable {
    /// Things: keys, commands, connections.
    case count
    /// Bytes.
    case bytes
    /// Bytes, written for people.
    case size
    /// Seconds.
    case seconds
    /// Days.
    case days
    /// Milliseconds.
    case milliseconds
    /// Microseconds.
    case microseconds
    /// Seconds since 1970.
    case date
    /// Microseconds since 1970.
    case time
    /// Hundredths.
    case percent
    /// One number of another.
    case ratio
    /// So many in a second.
    case perSecond = "per second"
    /// KiB in a second.
    case kibibytesPerSecond = "KiB per second"
    /// Yes as 1, no as 0.
    case flag
    /// No number at all.
    case text
}

/// Why a measure always has the same value here.
public enum MetricAbsence: String, Sendable {
    /// About the log, snapshots and what loading them brings.
    case files = "Nothing is kept in files yet."
    /// About replicas.
    case replicas = "There are no replicas yet."
    /// About the cluster.
    case cluster = "There is no cluster yet."
    /// About threads.
    case threads = "One thread serves a node."
    /// About moving values.
    case defragmentation = "Values are not moved: the allocator's own arrangement stays."
    /// About modules.
    case modules = "There are no modules."
    /// About scripts.
    case scripts = "There are no scripts yet."
    /// About streams.
    case streams = "There are no streams yet."
    /// About child processes.
    case children = "No child process is ever started."
    /// About how the program was built.
    case build = "A fact about the build of a C program, which this is not."
    /// About access control lists.
    case accessLists = "There are no access control lists yet."
    /// About moving keys between nodes.
    case migration = "Keys are not moved between nodes yet."
    /// About errors that the program does not expect.
    case expectations = "Every error has its declared text, so none is unexpected."
    /// About checks of values that come from outside.
    case checks = "Values from outside are always checked whole, at no depth to choose."
    /// About what the allocator keeps.
    case allocator = "The allocator does not tell one node's memory from another's."
    /// About which allocator it is.
    case allocatorName = "It is the C library's."
    /// About freeing in the background.
    case freeing = "Values are freed at once, and whole databases bit by bit in ticks."
}
