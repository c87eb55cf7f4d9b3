import Testing

@Suite("OBJECT")
struct ObjectTests {
    @Test("Encodings and references")
    func encodings() {
        Transcript(
            """
            > SET a 5
            +OK
            > SET b 10000
            +OK
            > SET c hello
            +OK
            > SET d 01234567890123456789012345678901234567890123
            +OK
            > SET e 012345678901234567890123456789012345678901234
            +OK
            > OBJECT ENCODING a
            $3
            int
            > OBJECT encoding c
            $6
            embstr
            > OBJECT ENCODING d
            $6
            embstr
            > OBJECT ENCODING e
            $3
            raw
            > OBJECT ENCODING nope
            $-1
            > OBJECT REFCOUNT a
            :2147483647
            > OBJECT REFCOUNT b
            :1
            > OBJECT REFCOUNT nope
            $-1
            > APPEND c x
            :6
            > OBJECT ENCODING c
            $3
            raw
            """
        ).play(at: TestNode())
    }

    @Test("Refusals")
    func refusals() {
        Transcript(
            """
            > OBJECT IDLETIME nope
            $-1
            > OBJECT FREQ nope
            $-1
            > OBJECT FREQ
            -ERR wrong number of arguments for 'object|freq' command
            > OBJECT
            -ERR wrong number of arguments for 'object' command
            > OBJECT foo a
            -ERR unknown subcommand 'foo'. Try OBJECT HELP.
            > OBJECT ENCODING a b
            -ERR wrong number of arguments for 'object|encoding' command
            """
        ).play(at: TestNode())
    }
}
