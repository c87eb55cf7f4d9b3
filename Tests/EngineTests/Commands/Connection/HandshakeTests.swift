import Testing

@Suite("PING, ECHO, SELECT, HELLO, RESET, AUTH")
struct HandshakeTests {
    @Test("The words that answer, and the databases")
    func answers() {
        Transcript(
            #"""
            > PING
            +PONG
            > PING hello
            $5
            hello
            > PING a b
            -ERR wrong number of arguments for 'ping' command
            > ECHO "a b"
            $3
            a b
            > ECHO
            -ERR wrong number of arguments for 'echo' command
            > SELECT 1
            +OK
            > SET k one
            +OK
            > SELECT 0
            +OK
            > GET k
            $-1
            > SELECT 1
            +OK
            > GET k
            $3
            one
            > DEL k
            :1
            > SELECT a
            -ERR value is not an integer or out of range
            > SELECT 16
            -ERR DB index is out of range
            > SELECT -1
            -ERR DB index is out of range
            > SELECT 01
            -ERR value is not an integer or out of range
            > SELECT 2147483647
            -ERR DB index is out of range
            > SELECT 2147483648
            -ERR value is out of range, value must between -2147483648 and 2147483647
            > SELECT -2147483649
            -ERR value is out of range, value must between -2147483648 and 2147483647
            > SELECT 99999999999999999999
            -ERR value is not an integer or out of range
            > SELECT 1 2
            -ERR wrong number of arguments for 'select' command
            """#
        ).play(at: TestNode())
    }

    @Test("HELLO chooses the protocol, RESET takes it back")
    func hello() {
        Transcript(
            #"""
            > HELLO
            *14
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
            :2
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
            > HELLO a
            -ERR Protocol version is not an integer or out of range
            > HELLO 03
            -ERR Protocol version is not an integer or out of range
            > HELLO 1
            -NOPROTO unsupported protocol version
            > HELLO 4
            -NOPROTO unsupported protocol version
            > HELLO 99999999999999999999
            -ERR Protocol version is not an integer or out of range
            > HELLO 3 foo
            -ERR Syntax error in HELLO option 'foo'
            > HELLO 3 AUTH a
            -ERR Syntax error in HELLO option 'AUTH'
            > HELLO 3 AUTH a b
            -WRONGPASS invalid username-password pair or user is disabled.
            > HELLO 3 AUTH default b
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
            > CLIENT GETNAME
            _
            > HELLO 2 SETNAME "a b"
            -ERR Client names cannot contain spaces, newlines or special characters.
            > HELLO 2 SETNAME me
            *14
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
            :2
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
            > HELLO 3 SETNAME
            -ERR Syntax error in HELLO option 'SETNAME'
            > CLIENT GETNAME
            $2
            me
            > HELLO 3 AUTH default x SETNAME you
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
            > CLIENT GETNAME
            $3
            you
            > GET nope
            _
            > SELECT 3
            +OK
            > RESET
            +RESET
            > CLIENT GETNAME
            $-1
            > GET nope
            $-1
            > RESET now
            -ERR wrong number of arguments for 'reset' command
            """#
        ).play(at: TestNode())
    }

    @Test("A password is asked for, shown, and taken away again")
    func authentication() {
        Transcript(
            #"""
            > AUTH
            -ERR wrong number of arguments for 'auth' command
            > AUTH a
            -ERR AUTH <password> called without any password configured for the default \#
            user. Are you sure your configuration is correct?
            > AUTH default a
            +OK
            > AUTH a b
            -WRONGPASS invalid username-password pair or user is disabled.
            > AUTH a b c
            -ERR syntax error
            > CONFIG SET requirepass secret
            +OK
            > PING
            +PONG
            @session 2
            > PING
            -NOAUTH Authentication required.
            > GET a
            -NOAUTH Authentication required.
            > NOSUCH x
            -ERR unknown command 'NOSUCH', with args beginning with: 'x' 
            > GET
            -ERR wrong number of arguments for 'get' command
            > CLIENT nosuch
            -ERR unknown subcommand 'nosuch'. Try CLIENT HELP.
            > CLIENT ID
            -NOAUTH Authentication required.
            > HELLO
            -NOAUTH HELLO must be called with the client already authenticated, otherwise \#
            the HELLO AUTH <user> <pass> option can be used to authenticate the client and \#
            select the RESP protocol version at the same time
            > HELLO 3
            -NOAUTH HELLO must be called with the client already authenticated, otherwise \#
            the HELLO AUTH <user> <pass> option can be used to authenticate the client and \#
            select the RESP protocol version at the same time
            > HELLO 9
            -NOPROTO unsupported protocol version
            > HELLO 3 SETNAME x
            -NOAUTH HELLO must be called with the client already authenticated, otherwise \#
            the HELLO AUTH <user> <pass> option can be used to authenticate the client and \#
            select the RESP protocol version at the same time
            > AUTH secre
            -WRONGPASS invalid username-password pair or user is disabled.
            > AUTH secrets
            -WRONGPASS invalid username-password pair or user is disabled.
            > AUTH default wrong
            -WRONGPASS invalid username-password pair or user is disabled.
            > AUTH someone secret
            -WRONGPASS invalid username-password pair or user is disabled.
            > AUTH secret
            +OK
            > CLIENT GETNAME
            $1
            x
            > RESET
            +RESET
            > PING
            -NOAUTH Authentication required.
            > HELLO 3 AUTH default
            -ERR Syntax error in HELLO option 'AUTH'
            > HELLO 3 AUTH default wrong
            -WRONGPASS invalid username-password pair or user is disabled.
            > HELLO 3 AUTH default secret SETNAME "a b"
            -ERR Client names cannot contain spaces, newlines or special characters.
            > PING
            +PONG
            > RESET
            +RESET
            > AUTH default secret
            +OK
            > PING
            +PONG
            @session 3
            > PING
            -NOAUTH Authentication required.
            @session 0
            > CONFIG SET requirepass ""
            +OK
            @session 3
            > PING
            +PONG
            > HELLO
            -NOAUTH HELLO must be called with the client already authenticated, otherwise \#
            the HELLO AUTH <user> <pass> option can be used to authenticate the client and \#
            select the RESP protocol version at the same time
            > AUTH x
            -ERR AUTH <password> called without any password configured for the default \#
            user. Are you sure your configuration is correct?
            > AUTH default x
            +OK
            > HELLO
            *14
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
            :2
            $2
            id
            :3
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
            """#
        ).play(at: TestNode())
    }
}
