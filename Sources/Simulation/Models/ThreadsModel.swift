/// How much faster threads for reading and writing make a node whose commands are executed by one
/// thread: Amdahl's law (1967). Everything that follows from it is modelled.
public struct ThreadsModel: Sendable, Equatable {
    /// The share of a command's time that is execution, 0 to 1, which one thread does alone.
    public var execution: Double
    /// How many threads share the rest.
    public var threads: Int

    /// A node with a share of execution and threads for the rest.
    public init(execution: Double, threads: Int) {
        self.execution = min(1, max(0, execution))
        self.threads = max(1, threads)
    }

    /// How much faster it is than with one thread for all.
    public var speedup: Double { 1 / (execution + (1 - execution) / Double(threads)) }

    /// How much faster any number of threads could make it; infinite without execution.
    public var limit: Double { 1 / execution }
}
