import Bytes
import Grammar
import Wire

// DEBUG PROTOCOL: one value of each type of RESP3, as clients' own tests expect them.

extension Debugging {
    /// Writes the sample of a type.
    static func sample(
        _ word: RawSpan, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let isThree = reply.version == .three
        if word.matches("STRING") {
            reply.bulk(utf8: "Hello World")
        } else if word.matches("INTEGER") {
            reply.integer(12345)
        } else if word.matches("DOUBLE") {
            isThree ? reply.buffer.append(",3.141\r\n") : reply.bulk(utf8: "3.141")
        } else if word.matches("BIGNUM") {
            let digits = "1234567999999999999999999999999999999"
            isThree ? reply.buffer.append(utf8: "(\(digits)\r\n") : reply.bulk(utf8: digits)
        } else if word.matches("NULL") {
            reply.null()
        } else if word.matches("ARRAY") {
            reply.array(3)
            for number in 0..<3 { reply.integer(number) }
        } else if word.matches("SET") {
            reply.set(3)
            for number in 0..<3 { reply.integer(number) }
        } else if word.matches("MAP") {
            reply.map(3)
            for number in 0..<3 {
                reply.integer(number)
                reply.boolean(number == 1)
            }
        } else if word.matches("ATTRIB") {
            if isThree { attribute(&reply) }
            reply.bulk(utf8: "Some real reply following the attribute")
        } else if word.matches("PUSH") {
            guard isThree else { throw .needsRESP3 }
            reply.push(2)
            reply.bulk(utf8: "server-cpu-usage")
            reply.integer(42)
            reply.bulk(utf8: "Some real reply following the push reply")
        } else if word.matches("VERBATIM") {
            reply.verbatim(Array("This is a verbatim\nstring".utf8))
        } else if word.matches("TRUE") {
            reply.boolean(true)
        } else if word.matches("FALSE") {
            reply.boolean(false)
        } else {
            throw .wrongProtocolType
        }
    }

    /// An attribute stands before the reply that it is about.
    private static func attribute(_ reply: inout ReplyWriter) {
        reply.buffer.append("|1\r\n")
        reply.bulk(utf8: "key-popularity")
        reply.array(2)
        reply.bulk(utf8: "key:123")
        reply.integer(90)
    }
}
