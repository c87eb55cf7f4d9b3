import Bytes
import Client
import Engine
import Server
import Terminal
import Testing

@testable import Dashboard

/// Errands at a real node: what is found out, what it costs, and what it leaves alone.
@Suite struct ErrandTests {
    private func node() throws -> HostedNode { try HostedNode(settings: Settings(), seed: 7) }

    private func endpoint(_ node: HostedNode) -> Endpoint {
        Endpoint(.embedded, embedded: { node })
    }

    /// A worker whose time stands still unless the test moves it.
    private final class Bench {
        var time: Int64 = 1000
        var findings: [Finding] = []
        var sent: [[[UInt8]]] = []
    }

    private func worker(_ node: HostedNode, _ bench: Bench, pace: Int = 200) -> ErrandWorker {
        ErrandWorker(
            endpoint(node), pace: pace, report: { bench.findings.append($0) },
            note: { words, _ in bench.sent.append(words) }, clock: { bench.time })
    }

    private func count(_ bench: Bench, _ name: String) -> Int {
        bench.sent.count { $0[0] == Array(name.utf8) }
    }

    @Test func aWalkSeesAllKeysWithinItsBudget() throws {
        let node = try node()
        let client = endpoint(node)
        for number in 0..<1000 { _ = client.call(["SET", "user:\(number)", "v", "EX", "1000"]) }
        let bench = Bench()
        let worker = worker(node, bench)
        var wanted = Errands()
        wanted.walks = true
        var found = Found()
        var perSecond: [Int64: Int] = [:]
        for _ in 0..<400 where found.whole == nil {
            let rest = worker.turn(wanted)
            for finding in bench.findings {
                if case .page(let page) = finding {
                    perSecond[bench.time / 1000, default: 0] += page.keys.count
                }
                found.take(finding)
            }
            bench.findings = []
            bench.time += Int64(try #require(rest))
        }
        #expect(found.whole?.seen == 1000 && found.whole?.isWhole == true)
        #expect(count(bench, "TYPE") == 1000 && count(bench, "MEMORY") == 1000)
        // A page may begin at the end of a second.
        #expect(perSecond.values.allSatisfy { $0 <= 200 + ErrandWorker.page * 2 })
        #expect(bench.time >= 1000 + 4500, "a thousand keys take five seconds")
        #expect(count(bench, "KEYS") == 0 && count(bench, "GET") == 0)
        worker.end()
    }

    @Test func aWalkGoesOnWhereItWas() throws {
        let node = try node()
        let client = endpoint(node)
        for number in 0..<300 { _ = client.call(["SET", "k\(number)", "v"]) }
        let bench = Bench()
        let worker = worker(node, bench)
        var wanted = Errands()
        wanted.walks = true
        _ = worker.turn(wanted)
        bench.time += 10_000
        // Nobody looks: nothing is sent.
        let before = bench.sent.count
        #expect(worker.turn(Errands()) == nil && bench.sent.count == before)
        for _ in 0..<20 {
            bench.time += 10_000
            _ = worker.turn(wanted)
            if case .page(let page)? = bench.findings.last, page.isLast { break }
        }
        let pages = bench.findings.compactMap { finding -> KeyPage? in
            if case .page(let page) = finding { page } else { nil }
        }
        #expect(pages.map(\.isFirst) == [true] + Array(repeating: false, count: pages.count - 1))
        #expect(pages.reduce(0) { $0 + $1.keys.count } == 300)
        // Another database is another walk.
        wanted.database = 3
        bench.time += 100_000
        _ = worker.turn(wanted)
        guard case .page(let empty)? = bench.findings.last else { return }
        #expect(empty.isFirst && empty.isLast && empty.keys.isEmpty)
        worker.end()
    }

    @Test func aKeyIsLookedAtWithoutBeingUsed() throws {
        let node = try node()
        let client = endpoint(node)
        _ = client.call(["CONFIG", "SET", "larder-departures", "100"])
        _ = client.call(["RPUSH", "list", "one", "two", "three", "four"])
        let bench = Bench()
        let worker = worker(node, bench)
        var wanted = Errands()
        wanted.key = Array("list".utf8)
        _ = worker.turn(wanted)
        guard case .look(_, let look?, _, _)? = bench.findings.last else {
            Issue.record("no look")
            return
        }
        #expect(look.type == "list" && look.count == 4 && look.left == -1)
        #expect(look.ends.map(\.label) == ["first", "last"])
        #expect(
            bench.sent.contains { $0.prefix(2) == [Array("CLIENT".utf8), Array("NO-TOUCH".utf8)] })
        // Nothing is asked again before its time.
        let before = bench.sent.count
        _ = worker.turn(wanted)
        #expect(bench.sent.count == before)
        _ = client.call(["DEL", "list"])
        bench.time += 1000
        _ = worker.turn(wanted)
        guard case .look(_, nil, let reason, _)? = bench.findings.last else {
            Issue.record("still there")
            return
        }
        #expect(reason == "deleted by DEL")
        worker.end()
    }

    @Test func aServerThatIsGoneIsSaid() {
        let bench = Bench()
        let gone = Endpoint(
            .remote(RemoteTarget(.unix(path: "/tmp/larder-nobody-listens-here"))),
            embedded: { throw Endpoint.Failure.cannotConnect("") })
        let worker = ErrandWorker(
            gone, pace: 200, report: { bench.findings.append($0) },
            note: { words, _ in bench.sent.append(words) }, clock: { bench.time })
        var wanted = Errands()
        wanted.walks = true
        _ = worker.turn(wanted)
        guard case .walkFailed(let reason)? = bench.findings.last else {
            Issue.record("nothing was said")
            return
        }
        #expect(reason.contains("could not connect"))
        // It is left alone for a while.
        let before = bench.sent.count
        _ = worker.turn(wanted)
        #expect(bench.sent.count == before)
    }

    // MARK: Messages

    private func findings(
        _ errands: KeyErrands, until isEnough: ([Finding]) -> Bool
    ) -> [Finding] {
        var found: [Finding] = []
        for _ in 0..<200 where !isEnough(found) {
            guard case .ready = Descriptor.wait(for: [errands.descriptor], milliseconds: 20_000)
            else { break }
            found += errands.take()
        }
        return found
    }

    @Test func messagesAreHeardAndSaid() throws {
        let node = try node()
        let made = KeyErrands(
            pace: 2000, connect: { Endpoint(.embedded, embedded: { node }) })
        let errands = try #require(made)
        defer { errands.stop() }
        errands.want(Errands())
        var wanted = Errands()
        wanted.pattern = Array("news:*".utf8)
        errands.want(wanted)
        let begun = findings(errands) { $0.contains(.listening(problem: nil)) }
        #expect(begun.contains(.listening(problem: nil)))
        let words = ["PUBLISH", "news:a", "hello  there"].map { Array($0.utf8) }
        errands.send(words, purpose: KeyErrands.asked)
        let heard = findings(errands) { all in
            all.contains { if case .messages = $0 { true } else { false } }
                && all.contains { if case .answer = $0 { true } else { false } }
        }
        var found = Found()
        for finding in begun + heard { found.take(finding) }
        #expect(found.tail.lines.map(\.text) == [words[2]] && found.tail.total == 1)
        #expect(found.posted.first?.answer == "1")
        // What was sent is told word for word.
        #expect(errands.log.contains { $0.text == "PUBLISH news:a hello  there" })
        #expect(errands.log.contains { $0.text == "PSUBSCRIBE news:*" })
    }
}
