import Bytes
import Wire

// A message on a channel is known by what it says: who published it is not told. One that a command
// of the recording has published is taken for that command's.

/// Something that came on a session by itself.
struct RecordedMessage {
    /// A command that publishes, and who has had its message.
    struct Publication {
        let channel: ByteString
        let payload: ByteString
        private var seen: [String] = []

        /// What a command publishes; nil when it publishes nothing.
        init?(_ words: [[UInt8]]) {
            guard words.count == 3, let name = words.first?.map(\.asciiUppercased),
                name == Array("PUBLISH".utf8) || name == Array("SPUBLISH".utf8)
            else { return nil }
            channel = ByteString(words[1])
            payload = ByteString(words[2])
        }

        /// What a command has published of which a message has come already.
        init(_ words: [[UInt8]], seenBy message: RecordedMessage) {
            channel = ByteString(words[1])
            payload = ByteString(words[2])
            seen = [message.subscription]
        }

        /// Takes a message for this one's; false when it says something else, or has come by this
        /// subscription already.
        mutating func take(_ message: RecordedMessage) -> Bool {
            guard message.channel == channel, message.payload == payload,
                !seen.contains(message.subscription)
            else { return false }
            seen.append(message.subscription)
            return true
        }
    }

    /// As a transcript has it.
    let line: String
    private let kind: String
    /// The name by which the session listens, with the kind: a channel or a pattern.
    private let subscription: String
    private let channel: ByteString
    private let payload: ByteString

    /// A message; nil for what is no list of words.
    init?(_ value: RESPValue) {
        guard let parts = value.elements, let kind = parts.first?.bytes?.text else { return nil }
        self.kind = kind
        line = Stage.pushLine(value)
        let words = parts.map { $0.bytes ?? "" }
        subscription = kind + " " + (words.count > 1 ? words[1].text : "")
        channel = words.count > 2 ? words[words.count - 2] : ""
        payload = words.count > 2 ? words[words.count - 1] : ""
    }

    /// True for the word that a subscription has begun or ended.
    var isAcknowledgement: Bool { kind.hasSuffix("subscribe") }

    /// The command that brings it; nil where none does. What tells of keys comes of their changes.
    var publishing: [[UInt8]]? {
        if channel.text.hasPrefix("__key") { return nil }
        return switch kind {
        case "message", "pmessage": [Array("PUBLISH".utf8), channel.bytes, payload.bytes]
        case "smessage": [Array("SPUBLISH".utf8), channel.bytes, payload.bytes]
        default: nil
        }
    }

    /// Finds what has brought it among what was published, the latest first.
    func take(from published: inout [Publication]) -> Bool {
        for index in published.indices.reversed() where published[index].take(self) { return true }
        return false
    }
}
