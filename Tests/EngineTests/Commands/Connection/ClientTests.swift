import Testing

@Suite("CLIENT")
struct ClientTests {
    @Test("Errors and names")
    func names() {
        Transcript(
            #"""
            > CLIENT
            -ERR wrong number of arguments for 'client' command
            > CLIENT nosuch
            -ERR unknown subcommand 'nosuch'. Try CLIENT HELP.
            > CLIENT INFO x
            -ERR wrong number of arguments for 'client|info' command
            > CLIENT LIST TYPE
            -ERR syntax error
            > CLIENT LIST TYPE foo
            -ERR Unknown client type 'foo'
            > CLIENT LIST TYPE replica
            $0

            > CLIENT LIST TYPE MASTER
            $0

            > CLIENT LIST TYPE primary
            -ERR Unknown client type 'primary'
            > CLIENT LIST TYPE normal ID 1
            -ERR syntax error
            > CLIENT LIST ID
            -ERR syntax error
            > CLIENT LIST ID a
            -ERR Invalid client ID
            > CLIENT LIST ID 1 b
            -ERR Invalid client ID
            > CLIENT LIST ID 999999999
            $0

            > CLIENT LIST ID -1
            $0

            > CLIENT LIST foo
            -ERR syntax error
            > CLIENT LIST foo bar
            -ERR syntax error
            > CLIENT LIST ID 99999999999999999999
            -ERR Invalid client ID
            > CLIENT SETNAME "a b"
            -ERR Client names cannot contain spaces, newlines or special characters.
            > CLIENT SETNAME "a\x7f"
            -ERR Client names cannot contain spaces, newlines or special characters.
            > CLIENT SETNAME "a\x80"
            -ERR Client names cannot contain spaces, newlines or special characters.
            > CLIENT SETNAME ""
            +OK
            > CLIENT GETNAME
            $-1
            > CLIENT SETNAME worker-1
            +OK
            > CLIENT GETNAME
            $8
            worker-1
            > CLIENT KILL 1.2.3.4:5
            -ERR No such client
            > CLIENT KILL ID
            -ERR No such client
            > CLIENT KILL ID 999999999
            :0
            > CLIENT KILL ID a
            -ERR client-id should be greater than 0
            > CLIENT KILL ID -1
            -ERR client-id should be greater than 0
            > CLIENT KILL ID 0
            -ERR client-id should be greater than 0
            > CLIENT KILL TYPE foo
            -ERR Unknown client type 'foo'
            > CLIENT KILL TYPE slave
            :0
            > CLIENT KILL TYPE master
            :0
            > CLIENT KILL TYPE pubsub
            :0
            > CLIENT KILL USER foo
            -ERR No such user 'foo'
            > CLIENT KILL SKIPME foo
            -ERR syntax error
            > CLIENT KILL ADDR x LADDR y
            :0
            > CLIENT KILL FOO bar
            -ERR syntax error
            > CLIENT KILL ID 1 FOO
            -ERR syntax error
            > CLIENT KILL MAXAGE 1
            -ERR syntax error
            > CLIENT KILL ID 9 USER
            -ERR syntax error
            > CLIENT KILL ID 999999999 TYPE foo
            -ERR Unknown client type 'foo'
            > CLIENT KILL TYPE "a\nb"
            -ERR Unknown client type 'a b'
            > CLIENT KILL 127.0.0.1:1 SKIPME yes
            -ERR syntax error
            > CLIENT NO-EVICT foo
            -ERR syntax error
            > CLIENT NO-EVICT on
            +OK
            > CLIENT NO-EVICT off
            +OK
            > CLIENT NO-TOUCH on
            -ERR unknown subcommand 'NO-TOUCH'. Try CLIENT HELP.
            > CLIENT SETINFO lib-name x
            -ERR unknown subcommand 'SETINFO'. Try CLIENT HELP.
            > CLIENT ID x
            -ERR wrong number of arguments for 'client|id' command
            > CLIENT HELP x
            -ERR wrong number of arguments for 'client|help' command
            """#
        ).play(at: TestNode())
    }

    @Test("CLIENT REPLY takes replies away and gives them back")
    func replies() {
        Transcript(
            #"""
            > CLIENT REPLY foo
            -ERR syntax error
            > CLIENT REPLY on
            +OK
            > CLIENT REPLY skip
            > PING
            > PING
            +PONG
            > CLIENT REPLY SKIP
            > CLIENT REPLY ON
            +OK
            > PING
            +PONG
            > CLIENT REPLY SKIP
            > CLIENT REPLY SKIP
            > PING
            > PING
            +PONG
            > CLIENT REPLY off
            > PING
            > NOSUCH
            > CLIENT REPLY skip
            > PING
            > CLIENT REPLY foo
            > CLIENT REPLY on
            +OK
            > PING
            +PONG
            > CLIENT REPLY OFF
            > AUTH x
            > RESET
            +RESET
            > PING
            +PONG
            > CLIENT REPLY SKIP
            > RESET
            > PING
            +PONG
            > CLIENT REPLY SKIP
            > NOSUCH
            > PING
            +PONG
            """#
        ).play(at: TestNode())
    }
}
