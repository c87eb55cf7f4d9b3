import Testing

@Suite("Keys: walks")
struct KeyScanTests {
    @Test("The star alone matches the empty key")
    func emptyKey() {
        Transcript(
            """
            > SET "" 1
            +OK
            > KEYS *
            *1
            $0

            > KEYS **
            *0
            > KEYS ?
            *0
            > SCAN 0 MATCH *
            *2
            $1
            0
            *1
            $0

            > SCAN 0 MATCH **
            *2
            $1
            0
            *0
            > RANDOMKEY
            $0

            > DEL ""
            :1
            > RANDOMKEY
            $-1
            > SCAN 0
            *2
            $1
            0
            *0
            """
        ).play(at: TestNode())
    }

    @Test("Options")
    func options() {
        Transcript(
            """
            > SET a 1
            +OK
            > SCAN 0 TYPE string
            *2
            $1
            0
            *1
            $1
            a
            > SCAN 0 TYPE STRING COUNT 100 MATCH [a-c]
            *2
            $1
            0
            *1
            $1
            a
            > SCAN 0 TYPE list
            *2
            $1
            0
            *0
            > SCAN 0 TYPE foo
            *2
            $1
            0
            *0
            > SCAN 0 COUNT 0
            -ERR syntax error
            > SCAN 0 COUNT x
            -ERR value is not an integer or out of range
            > SCAN 0 MATCH
            -ERR syntax error
            > SCAN 0 foo 1
            -ERR syntax error
            > SCAN
            -ERR wrong number of arguments for 'scan' command
            > KEYS
            -ERR wrong number of arguments for 'keys' command
            """
        ).play(at: TestNode())
    }

    @Test("Cursors")
    func cursors() {
        Transcript(
            """
            > SCAN x
            -ERR invalid cursor
            > SCAN "" COUNT 9223372036854775807
            *2
            $1
            0
            *0
            > SCAN " 0"
            -ERR invalid cursor
            > SCAN -
            -ERR invalid cursor
            > SCAN -1
            *2
            $1
            0
            *0
            > SCAN 18446744073709551616
            -ERR invalid cursor
            > SCAN "0\\x00x"
            *2
            $1
            0
            *0
            > SCAN +0
            *2
            $1
            0
            *0
            """
        ).play(at: TestNode())
    }
}
