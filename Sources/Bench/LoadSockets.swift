import Bytes
import CEpoll
import Glibc
import Histogram

// The load loop: many connections, one thread, plain sockets under epoll. It has to cost less than
// the server that it measures, so a batch of requests is one prebuilt buffer, one write and
// usually one read; nothing is allocated after the connections are open, and the clock is read
// once per batch, whose end is the next one's beginning.

/// What one run is to send.
struct LoadPlan {
    var template: RequestTemplate
    var requests: Int
    var pipeline: Int
    var keys: KeyChoice
}

/// What one run showed.
struct LoadResult {
    var requests = 0
    var seconds = 0.0
    /// Nanoseconds from the sending of a batch to its last reply, counted once per command.
    var latency = Histogram<UInt64>(
        lowestDiscernibleValue: 1000, highestTrackableValue: 120_000_000_000)
    var errors = 0
    /// The beginning of the first error reply.
    var firstError = ""
    /// Processor time of the generator itself.
    var clientNanoseconds: UInt64 = 0

    var perSecond: Double { seconds > 0 ? Double(requests) / seconds : 0 }
}

/// Connections to one server, kept open between runs.
@safe final class LoadSockets {
    private struct Connection {
        var scanner = ReplyScanner()
        var started: UInt64 = 0
        /// How much of the batch is to be sent, and how much has been.
        var length = 0
        var sent = 0
        /// Replies that the batch has and that are missing.
        var commands = 0
        var missing = 0
        var waitsForRoom = false
    }

    /// How long a server may be silent before the run is given up.
    static let silenceLimit: UInt64 = 30_000_000_000

    private let sockets: [OpenDescriptor]
    private let poller: OpenDescriptor
    private var connections: [Connection]
    /// The batches of all connections, one after the other.
    private var requests: [UInt8] = []
    private var batch = RequestTemplate(verbatim: "")
    private var pipeline = 1
    private var commandLength = 0
    private let input: UnsafeMutableRawBufferPointer
    private let events: UnsafeMutableBufferPointer<epoll_event>

    private var unsent = 0
    private var keys = KeySequence(.sequential(from: 0))
    private var result = LoadResult()

    /// Opens the connections and signs in on each.
    init(address: BenchAddress, clients: Int) throws(BenchError) {
        var opened: [OpenDescriptor] = []
        for _ in 0..<clients {
            let control = try ControlConnection(address)
            control.socket.makeNonblocking()
            opened.append(control.socket)
        }
        sockets = opened
        connections = [Connection](repeating: Connection(), count: clients)
        poller = OpenDescriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC)))
        // Safe: freed in deinit and nowhere else.
        unsafe input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 64)
        unsafe events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: clients)
        unsafe events.initialize(repeating: epoll_event())
        for index in opened.indices { watch(index, forRoom: false, operation: EPOLL_CTL_ADD) }
    }

    deinit {
        unsafe input.deallocate()
        unsafe events.deallocate()
    }

    private func watch(_ index: Int, forRoom: Bool, operation: Int32) {
        var event = unsafe epoll_event()
        unsafe event.events = EPOLLIN.rawValue | (forRoom ? EPOLLOUT.rawValue : 0)
        // The cookie is the connection's index, not a pointer.
        unsafe event.data = epoll_data_t(u64: UInt64(index))
        // Safe: the kernel copies the event.
        _ = unsafe epoll_ctl(poller.number, operation, sockets[index].number, &event)
    }

    /// Sends the plan's requests and waits for all replies. `progress` is called now and then with
    /// the number of replies and the nanoseconds since the beginning.
    func run(
        _ plan: LoadPlan, progress: (Int, UInt64) -> Void = { _, _ in }
    ) throws(BenchError) -> LoadResult {
        prepare(plan)
        let processorStart = ownProcessorNanoseconds()
        let start = monotonicNanoseconds()
        for index in connections.indices where unsent > 0 { try sendBatch(index, at: start) }
        var lastReply = start
        var answered = 0
        var nextProgress = start
        while answered < plan.requests {
            let count = try waitForEvents(since: lastReply)
            var now = lastReply
            for position in 0..<count {
                // Safe: the kernel filled the first `count` events, the cookie is an index.
                let event = unsafe events[position]
                let index = Int(unsafe event.data.u64)
                let happened = unsafe event.events
                if happened & EPOLLOUT.rawValue != 0 { try flush(index) }
                if happened & ~EPOLLOUT.rawValue != 0 {
                    let commands = try receive(index)
                    if commands > 0 {
                        now = monotonicNanoseconds()
                        finishBatch(index, at: now)
                        answered += commands
                        if unsent > 0 { try sendBatch(index, at: now) }
                    } else if commands < 0 {
                        now = monotonicNanoseconds()
                    }
                }
            }
            lastReply = now
            if now >= nextProgress {
                try Interruption.check()
                progress(answered, now - start)
                nextProgress = now + 200_000_000
            }
        }
        result.requests = answered
        result.seconds = Double(lastReply - start) / 1e9
        result.clientNanoseconds = ownProcessorNanoseconds() - processorStart
        return result
    }

    private func prepare(_ plan: LoadPlan) {
        result = LoadResult()
        unsent = plan.requests
        keys = KeySequence(plan.keys)
        pipeline = plan.pipeline
        commandLength = plan.template.bytes.count
        batch = plan.template.repeated(plan.pipeline)
        requests = []
        requests.reserveCapacity(batch.bytes.count * connections.count)
        for _ in connections { requests += batch.bytes }
    }

    // MARK: - One connection

    private func sendBatch(_ index: Int, at now: UInt64) throws(BenchError) {
        let commands = min(pipeline, unsent)
        unsent -= commands
        let holes = batch.holes.count / pipeline * commands
        keys.patch(&requests, from: index * batch.bytes.count, at: batch.holes[..<holes])
        connections[index].commands = commands
        connections[index].missing = commands
        connections[index].length = commands * commandLength
        connections[index].sent = 0
        connections[index].started = now
        try flush(index)
    }

    private func flush(_ index: Int) throws(BenchError) {
        let base = index * batch.bytes.count
        while connections[index].sent < connections[index].length {
            let sent = connections[index].sent
            let length = connections[index].length
            // Safe: the batch lies within the array, which nobody changes meanwhile.
            let count = unsafe requests.withUnsafeBytes {
                unsafe Glibc.send(
                    sockets[index].number, $0.baseAddress! + base + sent, length - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                connections[index].sent += count
            } else if errno == EAGAIN {
                if !connections[index].waitsForRoom {
                    connections[index].waitsForRoom = true
                    watch(index, forRoom: true, operation: EPOLL_CTL_MOD)
                }
                return
            } else if errno != EINTR {
                throw BenchError("cannot send to the server: \(errorText())")
            }
        }
        if connections[index].waitsForRoom {
            connections[index].waitsForRoom = false
            watch(index, forRoom: false, operation: EPOLL_CTL_MOD)
        }
    }

    /// Reads once. The commands of the batch if it is now answered in full, -1 if a part of it is,
    /// 0 if nothing came.
    private func receive(_ index: Int) throws(BenchError) -> Int {
        // Safe: the buffer is as long as its count says, and the span ends with this function.
        let count = unsafe recv(sockets[index].number, input.baseAddress, input.count, 0)
        if count <= 0 {
            if count < 0 && (errno == EAGAIN || errno == EINTR) { return 0 }
            let reason = count == 0 ? "the server closed a connection" : errorText()
            throw BenchError(result.firstError.isEmpty ? reason : "\(reason): \(result.firstError)")
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: input.baseAddress, count: count).bytes
        let errorsBefore = connections[index].scanner.errors
        let replies = connections[index].scanner.scan(bytes)
        let errors = connections[index].scanner.errors - errorsBefore
        if errors > 0 {
            result.errors += errors
            if result.firstError.isEmpty {
                result.firstError = textLine(bytes, from: connections[index].scanner.errorOffset)
            }
        }
        if connections[index].scanner.isMalformed || replies > connections[index].missing {
            throw BenchError("the server sent something that is no reply to the request")
        }
        connections[index].missing -= replies
        return connections[index].missing == 0 ? connections[index].commands : -1
    }

    private func finishBatch(_ index: Int, at now: UInt64) {
        let latency = now - connections[index].started
        result.latency.record(latency, count: UInt64(connections[index].commands))
    }

    private func waitForEvents(since lastReply: UInt64) throws(BenchError) -> Int {
        while true {
            // Safe: room for as many events as the count says.
            let count = unsafe epoll_wait(
                poller.number, events.baseAddress, Int32(events.count), 1000)
            if count > 0 { return Int(count) }
            if count < 0 && errno != EINTR {
                throw BenchError("cannot wait for the server: \(errorText())")
            }
            try Interruption.check()
            if monotonicNanoseconds() - lastReply > Self.silenceLimit {
                throw BenchError("the server has not answered for 30 seconds")
            }
        }
    }
}

/// The text from an offset to the end of its line, at most 120 bytes of it.
private func textLine(_ bytes: RawSpan, from offset: Int) -> String {
    var line: [UInt8] = []
    var index = offset + 1
    while index < bytes.byteCount && line.count < 120 && bytes[index] != 0x0D {
        line.append(bytes[index])
        index += 1
    }
    return String(decoding: line, as: UTF8.self)
}
