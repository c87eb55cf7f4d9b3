import Bytes
import Engine
import NIOCore
import Nodes

/// One connection: bytes read go to the node, replies go out in one write a read.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let host: NodeHost
    private let origin: ConnectionOrigin
    private var id: ConnectionID?
    private var context: ChannelHandlerContext?
    /// What has been read of a request that is not whole.
    private var pending: ByteBuffer?
    /// The buffer that replies are written to; free again once it has been sent.
    private var output = ByteBuffer()

    init(host: NodeHost, origin: ConnectionOrigin) {
        self.host = host
        self.origin = origin
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        id = host.open(origin, self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let id { host.close(id) }
        id = nil
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let id else { return }
        var input = unwrapInboundIn(data)
        if var held = pending {
            pending = nil
            held.writeBuffer(&input)
            input = held
        }
        let consumed = host.receive(input.readableBytesSpan, from: id)
        if consumed < input.readableBytes {
            input.moveReaderIndex(forwardBy: consumed)
            input.discardReadBytes()
            pending = input
        }
    }

    /// Sends replies; called from inside `receive`.
    func send(_ bytes: RawSpan) {
        guard let context else { return }
        output.clear()
        output.writeBytes(bytes)
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
    }

    func closeAfterWrites() {
        context?.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
