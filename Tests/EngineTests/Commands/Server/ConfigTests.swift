import Testing

@Suite("CONFIG")
struct ConfigTests {
    @Test("Names, pairs and patterns")
    func names() {
        Transcript(
            #"""
            > CONFIG
            -ERR wrong number of arguments for 'config' command
            > CONFIG nosuch x
            -ERR unknown subcommand 'nosuch'. Try CONFIG HELP.
            > CONFIG GET
            -ERR wrong number of arguments for 'config|get' command
            > CONFIG SET
            -ERR wrong number of arguments for 'config|set' command
            > CONFIG SET a
            -ERR wrong number of arguments for 'config|set' command
            > CONFIG SET a b
            -ERR Unknown option or number of arguments for CONFIG SET - 'a'
            > CONFIG SET a b c
            -ERR syntax error
            > CONFIG SET "a\nb" 1
            -ERR Unknown option or number of arguments for CONFIG SET - 'a b'
            > CONFIG SET "a\x00b" 1
            -ERR Unknown option or number of arguments for CONFIG SET - 'a'
            > CONFIG SET timeout 1 timeout 2
            -ERR CONFIG SET failed (possibly related to argument 'timeout') - duplicate \#
            parameter
            > CONFIG SET timeout 1 TIMEOUT 2
            -ERR CONFIG SET failed (possibly related to argument 'TIMEOUT') - duplicate \#
            parameter
            > CONFIG SET TIMEOUT 1
            +OK
            > CONFIG GET timeout
            *2
            $7
            timeout
            $1
            1
            > CONFIG GET TimeOut
            *2
            $7
            TimeOut
            $1
            1
            > CONFIG SET timeout 5 nosuch 1
            -ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'
            > CONFIG SET timeout 5 maxmemory x
            -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument \#
            must be a memory value
            > CONFIG SET timeout x nosuch 1
            -ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'
            > CONFIG SET port x databases 1
            -ERR CONFIG SET failed (possibly related to argument 'databases') - can't set \#
            immutable config
            > CONFIG SET timeout 3 databases 1
            -ERR CONFIG SET failed (possibly related to argument 'databases') - can't set \#
            immutable config
            > CONFIG GET timeout
            *2
            $7
            timeout
            $1
            1
            > CONFIG SET TiMeOut x
            -ERR CONFIG SET failed (possibly related to argument 'timeout') - argument \#
            couldn't be parsed into an integer
            > CONFIG SET DATABASES 5
            -ERR CONFIG SET failed (possibly related to argument 'DATABASES') - can't set \#
            immutable config
            > CONFIG SET dbfilename x nosuch x
            -ERR CONFIG SET failed (possibly related to argument 'dbfilename') - can't set \#
            protected config
            > CONFIG SET dbfilename x databases x
            -ERR CONFIG SET failed (possibly related to argument 'dbfilename') - can't set \#
            protected config
            > CONFIG SET hash-max-ziplist-entries 5 hash-max-listpack-entries 6
            +OK
            > CONFIG GET hash-max-ziplist-entries
            *2
            $24
            hash-max-ziplist-entries
            $1
            6
            > CONFIG SET hash-max-ziplist-value x
            -ERR CONFIG SET failed (possibly related to argument 'hash-max-ziplist-value') \#
            - argument must be a memory value
            > CONFIG GET tim*
            *2
            $7
            timeout
            $1
            1
            > CONFIG GET TIM*
            *2
            $7
            timeout
            $1
            1
            > CONFIG GET nope [a
            *0
            > CONFIG GET timeou? timeout
            *2
            $7
            timeout
            $1
            1
            > CONFIG GET watchdog*
            *0
            > CONFIG GET watchdog-period
            *2
            $15
            watchdog-period
            $1
            0
            > HELLO 3
            %7
            $6
            server
            $5
            redis
            $7
            version
            $6
            7.0.15
            $5
            proto
            :3
            $2
            id
            :1
            $4
            mode
            $10
            standalone
            $4
            role
            $6
            master
            $7
            modules
            *0
            > CONFIG GET timeout nope
            %1
            $7
            timeout
            $1
            1
            > RESET
            +RESET
            > CONFIG RESETSTAT x
            -ERR wrong number of arguments for 'config|resetstat' command
            > CONFIG RESETSTAT
            +OK
            > CONFIG REWRITE
            -ERR The server is running without a config file
            > CONFIG REWRITE x
            -ERR wrong number of arguments for 'config|rewrite' command
            > CONFIG HELP x
            -ERR wrong number of arguments for 'config|help' command
            """#
        ).play(at: TestNode())
    }
}
