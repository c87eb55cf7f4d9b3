import Testing

@Suite("Keys: times to live")
struct ExpireTests {
    @Test("Conditions")
    func conditions() {
        Transcript(
            """
            > SET a 1
            +OK
            > TTL a
            :-1
            > EXPIRE a 100 XX
            :0
            > EXPIRE a 100 GT
            :0
            > EXPIRE a 100 LT
            :1
            > EXPIRE a 100 NX
            :0
            > EXPIRE a 200 XX GT
            :1
            > EXPIRE a 150 gt
            :0
            > EXPIRE a 300 LT
            :0
            > EXPIRE a 50 XX LT
            :1
            > TTL a
            :50
            > EXPIRE a 1 NX XX
            -ERR NX and XX, GT or LT options at the same time are not compatible
            > EXPIRE a 1 NX GT
            -ERR NX and XX, GT or LT options at the same time are not compatible
            > EXPIRE a 1 GT LT
            -ERR GT and LT options at the same time are not compatible
            > EXPIRE a x foo
            -ERR Unsupported option foo
            > EXPIRE a x
            -ERR value is not an integer or out of range
            > EXPIRE a
            -ERR wrong number of arguments for 'expire' command
            > TTL a b
            -ERR wrong number of arguments for 'ttl' command
            """
        ).play(at: TestNode())
    }

    @Test("Times beyond what 64 bits hold")
    func limits() {
        Transcript(
            """
            > SET a 1
            +OK
            > EXPIRE a 9223372036854775
            -ERR invalid expire time in 'expire' command
            > EXPIRE a -9223372036854776
            -ERR invalid expire time in 'expire' command
            > PEXPIRE a 9223372036854775807
            -ERR invalid expire time in 'pexpire' command
            > EXPIREAT a 9223372036854776
            -ERR invalid expire time in 'expireat' command
            > EXPIREAT nope 9223372036854776
            -ERR invalid expire time in 'expireat' command
            > EXPIRE nope 1
            :0
            > PEXPIREAT a 9223372036854775807
            :1
            > PEXPIRETIME a
            :9223372036854775807
            > EXPIRETIME a
            :9223372036854776
            """
        ).play(at: TestNode())
    }

    @Test("Asking in four units")
    func telling() {
        Transcript(
            """
            > SET a 1
            +OK
            > PEXPIRETIME a
            :-1
            > EXPIRETIME nope
            :-2
            > PTTL nope
            :-2
            > EXPIREAT a 4102444800
            :1
            > EXPIRETIME a
            :4102444800
            > PEXPIRETIME a
            :4102444800000
            > PEXPIREAT a 4102444800500
            :1
            > EXPIRETIME a
            :4102444801
            > PERSIST a
            :1
            > PERSIST a
            :0
            > PERSIST nope
            :0
            > PTTL a
            :-1
            """
        ).play(at: TestNode())
    }

    @Test("A time that has passed removes the key")
    func past() {
        Transcript(
            """
            > SET a 1
            +OK
            > EXPIRE a 0
            :1
            > EXISTS a
            :0
            > SET a 1
            +OK
            > PEXPIREAT a -1 NX
            :1
            > EXISTS a
            :0
            > SET a 1 EX 100
            +OK
            > EXPIRE a -1 GT
            :0
            > EXPIRE a -1 LT
            :1
            > DBSIZE
            :0
            """
        ).play(at: TestNode())
    }
}
