import Bytes
import Client
import Terminal
import Wire

// `--pipe`: standard input has requests as they go over the wire, or in plain lines, and they are
// sent without waiting for each reply. They are read as requests all the same: so a damaged stream
// is noticed where it is damaged, and a batch can end behind a whole request, where the replies
// are waited for before more is sent. Replies are counted; errors are written to standard error.

enum MassInsertion {
    /// A batch ends behind the first request that makes it this long.
    private static let batch = 1 << 20

    static func run(_ console: Console) -> ExitStatus {
        do throws(Endpoint.Failure) {
            try console.endpoint.open()
        } catch {
            switch error {
            case .refused(let reason):
                console.complain(reason + "\n", at: nil)
                return .notAllowed
            case .cannotConnect(let reason), .lost(let reason), .protocolError(let reason):
                console.complain(reason + "\n", at: nil)
                return .noConnection
            }
        }
        var (errors, replies) = (0, 0)
        var status = ExitStatus.success
        var requests = RequestSplitter()
        var isAtEnd = false
        while !isAtEnd, status == .success {
            switch Descriptor.input.read(atMost: 1 << 16) {
            case .bytes(let more): requests.feed(more)
            case .nothing: continue
            case .end: isAtEnd = true
            }
            if requests.length < batch, !isAtEnd, requests.failure == nil { continue }
            let count = requests.count
            let outcome = console.endpoint.pour(requests.take(), count: count) { reply in
                replies += 1
                guard let error = reply.errorText else { return }
                errors += 1
                Descriptor.error.write(error.text + "\n")
            }
            if let outcome {
                _ = console.show(outcome, to: [])
                status = .noConnection
            }
        }
        if status == .success, let failure = requests.failure ?? requests.rest(isAtEnd) {
            console.complain(failure + "\n", at: nil)
            status = .usage
        }
        console.output.write("errors: \(errors), replies: \(replies)\n")
        return status == .success && errors > 0 ? .errorReply : status
    }
}

/// Finds the ends of requests in a stream of them.
struct RequestSplitter {
    private var bytes: [UInt8] = []
    private var whole = 0
    private var parser = RequestParser()
    private var taken = 0
    /// What is wrong with the stream; nil while nothing is.
    private(set) var failure: String?

    private let limits = RequestParser.Limits()
    /// How many whole requests there are.
    private(set) var count = 0

    /// How many bytes of whole requests there are.
    var length: Int { whole }

    /// Adds bytes of the stream.
    mutating func feed(_ more: [UInt8]) {
        bytes += more
        let input = bytes
        while failure == nil {
            let outcome = parser.parse(input.rawSpan, from: whole, limits: limits)
            switch outcome {
            case .incomplete: return
            case .request(let end), .empty(let end):
                if case .request = outcome { count += 1 }
                _ = parser.keep(from: whole, to: end)
                parser.finish()
                whole = end
            case .failure(let reason):
                failure = "byte \(taken + whole) of the input begins no request: \(reason.text)"
            }
        }
    }

    /// The whole requests, which are forgotten here.
    mutating func take() -> [UInt8] {
        let requests = Array(bytes[..<whole])
        bytes.removeFirst(whole)
        taken += whole
        whole = 0
        count = 0
        return requests
    }

    /// What is wrong when the stream ends here.
    func rest(_ isAtEnd: Bool) -> String? {
        bytes.isEmpty || !isAtEnd ? nil : "the input ends within a request"
    }
}
