import CEpoll
import Glibc

// Many connections that only listen. What each of them must be sent is known to the byte, so
// receiving is comparing: at the first byte that differs, is missing or is too much, the
// measurement ends and says where.

/// Connections to one server, each with the stream of bytes that it must be sent.
@safe final class FanOutSockets {
    /// A stream that one connection gets, or many get alike.
    typealias Stream = Int

    private struct Listener {
        let socket: OpenDescriptor
        let stream: Stream
        /// True when a PING to it is answered in the form of a message.
        let isSubscriber: Bool
        /// Bytes received so far.
        var received = 0
    }

    /// How long nothing may arrive while something is missing.
    private static let silenceLimit: UInt64 = 30_000_000_000

    private var streams: [[UInt8]] = []
    /// The connections of each stream.
    private var members: [[Int]] = []
    private var listeners: [Listener] = []
    /// Connections that have not received all of their stream.
    private var behind = 0
    private let poller = OpenDescriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC)))
    private let input: UnsafeMutableRawBufferPointer
    private let events: UnsafeMutableBufferPointer<epoll_event>

    init() {
        // Safe: freed in deinit and nowhere else.
        unsafe input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 64)
        unsafe events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 1024)
        unsafe events.initialize(repeating: epoll_event())
    }

    deinit {
        unsafe input.deallocate()
        unsafe events.deallocate()
    }

    var count: Int { listeners.count }

    /// Adds a stream that connections must be sent; it may grow later.
    func addStream() -> Stream {
        streams.append([])
        members.append([])
        return streams.count - 1
    }

    /// Adds to what the connections with this stream must be sent.
    func expect(_ bytes: [UInt8], on stream: Stream) {
        if bytes.isEmpty { return }
        let before = streams[stream].count
        streams[stream] += bytes
        for number in members[stream] where listeners[number].received == before { behind += 1 }
    }

    /// Opens a connection that sends `request`, and must be sent the stream from its beginning.
    func open(
        _ address: BenchAddress, _ request: [UInt8], _ stream: Stream, isSubscriber: Bool = true
    ) throws(BenchError) {
        let socket = try connectSocket(to: address)
        try socket.send(request)
        socket.makeNonblocking()
        let number = listeners.count
        listeners.append(Listener(socket: socket, stream: stream, isSubscriber: isSubscriber))
        members[stream].append(number)
        if !streams[stream].isEmpty { behind += 1 }
        var event = unsafe epoll_event()
        unsafe event.events = EPOLLIN.rawValue
        // The cookie is the connection's number, not a pointer.
        unsafe event.data = epoll_data_t(u64: UInt64(number))
        // Safe: the kernel copies the event.
        _ = unsafe epoll_ctl(poller.number, EPOLL_CTL_ADD, socket.number, &event)
    }

    /// Lets the server answer on all connections, which must be the next that comes.
    func finish() throws(BenchError) {
        let answered = Set(listeners.map(\.stream))
        let speaking = Set(listeners.lazy.filter { !$0.isSubscriber }.map(\.stream))
        for stream in answered.sorted() {
            let reply = speaking.contains(stream) ? "+PONG\r\n" : "*2\r\n$4\r\npong\r\n$0\r\n\r\n"
            expect(Array(reply.utf8), on: stream)
        }
        let ping = RequestTemplate(["PING"]).bytes
        for listener in listeners { try listener.socket.send(ping) }
        try settle()
    }

    /// Waits until all connections have been sent all of their streams.
    func settle(_ progress: (Int) -> Void = { _ in }) throws(BenchError) {
        var last = monotonicNanoseconds()
        while behind > 0 {
            // Safe: room for as many events as the count says.
            let ready = unsafe epoll_wait(
                poller.number, events.baseAddress, Int32(events.count), 1000)
            let now = monotonicNanoseconds()
            if ready > 0 { last = now }
            if ready < 0 && errno != EINTR {
                throw BenchError("cannot wait for the server: \(errorText())")
            }
            try Interruption.check()
            if now - last > FanOutSockets.silenceLimit {
                throw BenchError(
                    "\(behind) of \(count) connections miss messages, and nothing has come for "
                        + "30 seconds: \(firstBehind)")
            }
            for place in 0..<Int(max(0, ready)) {
                // Safe: the kernel filled the first `ready` events, the cookie is a number.
                try receive(unsafe Int(events[place].data.u64))
            }
            progress(count - behind)
        }
    }

    private var firstBehind: String {
        guard
            let number = listeners.firstIndex(where: { $0.received < streams[$0.stream].count })
        else { return "" }
        return "connection \(number) has \(listeners[number].received) bytes of "
            + "\(streams[listeners[number].stream].count)"
    }

    /// Reads once and compares.
    private func receive(_ number: Int) throws(BenchError) {
        let listener = listeners[number]
        // Safe: the buffer is as long as its count says.
        let count = unsafe recv(listener.socket.number, input.baseAddress, input.count, 0)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
        guard count > 0 else {
            throw BenchError(
                "connection \(number) was closed behind \(listener.received) bytes: "
                    + (count == 0 ? "by the server" : errorText()))
        }
        let start = listener.received
        let expected = streams[listener.stream].count
        guard start + count <= expected else {
            throw BenchError("connection \(number) was sent more than there was to send")
        }
        // Safe: the stream has at least `start + count` bytes, the buffer `count`.
        let isEqual = unsafe streams[listener.stream].withUnsafeBytes { bytes in
            unsafe memcmp(bytes.baseAddress! + start, input.baseAddress!, count) == 0
        }
        guard isEqual else {
            throw BenchError(
                "connection \(number) was sent something else behind \(start) bytes")
        }
        listeners[number].received = start + count
        if start + count == expected { behind -= 1 }
    }
}
