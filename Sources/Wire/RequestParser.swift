public import Bytes

/// Reads requests out of a stream of bytes: arrays of bulk strings, and inline commands.
///
/// The parser copies nothing: it notes where the words lie. A request that has not arrived whole
/// keeps its place, so that a long request which comes in many reads is not parsed again each
/// time. Positions are relative to the first byte of the request, which must be where the next
/// call starts.
public struct RequestParser: Sendable {
    /// Bounds on what one request may ask for.
    public struct Limits: Sendable {
        /// The longest argument, in bytes (`proto-max-bulk-len`).
        public var bulkLength: Int
        /// The most arguments.
        public var argumentCount: Int
        /// True until a client that must has authenticated: its requests have at most ten
        /// arguments of at most 16,384 bytes.
        public var isUnauthenticated: Bool

        /// The bounds for a client that may send anything.
        public init(
            bulkLength: Int = 512 << 20, argumentCount: Int = Int(Int32.max),
            isUnauthenticated: Bool = false
        ) {
            self.bulkLength = bulkLength
            self.argumentCount = argumentCount
            self.isUnauthenticated = isUnauthenticated
        }
    }

    /// What `parse` found.
    public enum Outcome: Equatable {
        /// The request is not whole yet.
        case incomplete
        /// A request that ends before `end`; `arguments(in:)` shows its words.
        case request(end: Int)
        /// An empty request, which gets no reply, ending before `end`.
        case empty(end: Int)
        /// The stream cannot be read on; the text follows `Protocol error: `.
        case failure(ByteString)
    }

    /// The longest inline command or count line, in bytes.
    public static let maximumLine = 65_536

    /// Words whose places the parser keeps memory for between requests.
    private static let keptSlices = 4096

    /// Where reading stopped inside a request: what is kept of a connection that has sent a part
    /// of one, and no more memory than that needs.
    public struct Suspension: Sendable {
        fileprivate var slices: [ArgumentSlice]
        fileprivate var position: Int
        fileprivate var remaining: Int
        fileprivate var bulkLength: Int

        /// Bytes of memory that it keeps.
        public var footprint: Int { slices.capacity * MemoryLayout<ArgumentSlice>.stride }
    }

    /// The words of all requests parsed since the last `finish`, in a row.
    private var slices: [ArgumentSlice] = []
    /// Where the words of the request being read begin in `slices`.
    private var first = 0
    private var inline = ArgumentList()
    private var isInline = false
    /// The next byte to read, relative to the request's start.
    private var position = 0
    /// Arguments still to come.
    private var remaining = 0
    /// The length of the argument being read, or -1 when its header is to come.
    private var bulkLength = -1

    /// A parser at the start of a request.
    public init() {}

    /// True when part of a request has been read.
    public var isInside: Bool { position > 0 }

    /// Bytes of memory this parser keeps.
    public var footprint: Int {
        (slices.capacity + inline.slices.capacity) * MemoryLayout<ArgumentSlice>.stride
            + inline.storage.capacity
    }

    /// Reads on in the request that starts at `start` of `input`.
    @inline(__always)
    public mutating func parse(
        _ input: RawSpan, from start: Int, limits: borrowing Limits
    ) -> Outcome {
        if position == 0 {
            if start >= input.byteCount { return .incomplete }
            if input[start] != UInt8(ascii: "*") { return parseInline(input, from: start) }
        }
        return parseArray(input, from: start, limits: limits)
    }

    /// A request that has been parsed and waits to be run.
    public struct Request: Sendable {
        /// The offset of its first byte in the input.
        public let start: Int
        /// The offset behind its last byte.
        public let end: Int
        let first: Int
        let count: Int
    }

    /// Keeps the request just parsed and makes ready for the one behind it, so that several can
    /// be looked at before the first is run. An inline request cannot be kept behind others.
    @inline(__always)
    public mutating func keep(from start: Int, to end: Int) -> Request {
        let request = Request(start: start, end: end, first: first, count: slices.count - first)
        first = slices.count
        position = 0
        remaining = 0
        bulkLength = -1
        return request
    }

    /// True when the request at `start` of `input` is an inline one.
    @inline(__always)
    public func isInline(_ input: RawSpan, at start: Int) -> Bool {
        position == 0 && start < input.byteCount && input[start] != UInt8(ascii: "*")
    }

    /// The words of a request that was kept.
    @_lifetime(borrow self, copy input)
    @inline(__always)
    public func arguments(of request: Request, in input: RawSpan) -> Arguments {
        if isInline { return inline.arguments }
        return Arguments(
            base: input.extracting(request.start...),
            slices: slices.span.extracting(request.first..<request.first &+ request.count))
    }

    /// Forgets the requests that were kept; what has been read of the next one stays.
    @inline(__always)
    public mutating func finish() {
        if first == slices.count {
            empty()
        } else {
            slices.removeFirst(first)
        }
        first = 0
        isInline = false
    }

    /// Forgets all requests, and what has been read of the next one too.
    public mutating func restart() {
        empty()
        first = 0
        isInline = false
        position = 0
        remaining = 0
        bulkLength = -1
    }

    /// Empties `slices`; a request of very many words does not leave its memory behind.
    @inline(__always)
    private mutating func empty() {
        if slices.isEmpty { return }
        if slices.capacity > RequestParser.keptSlices { return slices = [] }
        // A few words go faster one by one than by replacing a range of the array.
        if slices.count > 16 { return slices.removeAll(keepingCapacity: true) }
        while slices.popLast() != nil {}
    }

    /// Takes out what has been read of a request that is not whole. All requests before it must
    /// be finished.
    public mutating func suspend() -> Suspension {
        precondition(first == 0, "requests that were kept are not finished")
        // A vector grows by doubling; more room than that is what earlier requests have left.
        if slices.capacity > 2 * slices.count + 16 {
            var exact: [ArgumentSlice] = []
            exact.reserveCapacity(slices.count)
            exact += slices
            slices = exact
        }
        let suspension = Suspension(
            slices: slices, position: position, remaining: remaining, bulkLength: bulkLength)
        slices = []
        restart()
        return suspension
    }

    /// Goes on where ``suspend()`` stopped.
    public mutating func resume(_ suspension: consuming Suspension) {
        restart()
        slices = suspension.slices
        position = suspension.position
        remaining = suspension.remaining
        bulkLength = suspension.bulkLength
    }

    // MARK: Arrays

    private mutating func parseArray(
        _ input: RawSpan, from start: Int, limits: borrowing Limits
    ) -> Outcome {
        if position == 0 {
            guard let (count, next) = number(input, start, at: 1) else {
                return lineOutcome(input, start, "too big mbulk count string")
            }
            if next > RequestParser.maximumLine { return .failure("too big mbulk count string") }
            guard let count, count <= Int64(limits.argumentCount) else {
                return .failure("invalid multibulk length")
            }
            if limits.isUnauthenticated, count > 10 {
                return .failure("unauthenticated multibulk length")
            }
            if count <= 0 { return .empty(end: start + next) }
            position = next
            remaining = Int(count)
        }
        while remaining > 0 {
            if bulkLength < 0, !readShortHeader(input, start) {
                if let stop = readBulkHeader(input, start, limits) { return stop }
            }
            // The two bytes after an argument are skipped unread, as every server does.
            if start + position + bulkLength + 2 > input.byteCount { return .incomplete }
            slices.append(ArgumentSlice(start: position, length: bulkLength))
            position += bulkLength + 2
            bulkLength = -1
            remaining -= 1
        }
        return .request(end: start + position)
    }

    /// Reads a header of one or two digits, as nearly all are, from one word; false leaves it to
    /// the general reader. Such a length is within every limit that can be set.
    @inline(__always)
    private mutating func readShortHeader(_ input: RawSpan, _ start: Int) -> Bool {
        let here = start + position
        guard here + 8 <= input.byteCount else { return false }
        let word = input.word(at: here)
        let first = (word >> 8 & 0xFF) &- 0x30
        guard word & 0xFF == UInt64(UInt8(ascii: "$")), first <= 9 else { return false }
        let behind = word >> 16 & 0xFF
        if behind == 0x0D {
            bulkLength = Int(first)
            position += 4
            return true
        }
        let second = behind &- 0x30
        guard second <= 9, first != 0, word >> 24 & 0xFF == 0x0D else { return false }
        bulkLength = Int(first * 10 + second)
        position += 5
        return true
    }

    /// Reads `$<length>` CR LF into `bulkLength`; gives the outcome when that cannot be done.
    @inline(__always)
    private mutating func readBulkHeader(
        _ input: RawSpan, _ start: Int, _ limits: borrowing Limits
    ) -> Outcome? {
        let here = start + position
        if here >= input.byteCount { return .incomplete }
        guard let (length, next) = number(input, start, at: position + 1) else {
            return lineOutcome(input, start + position, "too big bulk count string")
        }
        if next - position > RequestParser.maximumLine {
            return .failure("too big bulk count string")
        }
        if input[here] != UInt8(ascii: "$") {
            var text = Array("expected '$', got '".utf8)
            text.append(input[here])
            return .failure(ByteString(text + [UInt8(ascii: "'")]))
        }
        // Places are 32 bits wide: a request of 4 GB is one that no setting makes possible.
        guard let length, length >= 0, length <= Int64(limits.bulkLength),
            Int64(next) + length < Int64(UInt32.max)
        else { return .failure("invalid bulk length") }
        if limits.isUnauthenticated, length > 16_384 {
            return .failure("unauthenticated bulk length")
        }
        bulkLength = Int(length)
        position = next
        return nil
    }

    /// The number that ends with CR LF, and the position behind it. Nil when the line is not
    /// whole yet; a number that is none is a nil inside.
    @inline(__always)
    private func number(
        _ input: RawSpan, _ start: Int, at offset: Int
    ) -> (value: Int64?, next: Int)? {
        let end = input.byteCount
        var here = start + offset
        var value: Int64 = 0
        var digits = 0
        // The common case: up to nine digits and the line end, read in one go.
        while here < end, digits < 9 {
            let digit = input[here] &- 0x30
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            digits += 1
            here += 1
        }
        let leadingZero = digits > 1 && input[start + offset] == 0x30
        if digits > 0, !leadingZero, here + 1 < end, input[here] == 0x0D {
            return (value, here + 2 - start)
        }
        return slowNumber(input, start, at: offset)
    }

    private func slowNumber(
        _ input: RawSpan, _ start: Int, at offset: Int
    ) -> (value: Int64?, next: Int)? {
        guard start + offset <= input.byteCount,
            let end = input.firstIndex(of: 0x0D, from: start + offset - 1),
            end + 1 < input.byteCount,
            !hasZero(input, start + offset - 1, end)
        else { return nil }
        if end < start + offset { return (nil, end + 2 - start) }
        return (input.extracting(start + offset..<end).canonicalInteger, end + 2 - start)
    }

    /// True when a zero byte hides the end of a line: for Redis, which looks for it as in a C
    /// string, such a line has no end.
    private func hasZero(_ input: RawSpan, _ from: Int, _ end: Int) -> Bool {
        input.extracting(from..<end).firstIndex(of: 0) != nil
    }

    /// What an unfinished line means: wait for more, unless it is already too long. A line that
    /// comes whole is held to the same length, so that it does not matter how it was cut.
    private func lineOutcome(_ input: RawSpan, _ from: Int, _ error: ByteString) -> Outcome {
        input.byteCount - from > RequestParser.maximumLine ? .failure(error) : .incomplete
    }

    // MARK: Inline commands

    private mutating func parseInline(_ input: RawSpan, from start: Int) -> Outcome {
        guard let newline = input.firstIndex(of: 0x0A, from: start),
            !hasZero(input, start, newline)
        else {
            return input.byteCount - start > RequestParser.maximumLine
                ? .failure("too big inline request") : .incomplete
        }
        if newline - start > RequestParser.maximumLine {
            return .failure("too big inline request")
        }
        var end = newline
        if end > start, input[end - 1] == 0x0D { end -= 1 }
        inline.removeAll()
        do throws(InlineSplitter.Failure) {
            try InlineSplitter.split(input.extracting(start..<end), into: &inline)
        } catch {
            return .failure("unbalanced quotes in request")
        }
        if inline.count == 0 { return .empty(end: newline + 1) }
        isInline = true
        return .request(end: newline + 1)
    }
}
