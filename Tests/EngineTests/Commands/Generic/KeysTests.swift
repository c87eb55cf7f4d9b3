import Testing

@Suite("Keys: removing and asking")
struct KeysTests {
    @Test("Removing and asking count what is there")
    func counts() {
        Transcript(
            """
            > SET a 1
            +OK
            > SET b hello
            +OK
            > SET "" empty
            +OK
            > EXISTS a b nope a ""
            :4
            > TYPE a
            +string
            > TYPE nope
            +none
            > TOUCH a b nope a
            :3
            > UNLINK a nope a
            :1
            > DEL b "" nope
            :2
            > DBSIZE
            :0
            """
        ).play(at: TestNode())
    }

    @Test("Too few or too many words")
    func arity() {
        Transcript(
            """
            > DEL
            -ERR wrong number of arguments for 'del' command
            > UNLINK
            -ERR wrong number of arguments for 'unlink' command
            > EXISTS
            -ERR wrong number of arguments for 'exists' command
            > TOUCH
            -ERR wrong number of arguments for 'touch' command
            > TYPE
            -ERR wrong number of arguments for 'type' command
            > TYPE a b
            -ERR wrong number of arguments for 'type' command
            > DBSIZE 1
            -ERR wrong number of arguments for 'dbsize' command
            > RANDOMKEY 1
            -ERR wrong number of arguments for 'randomkey' command
            """
        ).play(at: TestNode())
    }
}
