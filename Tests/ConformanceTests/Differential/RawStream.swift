import Bytes

/// Streams of bytes that are not always requests: what the protocol's own errors come from.
enum RawStream {
    /// A stream, as it is sent to a new connection before nothing more is.
    static func next(_ dice: inout Dice) -> [UInt8] {
        if dice.once(in: 30) { return Array(dice.pick(foreign).utf8) }
        var stream: [UInt8] = []
        for _ in 0..<dice.below(4) { stream += good(&dice) }
        stream += Array(dice.pick(broken).utf8)
        for _ in 0..<dice.below(3) { stream += good(&dice) }
        if dice.once(in: 3) { stream = spoil(stream, &dice) }
        if dice.once(in: 60) { stream += long(&dice) }
        return stream.filter { $0 != 0 }
    }

    private static func good(_ dice: inout Dice) -> [UInt8] {
        switch dice.below(5) {
        case 0: Array("PING\r\n".utf8)
        case 1: Array("\r\n".utf8)
        case 2: WireValue.request([Array("ECHO".utf8), dice.value()])
        case 3: Array("  ECHO \"a\\x41\\n\" \n".utf8)
        default: WireValue.request([Array("PING".utf8), dice.key()])
        }
    }

    /// Changes one byte. What follows may then be read as something else altogether, though
    /// hardly as the name of another command.
    private static func spoil(_ stream: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var stream = stream
        guard !stream.isEmpty else { return stream }
        let place = dice.below(stream.count)
        switch dice.below(3) {
        case 0: stream.remove(at: place)
        case 1: stream.insert(dice.pick(Array("*$\r\n\" '\\-+0129aZ".utf8)), at: place)
        default: stream[place] = dice.pick(Array("*$\r\n\" '\\-+0129aZ".utf8))
        }
        return stream
    }

    /// More than the 64 kilobytes that a line or a count may take, without its end.
    private static func long(_ dice: inout Dice) -> [UInt8] {
        let start = dice.pick(["", "*", "*1\r\n$", "PING ", "*1\r\n"])
        let count = dice.pick([65_535, 65_536, 65_537, 70_000, 140_000])
        return Array(start.utf8) + Array(repeating: 49, count: count)
    }

    /// What browsers say.
    private static let foreign = [
        "POST / HTTP/1.1\r\nX: y\r\n\r\nPING\r\n", "post x\r\nPING\r\n", "POST\r\nPING\r\n",
        "Host: here\r\nPING\r\n", "host: x\r\nPING\r\n", "*1\r\n$5\r\nhost:\r\nPING\r\n",
    ]

    private static let broken = [
        "", "*0\r\n", "*-1\r\n", "*-2147483648\r\n", "*1048576\r\n", "*1048577\r\n",
        "*2147483647\r\n", "*2147483648\r\n", "*9223372036854775808\r\n", "*abc\r\n", "*\r\n",
        "* 1\r\n$4\r\nPING\r\n", "*01\r\n$4\r\nPING\r\n", "*+1\r\n$4\r\nPING\r\n",
        "*1\r\n$04\r\nPING\r\n", "*1\r\n$+4\r\nPING\r\n", "*1\r\n$ 4\r\nPING\r\n",
        "*1\r\n$-1\r\n", "*1\r\n$-2\r\n", "*1\r\n$0\r\n\r\n", "*2\r\n$4\r\nPING\r\n$0\r\n\r\n",
        "*1\r\n$536870912\r\n", "*1\r\n$536870913\r\n", "*1\r\n$9223372036854775808\r\n",
        "*1\r\n$abc\r\n", "*1\r\n$\r\n", "*1\r\nPING\r\n", "*1\r\n+PING\r\n", "*1\r\n:4\r\n",
        "*1\r\n\r\n", "*1\r\n\"\r\n", "*1\n$4\nPING\n", "*1\n$4\r\nPING\r\n",
        "*1\r\n$4\nPING\r\n", "*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n", "*2\r\n$4\r\nECHO\r\n",
        "*1\r\n$4\r\nPI", "*1\r\n$4", "*1", "*", "PING", "PING\n", "PING\r", "PING\r\r\n",
        "PING\n\r\n", "   \r\n", "\t\r\n", "\n", "\r", "\r\n\r\n", "ECHO \"unbalanced\r\n",
        "ECHO 'unbalanced\r\n", "ECHO \"a\"b\r\n", "ECHO 'a'b\r\n", "ECHO a\"b\"\r\n",
        "ECHO \"\\x4\"\r\n", "ECHO \"\\xzz\"\r\n", "ECHO \"\\q\\n\\r\\t\\a\\b\"\r\n",
        "ECHO 'it\\'s'\r\n", "ECHO \"\"\r\n", "\"\"\r\n",
        "$4\r\nPING\r\n", "+OK\r\n", ":1\r\n", "%1\r\n", "GET / HTTP/1.0\r\n\r\n", "QUIT\r\n",
        "quit now\r\nPING\r\n", "NOSUCH a b\r\n", "ECHO\r\n",
        "HELLO 3\r\n", "HELLO 5\r\n", "*1\r\n$4\r\nQUIT\r\n", "RESET\r\n",
    ]
}
