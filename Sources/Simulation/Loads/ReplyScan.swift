import Bytes
import Wire

/// Looks through the bytes of replies.
enum ReplyScan {
    /// True when one of the replies is an error.
    static func holdsError(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first else { return true }
        if first == UInt8(ascii: "-") { return true }
        // A single short reply, as most are, has told all with its first byte.
        if first == UInt8(ascii: "+") || first == UInt8(ascii: ":"),
            bytes.firstIndex(of: 0x0A) == bytes.count - 1
        {
            return false
        }
        var parser = ReplyParser()
        parser.feed(bytes)
        do {
            while let reply = try parser.next() {
                if reply.errorText != nil { return true }
            }
            return parser.isInside
        } catch {
            return true
        }
    }
}
