import Grammar
import Testing

@Suite("Sorted sets, as redis-server replies")
struct SortedSetTranscripts {
    @Test("Members", arguments: TranscriptScene.all(in: "SortedSets/SortedSetMembers.txt"))
    func members(scene: TranscriptScene) { scene.play() }

    @Test("Ranges", arguments: TranscriptScene.all(in: "SortedSets/SortedSetRanges.txt"))
    func ranges(scene: TranscriptScene) { scene.play() }

    @Test(
        "Popped, combined, by chance and in steps",
        arguments: TranscriptScene.all(in: "SortedSets/SortedSetCombinations.txt"))
    func combinations(scene: TranscriptScene) { scene.play() }

    @Test(
        "What need not wait", arguments: TranscriptScene.all(in: "SortedSets/SortedSetWaiting.txt"))
    func waiting(scene: TranscriptScene) { scene.play() }

    @Test("Who waits is served in order, with what the command before has left")
    func served() {
        Transcript(
            """
            > BZPOPMIN none z 0
            @session 1
            > BZMPOP 0 1 z MAX COUNT 2
            @session 2
            > ZADD z 1 a 2 b 3 c 4 d
            :4
            > ZRANGE z 0 -1
            *1
            $1
            b
            @session 0
            @receive
            *3
            $1
            z
            $1
            a
            $1
            1
            @session 1
            @receive
            *2
            $1
            z
            *2
            *2
            $1
            d
            $1
            4
            *2
            $1
            c
            $1
            3
            > BZPOPMAX z other 0
            *3
            $1
            z
            $1
            b
            $1
            2
            > BZPOPMAX z other 0
            @session 2
            > SADD s m
            :1
            > ZUNIONSTORE other 1 s
            :1
            > EXISTS other
            :0
            @session 1
            @receive
            *3
            $5
            other
            $1
            m
            $1
            1
            """
        ).play(at: TestNode())
    }

    @Test(
        "Since 7.2 scores have the fewest digits, and a rank comes with one if asked",
        arguments: [Flavour.redis72, .valkey80])
    func newerFlavours(flavour: Flavour) {
        let node = TestNode(flavour: flavour)
        #expect(node.send("ZADD z 0.1 a 1e20 b") == ":2\r\n")
        #expect(node.send("ZSCORE z a") == "$3\r\n0.1\r\n")
        #expect(node.send("ZSCORE z b") == "$5\r\n1e+20\r\n")
        #expect(node.send("ZRANK z b WITHSCORE") == "*2\r\n:1\r\n$5\r\n1e+20\r\n")
        #expect(node.send("ZREVRANK z a withscore") == "*2\r\n:1\r\n$3\r\n0.1\r\n")
        #expect(node.send("ZRANK z nobody WITHSCORE") == "*-1\r\n")
        #expect(node.send("ZRANK nothing a WITHSCORE") == "*-1\r\n")
        #expect(node.send("ZRANK z a WITHSCORES") == "-ERR syntax error\r\n")
        #expect(
            node.send("ZRANK z a WITHSCORE x")
                == "-ERR wrong number of arguments for 'zrank' command\r\n")
    }
}
