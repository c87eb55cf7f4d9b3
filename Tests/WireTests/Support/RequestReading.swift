import Bytes
import Testing

@testable import Wire

/// Reads a stream as a node does: whole requests are taken off its front, what is left is given
/// again with more behind it.
struct RequestReader {
    var parser = RequestParser()
    var limits = RequestParser.Limits()
    var pending: [UInt8] = []
    /// The requests so far, an empty one as no words.
    var requests: [[[UInt8]]] = []
    /// Why the stream could not be read on.
    var failure: String?
    /// Bytes taken off the front so far.
    var consumed = 0
    private var suspension: RequestParser.Suspension?

    init(limits: RequestParser.Limits = RequestParser.Limits()) { self.limits = limits }

    /// Gives bytes that have arrived.
    mutating func feed(_ bytes: ArraySlice<UInt8>) {
        if failure != nil { return }
        pending += bytes
        let input = pending
        let limits = limits
        if let held = suspension.take() { parser.resume(held) }
        var start = 0
        loop: while true {
            let outcome = parser.parse(input.rawSpan, from: start, limits: limits)
            switch outcome {
            case .request(let end):
                let request = parser.keep(from: start, to: end)
                let words = ArgumentList(parser.arguments(of: request, in: input.rawSpan))
                requests.append((0..<words.count).map { words[$0] })
                parser.finish()
                #expect(end > start)
                start = end
            case .empty(let end):
                _ = parser.keep(from: start, to: end)
                parser.finish()
                requests.append([])
                #expect(end > start)
                start = end
            case .incomplete:
                if parser.isInside { suspension = parser.suspend() }
                break loop
            case .failure(let reason):
                failure = reason.text
                start = input.count
                break loop
            }
        }
        consumed += start
        pending.removeFirst(start)
    }

    /// Bytes kept besides what has not been read.
    var footprint: Int { parser.footprint + (suspension?.footprint ?? 0) }
}

/// What a stream is read as.
struct Reading: Equatable {
    var requests: [[[UInt8]]]
    var failure: String?
    var rest: Int

    /// Reads `stream` in the pieces that end at `cuts`.
    init(
        _ stream: [UInt8], cuts: [Int] = [], limits: RequestParser.Limits = .init()
    ) {
        var reader = RequestReader(limits: limits)
        var start = 0
        for cut in cuts + [stream.count] {
            reader.feed(stream[start..<cut])
            start = cut
        }
        requests = reader.requests
        failure = reader.failure
        rest = reader.failure == nil ? reader.pending.count : 0
    }
}

/// A request as an array of bulk strings.
func array(_ words: [UInt8]...) -> [UInt8] { array(words) }

/// A request as an array of bulk strings.
func array(_ words: [[UInt8]]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words { bytes += Array("$\(word.count)\r\n".utf8) + word + [0x0D, 0x0A] }
    return bytes
}

/// The UTF-8 of `text`.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
