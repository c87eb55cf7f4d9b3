public import Bytes

/// A command's refusal: the text of the error reply, its code word first.
///
/// The texts themselves stand in one list on the floor that has the commands.
public struct CommandError: Error, Equatable, Sendable {
    /// The whole line without the leading minus sign, such as `ERR syntax error`.
    public let text: ByteString

    /// A refusal with this text.
    public init(_ text: ByteString) { self.text = text }

    /// A refusal with this text.
    public init(_ text: String) { self.text = ByteString(text) }

    /// The first word, such as `WRONGTYPE`: what error statistics count.
    public var code: String {
        String(decoding: text.bytes.prefix { $0 != 0x20 }, as: UTF8.self)
    }
}
