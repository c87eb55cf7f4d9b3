/// What only the host of a node knows: the process, its memory and time, the machine. The node
/// reports it and decides nothing by it.
public struct HostFacts: Sendable {
    /// The process's number.
    public var processID = 0
    /// The path of the program.
    public var executable = ""
    /// The path of the configuration file; empty when there is none.
    public var configFile = ""
    /// The system's name, version and machine, as `uname` gives them.
    public var system = ""
    /// How the host waits for sockets.
    public var multiplexing = "epoll"
    /// The TCP port that is listened on; 0 when there is none.
    public var port = 0
    /// Resident memory of the process, in bytes.
    public var residentMemory = 0
    /// The machine's memory, in bytes.
    public var totalMemory = 0
    /// Seconds of processor time in the system, of the whole process.
    public var systemTime = 0.0
    /// Seconds of processor time in the program itself, of the whole process.
    public var userTime = 0.0
    /// Seconds of processor time in the system, of the node's thread.
    public var threadSystemTime = 0.0
    /// Seconds of processor time in the program itself, of the node's thread.
    public var threadUserTime = 0.0
    /// Bits of a machine address.
    public var addressBits = 64

    /// A host of which nothing is known.
    public init() {}
}
