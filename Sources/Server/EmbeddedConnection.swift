import Bytes
import NIOCore
import NIOPosix
import Nodes

extension HostedNode {
    /// Opens a connection inside the process.
    public func connect() -> any WireConnection {
        EmbeddedConnection(host, on: group.next())
    }
}

/// The user's end of a connection to a node in this process.
final class EmbeddedConnection: WireConnection {
    let mailbox = Mailbox()
    private let loop: any EventLoop
    private let port: NIOLoopBoundBox<EmbeddedPort?>

    init(_ host: NIOLoopBound<NodeHost>, on loop: any EventLoop) {
        self.loop = loop
        let mailbox = mailbox
        let port = NIOLoopBoundBox.makeEmptyBox(valueType: EmbeddedPort.self, eventLoop: loop)
        self.port = port
        // Opened on the loop and not waited for: the loop may be busy with somebody's command.
        loop.execute { port.value = EmbeddedPort(host: host.value, mailbox: mailbox) }
    }

    func send(_ bytes: [UInt8]) {
        let port = port
        loop.execute { port.value?.receive(bytes) }
    }

    func close() {
        let port = port
        loop.execute {
            port.value?.close()
            port.value = nil
        }
    }

    deinit { close() }
}

/// The node's end: lives on the node's loop.
final class EmbeddedPort {
    private let host: NodeHost
    private let mailbox: Mailbox
    private var id: ConnectionID?
    private var pending: [UInt8] = []
    /// When work on the present request began, in monotonic nanoseconds; 0 between requests.
    private var started: UInt64 = 0

    init(host: NodeHost, mailbox: Mailbox) {
        self.host = host
        self.mailbox = mailbox
        id = host.open(self)
        mailbox.open()
    }

    func receive(_ bytes: [UInt8]) {
        guard let id else { return }
        let input = pending.isEmpty ? bytes : pending + bytes
        if input.isEmpty { return }
        started = SystemClock.monotonicNanoseconds()
        let consumed = host.receive(input.rawSpan, from: id)
        started = 0
        pending = consumed < input.count ? Array(input[consumed...]) : []
    }

    /// Takes replies; called while the node handles a request, and for messages to this session.
    func collect(_ bytes: RawSpan) {
        guard started != 0 else {
            _ = mailbox.put(bytes)
            return
        }
        // Several pieces of replies to one batch share the time of the batch.
        let now = SystemClock.monotonicNanoseconds()
        _ = mailbox.put(bytes, work: now - started)
        started = now
    }

    /// The node wants the connection closed, or has ended.
    func end(_ reason: String) {
        mailbox.end(reason)
        close()
    }

    func close() {
        guard let id else { return }
        self.id = nil
        host.close(port: id)
    }
}
