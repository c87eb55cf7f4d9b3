import Bytes

/// A request in the form in which it goes over the wire.
struct Request {
    /// The command's name in lower case.
    let name: String
    let bytes: [UInt8]

    init(_ words: [[UInt8]]) {
        name = words.isEmpty ? "" : Request.name(words[0])
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.reduce(16) { $0 + $1.count + 8 })
        Request.appendHead(UInt8(ascii: "*"), words.count, &bytes)
        for word in words { Request.append(word, to: &bytes) }
        self.bytes = bytes
    }

    /// A request whose bytes are known.
    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    static func name(_ word: [UInt8]) -> String {
        String(decoding: word.map(\.asciiLowercased), as: UTF8.self)
    }

    private static func appendHead(_ kind: UInt8, _ number: Int, _ bytes: inout [UInt8]) {
        bytes.append(kind)
        bytes += Array(String(number).utf8)
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    private static func append(_ word: [UInt8], to bytes: inout [UInt8]) {
        appendHead(UInt8(ascii: "$"), word.count, &bytes)
        bytes += word
        bytes.append(0x0D)
        bytes.append(0x0A)
    }
}
