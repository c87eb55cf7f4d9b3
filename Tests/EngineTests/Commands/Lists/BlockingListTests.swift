import Bytes
import Grammar
import Testing

@testable import Engine

@Suite("Lists that are waited for")
struct BlockingListTests {
    @Test("As redis-server replies", arguments: TranscriptScene.all(in: "Lists/Blocking.txt"))
    func transcripts(scene: TranscriptScene) { scene.play() }

    @Test("Each command takes what comes, in the order of coming")
    func served() {
        let node = TestNode()
        let sessions = (0..<5).map { _ in node.open() }
        node.send("BLPOP a b 0", from: sessions[0])
        node.send("BRPOP b a 0", from: sessions[1])
        node.send("BLMPOP 0 2 x a RIGHT COUNT 2", from: sessions[2])
        node.send("BLMOVE a c LEFT RIGHT 0", from: sessions[3])
        node.send("BLPOP c 0", from: sessions[4])
        #expect(node.unread == [])
        #expect(node.send("RPUSH a 1 2 3 4 5 6") == ":6\r\n")
        #expect(node.received(by: sessions[0]) == "*2\r\n$1\r\na\r\n$1\r\n1\r\n")
        #expect(node.received(by: sessions[1]) == "*2\r\n$1\r\na\r\n$1\r\n6\r\n")
        let several = node.received(by: sessions[2])
        #expect(several == "*2\r\n$1\r\na\r\n*2\r\n$1\r\n5\r\n$1\r\n4\r\n")
        #expect(node.received(by: sessions[3]) == "$1\r\n2\r\n")
        #expect(node.received(by: sessions[4]) == "*2\r\n$1\r\nc\r\n$1\r\n2\r\n")
        #expect(node.lines("LRANGE a 0 -1") == ["*1", "$1", "3"])
        #expect(node.send("EXISTS c") == ":0\r\n")
    }

    @Test("A list of another making serves too; another type does not")
    func otherMakings() {
        for line in ["RENAME l a", "COPY l a", "LMOVE l a LEFT LEFT"] {
            let node = TestNode(flavour: .valkey80)
            let waiting = node.open()
            node.send("HELLO 3", from: waiting)
            node.send("BLPOP a 0", from: waiting)
            node.send("SADD a 1")
            node.send("SET a text")
            node.send("DEL a")
            #expect(node.unread == [])
            node.send("RPUSH l v")
            node.send(line)
            #expect(node.received(by: waiting) == "*2\r\n$1\r\na\r\n$1\r\nv\r\n", "\(line)")
        }
    }

    @Test("Who waits in vain gets no array, also where one element was asked for")
    func timeouts() {
        let node = TestNode()
        for line in [
            "BLPOP a 0.1", "BRPOP a 0.1", "BLMOVE a b LEFT LEFT 0.1", "BRPOPLPUSH a b 0.1",
            "BLMPOP 0.1 1 a LEFT",
        ] {
            let waiting = node.open()
            node.send(line, from: waiting)
            node.advance(milliseconds: 100)
            node.tick()
            #expect(node.received(by: waiting) == "*-1\r\n", "\(line)")
        }
    }

    @Test("A target of the wrong type is told when the element comes, which stays")
    func wrongTarget() {
        let node = TestNode()
        let waiting = node.open()
        node.send("BLMOVE a b LEFT LEFT 0", from: waiting)
        node.send("SET b text")
        node.send("RPUSH a 1")
        #expect(node.received(by: waiting).hasPrefix("-WRONGTYPE"))
        #expect(node.send("LLEN a") == ":1\r\n")
    }
}

/// Several sessions push, take, wait, watch and let expire, on a clock that the test moves. Every
/// value is another, so that each can be followed: it must be in a list, or delivered once, or gone
/// with a key that was deleted or has expired. And nobody may wait while there is a list.
@Suite("Waiting, watching and expiry together")
struct WaitingModelTests {
    private final class Model {
        let node: TestNode
        var random: Random
        let consumers: [Int]
        let watcher: Int
        var pushed: Set<String> = []
        var taken: [String] = []
        var gone: Set<String> = []
        var next = 0

        init(_ flavour: Flavour, _ seed: UInt64) {
            node = TestNode(flavour: flavour)
            random = Random(seed: seed)
            let node = node
            consumers = (0..<4).map { _ in node.open() }
            watcher = node.open()
        }

        var key: String { "l\(random.next(below: 3))" }

        func values(_ reply: String) -> [String] {
            reply.split(separator: "\r\n").map(String.init).filter { $0.hasPrefix("v") }
        }

        func contents(_ key: String) -> [String] { values(node.send("LRANGE \(key) 0 -1")) }

        func fresh() -> String {
            next += 1
            return "v\(next)"
        }

        func push() {
            let new = (0...random.next(below: 3)).map { _ in fresh() }
            pushed.formUnion(new)
            let side = random.next(below: 2) == 0 ? "LPUSH" : "RPUSH"
            node.send("\(side) \(key) \(new.joined(separator: " "))")
        }

        func take() {
            let session = consumers[random.next(below: consumers.count)]
            if node.store.isWaiting(session: session) { return }
            let timeout = random.next(below: 3) == 0 ? "0.05" : "0"
            let (first, second) = (key, key)
            switch random.next(below: 5) {
            case 0: note(node.send("BLPOP \(first) \(second) \(timeout)", from: session))
            case 1: note(node.send("BRPOP \(first) \(timeout)", from: session))
            case 2:
                note(
                    node.send(
                        "BLMPOP \(timeout) 2 \(first) \(second) LEFT COUNT 2", from: session))
            case 3:
                // Moving delivers nothing for good: the value is in the other list.
                node.send("BLMOVE \(first) moved LEFT RIGHT \(timeout)", from: session)
            default: note(node.send("BLPOP moved \(timeout)", from: session))
            }
        }

        func note(_ reply: String) { taken += values(reply) }

        /// A transaction on a watched key: it must fail exactly when somebody came between.
        func transact() {
            let (key, value) = (key, fresh())
            node.send("WATCH \(key)", from: watcher)
            let isDisturbed = random.next(below: 2) == 0
            if isDisturbed {
                let other = fresh()
                pushed.insert(other)
                node.send("RPUSH \(key) \(other)")
                collect()
            }
            node.send("MULTI", from: watcher)
            node.send("RPUSH \(key) \(value)", from: watcher)
            let reply = node.send("EXEC", from: watcher)
            #expect((reply == "*-1\r\n") == isDisturbed)
            if !isDisturbed { pushed.insert(value) }
        }

        func remove() {
            let key = key
            gone.formUnion(contents(key))
            node.send("DEL \(key)")
        }

        func moveClock() {
            let keys = ["l0", "l1", "l2"]
            let before = keys.map { contents($0) }
            let mortal = keys.map { node.send("PTTL \($0)") != ":-1\r\n" }
            node.advance(milliseconds: Int64(random.next(below: 40)))
            node.tick()
            for (index, key) in keys.enumerated() where mortal[index] {
                if node.send("EXISTS \(key)") == ":0\r\n" { gone.formUnion(before[index]) }
            }
        }

        /// Notes what was delivered. Of replies to BLMOVE only a copy was: they have no key.
        func collect() {
            for session in consumers {
                let reply = node.received(by: session)
                if reply.hasPrefix("*2") { note(reply) }
            }
        }

        func check() {
            let kept = ["l0", "l1", "l2", "moved"].flatMap { contents($0) }
            let all = kept + taken + gone
            #expect(all.count == pushed.count)
            #expect(Set(all) == pushed)
            let waited = node.store.waiters.keys.filter { name in
                node.send("TYPE \(name.key.text)") != "+none\r\n"
            }
            #expect(waited.isEmpty, "somebody waits for a list that is there")
        }
    }

    @Test(
        "No wake-up is lost and nothing is delivered twice",
        arguments: [Flavour.redis70, .valkey80], [UInt64(1), 2, .random(in: 100...1 << 40)])
    func played(flavour: Flavour, seed: UInt64) {
        print("waiting, watching and expiry: \(flavour), seed \(seed)")
        let model = Model(flavour, seed)
        var steps = 0
        // Some seeds push little: they are played on until something has been taken often.
        while steps < 1500 || (model.taken.count <= 10 && steps < 100_000) {
            steps += 1
            switch model.random.next(below: 12) {
            case 0...2: model.push()
            case 3...7: model.take()
            case 8: model.transact()
            case 9: model.node.send("PEXPIRE \(model.key) \(1 + model.random.next(below: 60))")
            case 10: if model.random.next(below: 4) == 0 { model.remove() }
            default: model.moveClock()
            }
            model.collect()
            model.check()
        }
        #expect(model.taken.count > 10)
    }
}
