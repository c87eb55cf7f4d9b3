/// A reply of the few kinds that the bench's own questions get.
enum ControlReply: Equatable {
    case text(String)
    case failure(String)
    case integer(Int)
    case null
    case array([ControlReply])

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var integer: Int? {
        if case .integer(let number) = self { number } else { nil }
    }
}

/// A connection for questions beside the load: signing in, INFO, DBSIZE, FLUSHALL.
struct ControlConnection {
    let socket: OpenDescriptor

    /// Connects, signs in and selects the database.
    init(_ address: BenchAddress) throws(BenchError) {
        socket = try connectSocket(to: address)
        if let password = address.password {
            _ = try command(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
        }
        if address.database != 0 { _ = try command(["SELECT", String(address.database)]) }
    }

    /// Sends a command and waits for its reply; an error reply is thrown.
    func command(_ words: [String]) throws(BenchError) -> ControlReply {
        try socket.send(RequestTemplate(words).bytes)
        var received: [UInt8] = []
        while true {
            let part = try socket.receive()
            if part.isEmpty { throw BenchError("the server closed the connection") }
            received += part
            var reader = ControlReader(bytes: received)
            guard let reply = reader.next() else { continue }
            if case .failure(let text) = reply {
                throw BenchError("the server refused \(words[0]): \(text)")
            }
            return reply
        }
    }

    /// A field of INFO.
    func information(_ section: String, _ field: String) throws(BenchError) -> String? {
        Self.field(field, of: try command(["INFO", section]).text ?? "")
    }

    static func field(_ name: String, of information: String) -> String? {
        for line in information.split(whereSeparator: \.isNewline)
        where line.hasPrefix(name + ":") {
            return String(line.dropFirst(name.count + 1))
        }
        return nil
    }
}

/// Reads RESP2 replies from bytes that may not be complete yet.
struct ControlReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next reply, or nil if more bytes are needed.
    mutating func next() -> ControlReply? {
        guard let line = line(), let kind = line.first else { return nil }
        let rest = String(decoding: line.dropFirst(), as: UTF8.self)
        switch kind {
        case UInt8(ascii: "+"): return .text(rest)
        case UInt8(ascii: "-"): return .failure(rest)
        case UInt8(ascii: ":"): return .integer(Int(rest) ?? 0)
        case UInt8(ascii: "$"):
            guard let length = Int(rest), length >= 0 else { return .null }
            guard bytes.count - position >= length + 2 else { return nil }
            defer { position += length + 2 }
            return .text(String(decoding: bytes[position..<position + length], as: UTF8.self))
        case UInt8(ascii: "*"):
            guard let count = Int(rest), count >= 0 else { return .null }
            var elements: [ControlReply] = []
            while elements.count < count {
                guard let element = next() else { return nil }
                elements.append(element)
            }
            return .array(elements)
        default:
            return .failure("a reply of an unknown kind")
        }
    }

    private mutating func line() -> ArraySlice<UInt8>? {
        guard let end = bytes[position...].firstIndex(of: 0x0A), end > position else { return nil }
        defer { position = end + 1 }
        return bytes[position..<end - 1]
    }
}
