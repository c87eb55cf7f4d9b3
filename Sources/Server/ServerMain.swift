import Bytes
import Engine
import Glibc
import Grammar
import Logging
import Synchronization

/// Runs a node as a server until a signal or a command ends it.
public enum ServerMain {
    /// Starts, serves, and ends. Returns the exit code.
    public static func run(_ configuration: ServeConfiguration) throws -> Int32 {
        let settings = configuration.settings
        if settings.isDaemon { return detach(configuration) }
        Signals.hold()
        if !settings.directory.isEmpty, !SystemFiles.change(to: settings.directory.text) {
            throw ServeConfiguration.Failure(
                description: "cannot change to the directory '\(settings.directory)': "
                    + SystemFiles.lastError)
        }
        let log = try logger(settings)
        SystemFiles.allowFiles(settings.maximumClients + 32)
        let node = try HostedNode(settings: settings)
        let wasAsked = AskedToEnd()
        try node.onShutdown {
            wasAsked.set()
            Signals.wake()
        }
        let listeners = try listen(node, configuration, log)
        try introduce(node, configuration, port: listeners.compactMap(\.port).first ?? 0)
        writePID(settings, log)
        announce(listeners, settings, log)
        let signal = Signals.wait()
        if wasAsked.isSet {
            log.notice("A client asked for the end")
        } else {
            log.notice("Received \(signal == SIGINT ? "SIGINT" : "SIGTERM"), ending")
        }
        node.shutDown(listeners)
        if !settings.pidFile.isEmpty { SystemFiles.remove(settings.pidFile.text) }
        log.notice("All connections are closed, bye")
        return 0
    }

    private static func listen(
        _ node: HostedNode, _ configuration: ServeConfiguration, _ log: Logger
    ) throws -> [Listener] {
        var listeners: [Listener] = []
        for (address, isOptional) in configuration.addresses {
            do {
                listeners.append(
                    try node.listen(on: address, backlog: configuration.settings.tcpBacklog))
            } catch {
                if isOptional { continue }
                node.shutDown(listeners)
                throw error
            }
        }
        guard !listeners.isEmpty else {
            node.shutDown([])
            throw ServeConfiguration.Failure(
                description: "nothing to listen on: give --port or --unixsocket")
        }
        return listeners
    }

    /// Tells the node what only the host knows, for INFO.
    private static func introduce(
        _ node: HostedNode, _ configuration: ServeConfiguration, port: Int
    ) throws {
        let file = configuration.file ?? ""
        try node.withStore { store in
            store.hostFacts.configFile = file == "-" ? "" : file
            store.hostFacts.port = port
        }
    }

    private static func announce(_ listeners: [Listener], _ settings: Settings, _ log: Logger) {
        if settings.bind.contains(where: { $0 == "*" || $0 == "0.0.0.0" }),
            settings.password.isEmpty, !settings.isProtected
        {
            log.warning("Anyone who reaches this port can read and change everything")
        }
        for kind in ["tcp", "unix"] {
            let matching = listeners.contains { ($0.port != nil) == (kind == "tcp") }
            guard matching else { continue }
            let suffix = settings.flavour == .redis70 ? "" : " " + kind
            log.notice("Ready to accept connections\(suffix)")
        }
    }

    private static func logger(_ settings: Settings) throws -> Logger {
        var descriptor = STDOUT_FILENO
        if !settings.logFile.isEmpty {
            guard let file = SystemFiles.openLog(settings.logFile.text) else {
                throw ServeConfiguration.Failure(
                    description: "cannot open the log file '\(settings.logFile)': "
                        + SystemFiles.lastError)
            }
            descriptor = file
        }
        let target = descriptor
        return Logger(label: "larder") { _ in ServerLogHandler(descriptor: target) }
    }

    private static func writePID(_ settings: Settings, _ log: Logger) {
        guard !settings.pidFile.isEmpty else { return }
        if !SystemFiles.replace(settings.pidFile.text, with: "\(getpid())\n") {
            log.warning("Cannot write the pid file '\(settings.pidFile)'")
        }
    }

    /// Starts the same server again in the background.
    private static func detach(_ configuration: ServeConfiguration) -> Int32 {
        let words = ["larder", "serve"] + configuration.words + ["--daemonize", "no"]
        return SystemFiles.respawnDetached(words) ? 0 : 1
    }
}

/// Whether a command, not a signal, asked for the end.
private final class AskedToEnd: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}
