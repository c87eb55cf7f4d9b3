import Testing

@Suite("The transcripts themselves")
struct TranscriptTests {
    @Test("A transcript plays, and shows bytes that are not printable")
    func plays() {
        let node = TestNode()
        Transcript(
            """
            # A comment.
            > SET a "x\\x00\\\\"
            +OK
            > GET a
            $3
            x\\x00\\\\
            > GET nope
            $-1
            > SET empty ""
            +OK
            > GET empty
            $0

            @session 2
            > DEL a empty
            :2
            """
        ).play(at: node)
    }

    @Test("A reply that differs is an issue")
    func differs() {
        withKnownIssue {
            Transcript("> SET a 1\n+KO").play(at: TestNode())
        }
    }
}
