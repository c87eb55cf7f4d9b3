// LZF, the compression of strings in RDB files and DUMP payloads. A compressed block is a row of
// two kinds of instructions:
//
//     000LLLLL                     the next L + 1 bytes stand for themselves (1 to 32)
//     LLLooooo oooooooo            copy L + 2 bytes (3 to 8) from o + 1 bytes back
//     111ooooo LLLLLLLL oooooooo   the same, L + 9 bytes (9 to 264)
//
// A copy may reach into what it is producing. The length of the result is not part of a block;
// whoever stores one stores it beside.

/// Compresses blocks. It remembers where it has last seen each three bytes; the table outlives a
/// block, so that a short one does not pay for clearing it.
///
/// Its choices are those of the field's compressor (greedy, a table of 65,536 places, all three
/// bytes of a copy's end noted), so that equal strings become equal blocks.
public struct LZFCompressor: Sendable {
    private static let places = 1 << 16
    private static let farthest = 1 << 13
    private static let longest = 264
    private static let longestRun = 32

    /// For each place the position of the last three bytes that belong there, counted from
    /// `origin`; what is less belongs to an earlier block.
    private var seen: [UInt32] = []
    private var origin: UInt32 = 1
    private var previousLength: UInt32 = 0

    /// A compressor; its table is made at first use.
    public init() {}

    /// The block for `input`, or nil when it would have more than `limit` bytes.
    public mutating func compress(_ input: RawSpan, limit: Int) -> [UInt8]? {
        guard input.byteCount >= 3, limit > 0, input.byteCount < Int(UInt32.max) / 2 else {
            return nil
        }
        begin(input.byteCount)
        var block = Block(limit: limit)
        var position = 0
        let last = input.byteCount - 2
        while position < last {
            guard let source = look(input, position) else {
                guard block.hasRoomForByte else { return nil }
                block.append(input[position])
                position += 1
                continue
            }
            guard block.hasRoomForCopy else { return nil }
            let length = LZFCompressor.matchLength(input, source, position)
            block.copy(length, from: position - source)
            position += length
            guard position < last else { break }
            // Only the last two places inside the copy are noted: it is what the field does.
            note(input, position - 2)
            note(input, position - 1)
        }
        guard block.hasRoomForEnd else { return nil }
        while position < input.byteCount {
            block.append(input[position])
            position += 1
        }
        return block.end()
    }

    /// Moves the origin behind the block before, so that nothing of it counts any more.
    private mutating func begin(_ length: Int) {
        origin += previousLength
        if seen.isEmpty || origin > UInt32.max / 2 {
            seen = [UInt32](repeating: 0, count: LZFCompressor.places)
            origin = 1
        }
        previousLength = UInt32(length)
    }

    private static func place(_ input: RawSpan, _ position: Int) -> Int {
        let three =
            UInt32(input[position]) << 16 | UInt32(input[position + 1]) << 8
            | UInt32(input[position + 2])
        return Int((three >> 8) &- three &* 5) & (places - 1)
    }

    private mutating func note(_ input: RawSpan, _ position: Int) {
        seen[LZFCompressor.place(input, position)] = origin + UInt32(position)
    }

    /// Where the three bytes at `position` stood before, near enough, or nil; and notes them.
    private mutating func look(_ input: RawSpan, _ position: Int) -> Int? {
        let place = LZFCompressor.place(input, position)
        let before = seen[place]
        seen[place] = origin + UInt32(position)
        // The first byte of a block is never copied from.
        guard before > origin else { return nil }
        let source = Int(before - origin)
        guard source < position, position - source <= LZFCompressor.farthest,
            input[source] == input[position], input[source + 1] == input[position + 1],
            input[source + 2] == input[position + 2]
        else { return nil }
        return source
    }

    /// How many bytes at `source` and at `position` are the same, as far as a copy may reach. The
    /// last two bytes of a block are only copied when the first eighteen bytes reach them.
    private static func matchLength(
        _ input: RawSpan, _ source: Int, _ position: Int
    ) -> Int {
        let most = min(input.byteCount - position - 2, longest)
        var length = 3
        if most > 16 {
            while length < 19 {
                guard input[source + length] == input[position + length] else { return length }
                length += 1
            }
        }
        while length < most, input[source + length] == input[position + length] { length += 1 }
        return length
    }

    /// A block being written. The byte before each run of literals is kept free for its length.
    private struct Block {
        var bytes: [UInt8]
        private let limit: Int
        /// Literals of the run that is open.
        private var run = 0

        init(limit: Int) {
            self.limit = limit
            bytes = []
            bytes.reserveCapacity(min(limit, 4096))
            bytes.append(0)
        }

        /// True when a copy of any length fits. An open run without literals gives its byte back.
        var hasRoomForCopy: Bool { bytes.count - (run == 0 ? 1 : 0) + 4 < limit }

        /// True when what may be left at the end fits.
        var hasRoomForEnd: Bool { bytes.count + 3 <= limit }

        var hasRoomForByte: Bool { bytes.count < limit }

        mutating func append(_ byte: UInt8) {
            bytes.append(byte)
            run += 1
            if run == LZFCompressor.longestRun {
                closeRun()
                bytes.append(0)
            }
        }

        mutating func copy(_ length: Int, from distance: Int) {
            closeRun()
            let offset = distance - 1
            let high = UInt8(truncatingIfNeeded: offset >> 8)
            if length < 9 {
                bytes.append(high | UInt8(length - 2) << 5)
            } else {
                bytes.append(high | 7 << 5)
                bytes.append(UInt8(length - 9))
            }
            bytes.append(UInt8(truncatingIfNeeded: offset))
            bytes.append(0)
        }

        private mutating func closeRun() {
            if run == 0 {
                bytes.removeLast()
            } else {
                bytes[bytes.count - run - 1] = UInt8(run - 1)
            }
            run = 0
        }

        mutating func end() -> [UInt8] {
            closeRun()
            return bytes
        }
    }
}

/// Decompresses blocks.
public enum LZF {
    /// The most bytes that a byte of a block can stand for, rounded up: a copy of 264 in three.
    private static let largestRatio = 88

    /// The `length` bytes that `block` stands for, or nil when it stands for something else.
    /// Nothing is allocated for a length that the block cannot have.
    public static func decompress(_ block: RawSpan, length: Int) -> [UInt8]? {
        guard length >= 0, length / largestRatio <= block.byteCount else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(length)
        var position = 0
        let end = block.byteCount
        while position < end {
            let control = Int(block[position])
            position += 1
            if control < 32 {
                let run = control + 1
                guard position + run <= end, output.count + run <= length else { return nil }
                for index in position..<position + run { output.append(block[index]) }
                position += run
                continue
            }
            var count = control >> 5
            if count == 7 {
                guard position < end else { return nil }
                count += Int(block[position])
                position += 1
            }
            count += 2
            guard position < end else { return nil }
            let distance = (control & 31) << 8 | Int(block[position])
            position += 1
            guard distance < output.count, output.count + count <= length else { return nil }
            let source = output.count - distance - 1
            for index in source..<source + count { output.append(output[index]) }
        }
        return output.count == length ? output : nil
    }
}
