import Testing

@Suite("Keys: other names and other databases")
struct NamingTests {
    @Test("RENAME and RENAMENX")
    func renames() {
        Transcript(
            """
            > SET a 1
            +OK
            > SET b 2 EX 1000
            +OK
            > RENAME nope x
            -ERR no such key
            > RENAMENX nope nope
            -ERR no such key
            > RENAME a a
            +OK
            > RENAMENX a a
            :0
            > RENAMENX a b
            :0
            > RENAME b a
            +OK
            > GET a
            $1
            2
            > TTL a
            :1000
            > EXISTS b
            :0
            > RENAMENX a c
            :1
            > KEYS *
            *1
            $1
            c
            > RENAME a
            -ERR wrong number of arguments for 'rename' command
            > RENAMENX a b c
            -ERR wrong number of arguments for 'renamenx' command
            """
        ).play(at: TestNode())
    }

    @Test("COPY")
    func copies() {
        Transcript(
            """
            > SET c 2 EX 1000
            +OK
            > COPY c d
            :1
            > TTL d
            :1000
            > SET c 3
            +OK
            > COPY c d
            :0
            > COPY c d REPLACE DB 0
            :1
            > GET d
            $1
            3
            > TTL d
            :-1
            > COPY c c
            -ERR source and destination objects are the same
            > COPY c c DB 1
            :1
            > COPY c c DB 1
            :0
            > COPY c c DB 1 replace
            :1
            > COPY c d DB 16
            -ERR DB index is out of range
            > COPY c d DB x
            -ERR value is not an integer or out of range
            > COPY c d DB
            -ERR syntax error
            > COPY c d foo
            -ERR syntax error
            > COPY c c DB 99 foo
            -ERR DB index is out of range
            > COPY nope d REPLACE
            :0
            > EXISTS d
            :1
            > COPY c
            -ERR wrong number of arguments for 'copy' command
            """
        ).play(at: TestNode())
    }

    @Test("MOVE")
    func moves() {
        Transcript(
            """
            > SET c 1 EX 1000
            +OK
            > SET d 2
            +OK
            > MOVE c 1
            :1
            > SET c 3
            +OK
            > MOVE c 1
            :0
            > MOVE d 0
            -ERR source and destination objects are the same
            > MOVE d -1
            -ERR DB index is out of range
            > MOVE d 99999999999
            -ERR value is out of range, value must between -2147483648 and 2147483647
            > MOVE d x
            -ERR value is not an integer or out of range
            > MOVE nope 1
            :0
            > SELECT 1
            +OK
            > DBSIZE
            :1
            > GET c
            $1
            1
            > TTL c
            :1000
            > MOVE c 0
            :0
            """
        ).play(at: TestNode())
    }

    @Test("SWAPDB")
    func swaps() {
        Transcript(
            """
            > SET a 1
            +OK
            > SWAPDB 0 1
            +OK
            > DBSIZE
            :0
            > SELECT 1
            +OK
            > GET a
            $1
            1
            > SWAPDB 1 1
            +OK
            > GET a
            $1
            1
            > SWAPDB x 1
            -ERR invalid first DB index
            > SWAPDB 1 99999999999
            -ERR invalid second DB index
            > SWAPDB 0 16
            -ERR DB index is out of range
            > SWAPDB -1 0
            -ERR DB index is out of range
            > SWAPDB 0
            -ERR wrong number of arguments for 'swapdb' command
            """
        ).play(at: TestNode())
    }

    @Test("FLUSHDB and FLUSHALL")
    func flushes() {
        Transcript(
            """
            > SET a 1
            +OK
            > SELECT 1
            +OK
            > SET b 1
            +OK
            > FLUSHDB
            +OK
            > DBSIZE
            :0
            > SELECT 0
            +OK
            > DBSIZE
            :1
            > FLUSHDB async
            +OK
            > DBSIZE
            :0
            > SET a 2
            +OK
            > FLUSHALL ASYNC
            +OK
            > DBSIZE
            :0
            > SET a 3
            +OK
            > FLUSHALL x
            -ERR syntax error
            > FLUSHDB SYNC ASYNC
            -ERR syntax error
            > DBSIZE
            :1
            > FLUSHALL SYNC
            +OK
            > GET a
            $-1
            """
        ).play(at: TestNode())
    }
}
