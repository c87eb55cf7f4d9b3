import Bytes

/// Where one word of a request lies, relative to the request's first byte.
public struct ArgumentSlice: Sendable, Equatable {
    /// Offset of the first byte.
    public var start: UInt32
    /// Length in bytes.
    public var length: UInt32

    /// A slice of `length` bytes at `start`.
    public init(start: Int, length: Int) {
        self.start = UInt32(start)
        self.length = UInt32(length)
    }
}

/// The words of one request, viewed where they were read: nothing is copied, so the view cannot
/// outlive the read buffer, and the compiler sees to that.
public struct Arguments: ~Escapable {
    private let base: RawSpan
    private let slices: Span<ArgumentSlice>

    /// Words of a request whose first byte is the first byte of `base`.
    @_lifetime(copy base, copy slices)
    public init(base: RawSpan, slices: Span<ArgumentSlice>) {
        self.base = base
        self.slices = slices
    }

    /// How many words there are, the command's name included.
    public var count: Int {
        @inline(__always) get { slices.count }
    }

    /// The word at `index`; traps when there is none.
    public subscript(index: Int) -> RawSpan {
        @_lifetime(copy self)
        @inline(__always)
        get {
            let slice = slices[index]
            let start = Int(slice.start)
            return base.extracting(start..<start &+ Int(slice.length))
        }
    }
}

/// Words that are owned: what a queued or repeated command is kept in.
public struct ArgumentList: Sendable, Equatable {
    /// All bytes of all words, one after the other.
    public private(set) var storage: [UInt8] = []
    /// Where each word lies in `storage`.
    public private(set) var slices: [ArgumentSlice] = []

    /// No words.
    public init() {}

    /// The words given.
    public init(_ words: [[UInt8]]) {
        for word in words { append(word.rawSpan) }
    }

    /// The UTF-8 of the words given.
    public init(_ words: [String]) {
        for word in words { append(Array(word.utf8).rawSpan) }
    }

    /// A copy of a request's words.
    public init(_ arguments: borrowing Arguments) {
        for index in 0..<arguments.count { append(arguments[index]) }
    }

    /// Adds one word.
    public mutating func append(_ word: RawSpan) {
        slices.append(ArgumentSlice(start: storage.count, length: word.byteCount))
        for offset in 0..<word.byteCount { storage.append(word[offset]) }
    }

    /// Empties the list and keeps its memory.
    public mutating func removeAll() {
        storage.removeAll(keepingCapacity: true)
        slices.removeAll(keepingCapacity: true)
    }

    /// How many words there are.
    public var count: Int { slices.count }

    /// A copy of the word at `index`.
    public subscript(index: Int) -> [UInt8] {
        let slice = slices[index]
        return Array(storage[Int(slice.start)..<Int(slice.start + slice.length)])
    }

    /// The words as a request's view.
    public var arguments: Arguments {
        @_lifetime(borrow self)
        get { Arguments(base: storage.rawSpan, slices: slices.span) }
    }
}
