import Bytes
import Engine
import NIOCore
import Nodes

/// One connection: bytes read go to the node, replies are collected and sent once a turn.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Above this many bytes of unsent replies nothing more is read: a client that does not read
    /// its replies cannot make the node keep any number of them.
    private static let highWater = 64 << 20
    /// Below this many, reading goes on.
    private static let lowWater = 32 << 20

    private let host: NodeHost
    private let origin: ConnectionOrigin
    private(set) var id: ConnectionID?
    private var context: ChannelHandlerContext?
    private var channel: (any Channel)?
    private var descriptor: Int32 = -1
    /// What has been read of a request that is not whole.
    private var pending: ByteBuffer?
    /// Replies that wait for the end of the turn.
    private var output = OutputBuffer(capacity: 64)
    private var isWaiting = false
    /// Bytes that the pipeline holds because the socket did not take them.
    private var unsent = 0
    private var isReadingPaused = false
    private var closesWhenSent = false

    init(host: NodeHost, origin: ConnectionOrigin) {
        self.host = host
        self.origin = origin
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        channel = context.channel
        descriptor = SocketAddresses.descriptor(of: context.channel)
        id = host.open(origin, self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let id { host.close(id) }
        id = nil
        self.context = nil
        channel = nil
        descriptor = -1
        pending = nil
        output.removeAll(keepingAtMost: 0)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let id, !closesWhenSent else { return }
        var input = unwrapInboundIn(data)
        if var held = pending {
            pending = nil
            held.writeBuffer(&input)
            input = held
        }
        let consumed = host.receive(input.readableBytesSpan, from: id, self)
        guard consumed < input.readableBytes, !closesWhenSent else { return }
        input.moveReaderIndex(forwardBy: consumed)
        if consumed > 0 { input.discardReadBytes() }
        pending = input
    }

    private func pauseReadingIfNeeded() {
        let waiting = unsent + output.count
        if !isReadingPaused, waiting > ConnectionHandler.highWater {
            isReadingPaused = true
            _ = channel?.setOption(ChannelOptions.autoRead, value: false)
        } else if isReadingPaused, waiting < ConnectionHandler.lowWater {
            isReadingPaused = false
            _ = channel?.setOption(ChannelOptions.autoRead, value: true)
        }
    }

    // MARK: Sending

    /// Takes replies; they are sent at the end of the loop's turn.
    @inline(__always)
    func collect(_ bytes: RawSpan) {
        output.append(bytes)
        if isWaiting { return }
        isWaiting = true
        host.flushLater(self)
    }

    /// Sends what was collected: straight to the socket when nothing is queued before it.
    func flush() {
        isWaiting = false
        guard let channel, channel.isActive else { return }
        var sent = 0
        if unsent == 0, descriptor >= 0 {
            guard let count = DirectSocket.send(output.bytes, to: descriptor) else {
                context?.close(promise: nil)
                return
            }
            sent = count
        }
        if sent < output.count { sendThroughPipeline(from: sent) }
        output.removeAll(keepingAtMost: 1 << 16)
        if closesWhenSent, unsent == 0 { context?.close(promise: nil) }
    }

    private func sendThroughPipeline(from start: Int) {
        guard let context, let id else { return }
        let count = output.count - start
        var buffer = context.channel.allocator.buffer(capacity: count)
        buffer.writeBytes(output.bytes.extracting(start...))
        unsent += count
        host.noteOutput(id, pending: unsent)
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in bound.value.didSend(count) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
        pauseReadingIfNeeded()
    }

    private func didSend(_ count: Int) {
        unsent -= count
        if let id { host.noteOutput(id, pending: unsent) }
        pauseReadingIfNeeded()
        if closesWhenSent, unsent == 0, !isWaiting { context?.close(promise: nil) }
    }

    /// Closes once everything collected so far has been sent; nothing more is read.
    func closeAfterWrites() {
        closesWhenSent = true
        pending = nil
        if !isWaiting, unsent == 0 { context?.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
