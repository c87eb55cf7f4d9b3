import Glibc
import NIOCore
import NIOPosix

/// Where a server listens.
public enum ServerPlace: Hashable, Sendable {
    /// A host name or address, and a port.
    case tcp(host: String, port: Int)
    /// The path of a Unix socket.
    case unix(path: String)
}

/// Connections to servers elsewhere.
public enum RemoteClient {
    /// One thread is enough: people type slowly, and replies are only handed on.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// Begins to connect and returns at once. What is sent meanwhile goes out when the
    /// connection stands; if it cannot be made, the mailbox ends with the reason.
    public static func connect(to place: ServerPlace) -> any WireConnection {
        RemoteConnection(place, group.next())
    }
}

/// The user's end of a connection over a socket.
final class RemoteConnection: WireConnection {
    let mailbox = Mailbox()
    private let channel: EventLoopFuture<any Channel>

    init(_ place: ServerPlace, _ loop: any EventLoop) {
        let mailbox = mailbox
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(MailboxHandler(mailbox))
                }
            }
        channel =
            switch place {
            case .tcp(let host, let port):
                bootstrap.channelOption(.socketOption(.tcp_nodelay), value: 1)
                    .connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        channel.whenSuccess { _ in mailbox.open() }
        channel.whenFailure { mailbox.end(Self.reason($0)) }
    }

    func send(_ bytes: [UInt8]) {
        channel.whenSuccess { channel in
            channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        }
    }

    func close() {
        channel.whenSuccess { $0.close(promise: nil) }
    }

    deinit { close() }

    /// Why a connection was not made, in the system's words.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return systemText(error.errnoCode)
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return reason(first.error) }
            return "the name \(error.host) is not known"
        case ChannelError.connectTimeout: return "no answer within ten seconds"
        case is SocketAddressError: return "the path or name cannot be used"
        default: return String(describing: error)
        }
    }

    private static func systemText(_ code: Int32) -> String {
        // Safe: the text is copied before the next call can change it; only loops call this.
        unsafe String(cString: strerror(code))
    }
}

/// Puts what a socket receives into a mailbox, and stops reading when nobody takes it.
private final class MailboxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How many bytes may wait before reading pauses.
    private static let limit = 4 << 20
    private let mailbox: Mailbox

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let waiting = mailbox.put(buffer.readableBytesSpan)
        guard waiting > Self.limit else { return }
        let channel = context.channel
        channel.setOption(.autoRead, value: false).whenComplete { _ in }
        mailbox.whenTaken {
            channel.setOption(.autoRead, value: true).whenComplete { _ in }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        mailbox.end("the server closed the connection")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        mailbox.end("the connection broke: \(error)")
        context.close(promise: nil)
    }
}
