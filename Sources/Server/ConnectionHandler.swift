import Bytes
import Engine
import NIOCore
import Nodes

/// One connection: bytes read go to the node, replies are collected and sent once a turn.
///
/// Replies go straight to the socket. What it does not take at once stays in `output`, of which
/// one piece at a time is given to the channel: when the socket has taken that, there is room
/// again. So all that waits for a slow reader is in one place, and counted.
///
/// Memory is bounded by reading: while too much waits to be sent, nothing is read and nothing is
/// run. The node, for its part, stops in the middle of what was read when the replies become
/// many; the rest then waits in `pending` until they have been sent.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes handed to the channel at a time when the socket is full.
    private static let pieceSize = 256 << 10
    /// A buffer that has grown beyond this is given back as soon as it is empty.
    private static let keptOutput = 64 << 10
    /// Seconds without progress after which a connection that is to be closed no longer waits
    /// for its reader.
    private static let patience: UInt64 = 60

    private let host: NodeHost
    private let origin: ConnectionOrigin
    /// The node's number for it; nil before it is open and after it has been closed.
    var id: ConnectionID?
    private var context: ChannelHandlerContext?
    private var descriptor: Int32 = -1
    /// What has been read and not run: a part of a request, or more while the node is held up.
    private var pending: ByteBuffer?
    /// Replies that wait to be sent; the first `sent` bytes have been.
    private var output = OutputBuffer(capacity: 64)
    private var sent = 0
    /// The most bytes that were in it at the end of a turn since the host's last visit.
    private var outputPeak = 0
    /// Bytes that the channel has been given and the socket has not taken.
    private var inFlight = 0
    /// True while it is on the host's list of those that are sent to at the end of the turn.
    private var isWaiting = false
    /// True while a request of it waits for the end of the turn.
    private var isQueued = false
    private var isReadingPaused = false
    private var isHeldUp = false
    /// True while one of its commands waits, and nothing behind it may run.
    private var isBlocked = false
    /// True when that is over, and what has been read meanwhile is to be run.
    private var isToResume = false
    /// True when the other side will send nothing more.
    private var isInputClosed = false
    private var closesWhenSent = false
    /// What the host was last told of the bytes that wait.
    private var notedBacklog = 0
    /// True when something was sent since the host's last visit.
    private var hasProgressed = false
    /// The second of the last visit, and of the first visit since the last progress.
    private var visitedAt: UInt64 = 0
    private var stalledSince: UInt64 = 0
    /// Since when, in seconds, more waits than the soft limit allows.
    private var overSoftLimitSince: UInt64?

    init(host: NodeHost, origin: ConnectionOrigin) {
        self.host = host
        self.origin = origin
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        descriptor = SocketAddresses.descriptor(of: context.channel)
        host.open(origin, self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        runQueued()
        self.context = nil
        descriptor = -1
        pending = nil
        output.removeAll(keepingAtMost: 0)
        sent = 0
        inFlight = 0
        noteBacklog()
        if let id { host.close(id, self) }
        id = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Bytes of replies that the socket has not taken.
    private var backlog: Int { output.count - sent + inFlight }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let id, !closesWhenSent else { return }
        var input = unwrapInboundIn(data)
        if pending == nil, !isHeldUp, !isBlocked, !isQueued,
            input.readableBytes <= TurnQueue.inputLimit
        {
            isQueued = true
            return host.runLater(input.readableBytesSpan, from: id, self)
        }
        runQueued()
        if pending != nil {
            pending?.writeBuffer(&input)
            if isBlocked, pending?.readableBytes ?? 0 > host.inputLimit {
                host.withStore { $0.noteQueryLimitExceeded() }
                return abandon()
            }
            if isHeldUp || isBlocked { return }
            if let whole = pending.take() { run(whole) }
        } else if isHeldUp || isBlocked {
            pending = input
        } else {
            run(input)
        }
    }

    /// Reads what has arrived since the last reply was sent, without waiting for the loop to
    /// tell; false when that is nothing, or when it is not to be read now.
    func readAgain(into buffer: inout [UInt8]) -> Bool {
        guard let id, context != nil, backlog == 0, pending == nil, !isQueued, !isBlocked,
            !isHeldUp, !isReadingPaused, !isInputClosed, !closesWhenSent
        else { return false }
        let count = DirectSocket.receive(from: descriptor, into: &buffer)
        if count == 0 { return false }
        let input = buffer.rawSpan.extracting(0..<count)
        if count <= TurnQueue.inputLimit {
            isQueued = true
            host.runLater(input, from: id, self)
        } else {
            run(queued: input)
        }
        return true
    }

    /// Nobody behind this handler wants to know; forwarding it would cost a little on every read.
    func channelReadComplete(context: ChannelHandlerContext) {}

    /// The end of what the other side sends. What it has asked for is still answered.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            runQueued()
            isInputClosed = true
            if !isHeldUp { closeAfterWrites() }
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Runs what waits for the end of the turn now, because something happens that must not
    /// overtake it.
    private func runQueued() {
        if isQueued { host.runTurn() }
    }

    /// Runs what was read in this turn.
    func run(queued input: RawSpan) {
        isQueued = false
        guard let id, !closesWhenSent else { return }
        let consumed = host.receive(input, from: id, self)
        guard self.id != nil, !closesWhenSent else { return }
        noteHolds()
        if consumed < input.byteCount {
            var rest = ByteBuffer()
            rest.writeBytes(input.extracting(consumed...))
            pending = rest
        }
        afterRun()
    }

    private func run(_ input: consuming ByteBuffer) {
        guard let id else { return }
        let consumed = host.receive(input.readableBytesSpan, from: id, self)
        guard self.id != nil, !closesWhenSent else { return }
        noteHolds()
        if consumed < input.readableBytes {
            input.moveReaderIndex(forwardBy: consumed)
            pending = compacted(input)
        }
        afterRun()
    }

    /// What keeps the rest of the input from being run now.
    @inline(__always)
    private func noteHolds() {
        isHeldUp = host.isHeldUp
        isBlocked = host.isBlocked
        if isHeldUp, !isWaiting { flushLater() }
    }

    @inline(__always)
    private func afterRun() {
        if isInputClosed, !isHeldUp { return closeAfterWrites() }
        // Far below any mark there is nothing to adjust.
        if isReadingPaused || isHeldUp || backlog > 1 << 16 { adjustReading() }
    }

    /// The unread bytes in a buffer of their size: a connection that has sent half a command
    /// must not keep a whole read buffer for it.
    private func compacted(_ input: consuming ByteBuffer) -> ByteBuffer {
        let rest = input.readableBytes
        if rest * 2 < input.storageCapacity, let context {
            var small = context.channel.allocator.buffer(capacity: rest)
            small.writeBuffer(&input)
            return small
        }
        if input.readerIndex > 0 { input.discardReadBytes() }
        return input
    }

    private func adjustReading() {
        guard let context else { return }
        let mark = host.backlogMark
        let pauses: Bool
        if closesWhenSent {
            pauses = false
        } else if isReadingPaused {
            pauses = isHeldUp || backlog > mark / 2
        } else {
            pauses = isHeldUp || backlog > mark
        }
        guard pauses != isReadingPaused else { return }
        isReadingPaused = pauses
        _ = context.channel.setOption(ChannelOptions.autoRead, value: !pauses)
    }

    /// The command that waited waits no more: what was read behind it runs at the end of the turn.
    func resume() {
        isBlocked = false
        isToResume = true
        if !isWaiting { flushLater() }
    }

    private func runPending() {
        isToResume = false
        if !isHeldUp, !closesWhenSent, let rest = pending.take() { run(rest) }
    }

    // MARK: Sending

    /// Takes replies; they are sent at the end of the loop's turn.
    @inline(__always)
    func collect(_ bytes: RawSpan) {
        output.append(bytes)
        if !isWaiting { flushLater() }
    }

    private func flushLater() {
        isWaiting = true
        host.flushLater(self)
    }

    /// Sends what was collected: straight to the socket when nothing is queued before it.
    func flush() {
        isWaiting = false
        outputPeak = max(outputPeak, output.count)
        // The context goes in the same call that closes the descriptor: one that stands is good.
        guard let context else { return }
        if inFlight == 0, sent < output.count {
            let count = DirectSocket.send(output.bytes.extracting(sent...), to: descriptor)
            guard let count else { return context.close(promise: nil) }
            sent += count
            if count > 0 { hasProgressed = true }
            if sent < output.count { sendPiece(context) }
        }
        if !endQuietTurn() { settle() }
        if isToResume { runPending() }
    }

    /// Ends the turn of nearly every request: all is sent, and nothing waits or is held.
    @inline(__always)
    private func endQuietTurn() -> Bool {
        guard sent == output.count, inFlight == 0, notedBacklog == 0,
            !closesWhenSent, !isHeldUp, !isReadingPaused
        else { return false }
        output.removeAll(keepingAtMost: ConnectionHandler.keptOutput)
        sent = 0
        overSoftLimitSince = nil
        return true
    }

    /// Gives the channel a piece of what the socket did not take.
    private func sendPiece(_ context: ChannelHandlerContext) {
        let end = min(output.count, sent + ConnectionHandler.pieceSize)
        var buffer = context.channel.allocator.buffer(capacity: end - sent)
        buffer.writeBytes(output.bytes.extracting(sent..<end))
        inFlight = end - sent
        sent = end
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in bound.value.didSend() }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }

    private func didSend() {
        inFlight = 0
        hasProgressed = true
        if context != nil, !isWaiting { flushLater() }
    }

    /// What follows from how much is left to send: memory is given back, limits are held, the
    /// connection is closed, or goes on.
    private func settle() {
        if sent == output.count {
            output.removeAll(keepingAtMost: ConnectionHandler.keptOutput)
            sent = 0
        } else if sent > 1 << 20, sent > output.count / 2 {
            output.removeFirst(sent)
            sent = 0
        }
        noteBacklog()
        if exceedsLimits() {
            host.withStore { $0.noteOutputLimitExceeded() }
            return abandon()
        }
        if closesWhenSent {
            if backlog == 0 { context?.close(promise: nil) }
            return
        }
        if isHeldUp, backlog <= host.backlogMark / 2 {
            isHeldUp = false
            if let rest = pending.take() { return run(rest) }
        }
        adjustReading()
    }

    private func noteBacklog() {
        guard backlog != notedBacklog, let id else { return }
        host.noteOutput(id, pending: backlog, change: backlog - notedBacklog)
        notedBacklog = backlog
    }

    /// True when more waits to be sent than the settings allow.
    private func exceedsLimits() -> Bool {
        let limit = host.outputLimit(of: id)
        if limit.hard > 0, backlog > limit.hard { return true }
        guard limit.soft > 0, backlog > limit.soft else {
            overSoftLimitSince = nil
            return false
        }
        let now = SystemClock.monotonicNanoseconds() / 1_000_000_000
        guard let since = overSoftLimitSince else {
            overSoftLimitSince = now
            return false
        }
        return now - since > UInt64(max(0, limit.seconds))
    }

    // MARK: Closing

    /// Closes once everything collected so far has been sent; nothing more is run.
    func closeAfterWrites() {
        closesWhenSent = true
        isHeldUp = false
        pending = nil
        if !isWaiting, backlog == 0 {
            context?.close(promise: nil)
        } else {
            adjustReading()
        }
    }

    /// Closes without another attempt to send: there is too much.
    private func abandon() {
        context?.close(promise: nil)
    }

    /// Closes at once. What the socket takes now still arrives.
    func drop() {
        if inFlight == 0, sent < output.count, descriptor >= 0 {
            _ = DirectSocket.send(output.bytes.extracting(sent...), to: descriptor)
        }
        context?.close(promise: nil)
    }

    /// The host's regular visit: what must not wait for the next reply. Does nothing when it is
    /// not the first in its second.
    func visit(at second: UInt64) {
        if second == visitedAt { return }
        visitedAt = second
        if let id {
            host.noteBuffers(
                id, inputRoom: pending?.writableBytes ?? 0, replies: output.footprint,
                peak: outputPeak)
            outputPeak = 0
        }
        if hasProgressed || backlog == 0 {
            if !hasProgressed, output.isEmpty { output.removeAll(keepingAtMost: 64) }
            hasProgressed = false
            stalledSince = second
        } else if closesWhenSent, second - stalledSince > ConnectionHandler.patience {
            return drop()
        }
        if !isWaiting { settle() }
    }
}
