import Bytes
import Testing
import Wire

@testable import Playback

/// The requests of a lesson at a real server, before they go out, and what comes back.
struct LessonKeysTests {
    private let keys = LessonKeys(lesson: "a-b", run: 255)
    private let prefix = "larder:lesson:a-b:ff:"

    private func words(_ line: String) -> [[UInt8]] {
        line.split(separator: " ").map { Array($0.utf8) }
    }

    private func sent(_ line: String, _ keys: LessonKeys? = nil) -> String {
        switch (keys ?? self.keys).sending(words(line)) {
        case .request(let words, _):
            words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        case .count: "count"
        case .list(let pattern): "list " + String(decoding: pattern, as: UTF8.self)
        case .refused: "refused"
        }
    }

    @Test(arguments: [
        ("GET a", "GET @a"), ("set a a EX 5", "set @a a EX 5"),
        ("MSET a 1 b 2", "MSET @a 1 @b 2"), ("DEL a b c", "DEL @a @b @c"),
        ("ZUNIONSTORE d 2 a b WEIGHTS 1 2", "ZUNIONSTORE @d 2 @a @b WEIGHTS 1 2"),
        ("ZRANGESTORE d s 0 1", "ZRANGESTORE @d @s 0 1"), ("BLPOP a b 0", "BLPOP @a @b 0"),
        ("LMOVE a b LEFT RIGHT", "LMOVE @a @b LEFT RIGHT"),
        ("OBJECT ENCODING a", "OBJECT ENCODING @a"), ("MEMORY USAGE a", "MEMORY USAGE @a"),
        ("SCAN 0", "SCAN 0 MATCH @*"),
        ("SCAN 0 match x* COUNT 5", "SCAN 0 match @x* COUNT 5"),
        ("HSCAN h 0 MATCH x*", "HSCAN @h 0 MATCH x*"),
        ("PUBLISH c m", "PUBLISH @c m"), ("SUBSCRIBE c d", "SUBSCRIBE @c @d"),
        ("PSUBSCRIBE n*", "PSUBSCRIBE @n*"), ("UNSUBSCRIBE", "UNSUBSCRIBE"),
        ("PUBSUB CHANNELS", "PUBSUB CHANNELS @*"), ("PUBSUB NUMSUB c", "PUBSUB NUMSUB @c"),
        ("PING", "PING"), ("MULTI", "MULTI"), ("WATCH a", "WATCH @a"), ("GET", "GET"),
        ("DBSIZE", "count"), ("KEYS x*", "list x*"),
    ])
    func `Keys and channels get the prefix, and nothing else does`(line: String, wire: String) {
        #expect(sent(line) == wire.split(separator: "@").joined(separator: prefix))
    }

    @Test(arguments: [
        "FLUSHALL", "FLUSHDB", "CONFIG SET maxmemory 1", "CONFIG RESETSTAT", "SHUTDOWN NOSAVE",
        "DEBUG SLEEP 1", "SWAPDB 0 1", "SELECT 1", "MOVE a 1", "RANDOMKEY", "MONITOR",
        "CLIENT KILL TYPE normal", "CLIENT PAUSE 1", "CLIENT REPLY OFF", "COPY a b DB 1",
        "SORT a BY w_*", "PUBSUB NUMPAT", "SUBSCRIBE __keyevent@0__:set", "SLOWLOG RESET",
        "NOSUCH a", "EVAL x 0", "SCRIPT FLUSH", "ACL SETUSER x", "REPLICAOF NO ONE",
    ])
    func `Commands that reach others are refused`(line: String) {
        #expect(sent(line) == "refused")
    }

    @Test func `With permission those go out that leave a run in order`() {
        let keys = LessonKeys(lesson: "a-b", run: 255, allowsDestructive: true)
        #expect(sent("FLUSHALL", keys) == "FLUSHALL")
        #expect(sent("CONFIG SET maxmemory 1", keys) == "CONFIG SET maxmemory 1")
        #expect(sent("SELECT 1", keys) == "refused")
        #expect(sent("NOSUCH a", keys) == "refused")
    }

    @Test func `Replies lose the prefix wherever it stands`() {
        func bulk(_ text: String) -> RESPValue { .bulk(ByteString(text)) }
        let reply = RESPValue.array([
            bulk(prefix + "a"), .error(ByteString("ERR no key '\(prefix)b'")),
            .map([RESPValue.Pair(bulk(prefix + "c"), .array([bulk("larder:lesson:")]))]),
            .integer(3),
        ])
        let bare = RESPValue.array([
            bulk("a"), .error("ERR no key 'b'"),
            .map([RESPValue.Pair(bulk("c"), .array([bulk("larder:lesson:")]))]), .integer(3),
        ])
        #expect(keys.bare(reply) == bare)
    }

    @Test(arguments: ["a*b", "k[x]", "sp?ce", "umlaut-ä"])
    func `The name of a lesson cannot make a pattern of the prefix`(name: String) {
        let keys = LessonKeys(lesson: name, run: 1)
        #expect(!keys.prefix.contains { Array("*?[]\\".utf8).contains($0) })
    }

    @Test(arguments: [
        ("app", "GET /product/1", true), ("wb", "clock advance 6s", true),
        ("wb", "clock advance 2s", false), ("wb", "clock now", false), ("wb", "flush", false),
        ("wb", "node kill primary", true), ("wb", "load run x for=1s", true),
        ("wb", "figure cache.keys", false),
    ])
    func `Lines that need the simulated world are known`(
        session: String, line: String, isRefused: Bool
    ) {
        #expect((RemoteHall.refusal(of: line, session: session) != nil) == isRefused)
    }
}
