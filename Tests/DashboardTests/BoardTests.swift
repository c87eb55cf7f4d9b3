import Bytes
import Client
import Engine
import Server
import Terminal
import Testing

@testable import Dashboard

/// A member of a sorted set is followed wherever it stands.
@Suite struct BoardTests {
    private static let key = Array("lb".utf8)

    /// A board of `count` members m0, m1, … of which the higher numbers stand higher, read as the
    /// sampler reads it: the highest, and whoever is followed.
    private func sample(
        _ second: Int, _ scores: [String: Double], follows: String? = nil
    ) -> Sample {
        let ranked = scores.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
            .map { BoardRow(member: Array($0.key.utf8), score: $0.value) }
        var sample = Sample(
            instant: Int64(second) * 1000, wall: Int64(second) * 1000, interval: 1000)
        var board = BoardSample(
            key: Self.key, count: Double(ranked.count), rows: Array(ranked.prefix(5)))
        if let follows, board.place(of: Array(follows.utf8)) == nil {
            var found = FollowedMember(member: Array(follows.utf8))
            if let rank = ranked.firstIndex(where: { $0.member == Array(follows.utf8) }) {
                found.first = max(rank - 3, 0)
                found.rows = Array(ranked[found.first..<min(rank + 4, ranked.count)])
            }
            board.followed = found
        }
        sample.boards = [board]
        return sample
    }

    private func dashboard() -> Dashboard {
        var dashboard = Dashboard(Source(name: "x"))
        dashboard.perform("pin lb")
        return dashboard
    }

    private func tables(_ dashboard: Dashboard) -> [TableModel] {
        dashboard.view().board(0).blocks.compactMap { block in
            if case .table(let table) = block { table } else { nil }
        }
    }

    private func facts(_ dashboard: Dashboard) -> [String: String] {
        var found: [String: String] = [:]
        for case .facts(let facts) in dashboard.view().board(0).blocks {
            for fact in facts { found[fact.id] = fact.text }
        }
        return found
    }

    @Test func fFollowsTheChosenMemberAndEndsIt() {
        var dashboard = dashboard()
        dashboard.take(sample(1, ["ann": 3, "bob": 2, "cem": 1]))
        dashboard.press(.character("f"))
        #expect(dashboard.state.message?.contains("choose a member") == true)
        dashboard.press(.special(.down, []))
        dashboard.press(.special(.down, []))
        #expect(tables(dashboard)[0].chosen == 1 && dashboard.demand.members.isEmpty)
        dashboard.press(.character("f"))
        #expect(dashboard.demand.members == [ByteString(Self.key): Array("bob".utf8)])
        #expect(facts(dashboard)["followed"] == "bob" && facts(dashboard)["followed_rank"] == "#2")
        // It stays chosen when others come above it.
        dashboard.take(sample(2, ["ann": 3, "bob": 2, "cem": 1, "dot": 9]))
        #expect(tables(dashboard)[0].chosen == 2)
        // Somebody else may be looked at meanwhile; f then follows that one.
        dashboard.press(.special(.up, []))
        #expect(tables(dashboard)[0].chosen == 1 && facts(dashboard)["followed"] == "bob")
        dashboard.press(.special(.down, []))
        dashboard.press(.character("f"))
        #expect(dashboard.demand.members.isEmpty && facts(dashboard)["followed"] == nil)
        // The keys of screen 3 are not concerned.
        #expect(dashboard.state.key == nil && dashboard.state.screen == .boards)
    }

    /// Rank, movement and score agree with a model while everybody moves.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func theFollowedMemberAgreesWithAModel(seed: UInt64) {
        var dice = Seeded(seed)
        var dashboard = dashboard()
        dashboard.take(sample(0, [:]))
        dashboard.perform("follow m7")
        var scores: [String: Double] = [:]
        for member in 0..<40 { scores["m\(member)"] = Double(dice.dice(30)) }
        var past: [Int: (rank: Int, score: Double)] = [:]
        var wasOutside = false
        for second in 1...60 {
            for _ in 0..<6 {
                let name = "m\(dice.dice(40))"
                // m7 itself goes far up, and far down again.
                scores[name == "m8" ? "m7" : name, default: 0] += Double(dice.dice(9))
                if dice.dice(20) == 0 { scores["m7"] = Double(dice.dice(9)) }
            }
            dashboard.take(sample(second, scores, follows: "m7"))
            let ranked = scores.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
            guard let rank = ranked.firstIndex(where: { $0.key == "m7" }) else { continue }
            past[second] = (rank, ranked[rank].value)
            let now = facts(dashboard)
            #expect(now["followed_rank"] == "#\(rank + 1)", "seed \(seed), second \(second)")
            #expect(now["followed_score"] == View.score(ranked[rank].value))
            let moved = past[second - 10].map { $0.rank - rank }
            let glyphs = Glyphs(isUTF8: !dashboard.state.isASCII)
            let expected =
                moved.map {
                    $0 == 0 ? "=" : ($0 > 0 ? glyphs.up : glyphs.down) + "\($0.magnitude)"
                } ?? Amount.unknown
            #expect(now["followed_move"] == expected, "seed \(seed), second \(second)")
            let all = tables(dashboard)
            if rank >= 5 {
                wasOutside = true
                let chosen = all[0].chosen.map { all[0].rows[$0] }
                #expect(all.count == 2 && chosen?[2].text == "m7")
                #expect(chosen?[0].text == "\(rank + 1)")
            } else {
                #expect(all.count == 1 && all[0].chosen == rank)
            }
        }
        #expect(wasOutside)
    }

    @Test func whoIsNoMemberIsSaidToBeNone() {
        var dashboard = dashboard()
        dashboard.take(sample(1, ["ann": 3]))
        dashboard.perform("follow no body")
        #expect(facts(dashboard)["followed_state"] == "is being looked for")
        dashboard.take(sample(2, ["ann": 3], follows: "no body"))
        #expect(facts(dashboard)["followed"] == "no body")
        #expect(facts(dashboard)["followed_state"] == "is not in it")
        dashboard.take(sample(3, ["ann": 3, "no body": 4], follows: "no body"))
        #expect(facts(dashboard)["followed_rank"] == "#1")
    }

    @Test func thoseWhoLeftTheTopAreNamed() {
        var dashboard = dashboard()
        dashboard.take(sample(1, ["ann": 3, "bob": 2]))
        dashboard.take(sample(11, ["ann": 3, "cem": 1]))
        #expect(facts(dashboard)["left"] == "bob")
        #expect(tables(dashboard)[0].rows.map { $0[1].text }[1] == "new")
        dashboard.take(sample(22, ["ann": 3, "cem": 1]))
        #expect(facts(dashboard)["left"] == nil)
    }

    /// At a real reader: two more commands while the member is none of the highest, and none else.
    @Test func followingCostsTwoCommands() throws {
        let node = try HostedNode(settings: Settings(), seed: 7)
        let endpoint = Endpoint(.embedded, embedded: { node })
        for member in 0..<500 {
            _ = endpoint.call(["ZADD", "lb", "\(member)", "m\(member)"])
        }
        var sent: [String] = []
        let asker = Asker(endpoint, note: { text, _ in sent.append(text) })
        var demand = Demand()
        demand.boards = [Self.key]
        func read(_ member: String) throws -> BoardSample {
            demand.members = [ByteString(Self.key): Array(member.utf8)]
            sent = []
            var sample = Sample(instant: 0, wall: 0, interval: 1000)
            try asker.readBoards(demand, &sample)
            return try #require(sample.boards.first)
        }
        let far = try read("m99")
        #expect(sent.count == 4 && sent[2] == "ZREVRANK lb m99")
        #expect(sent[3] == "ZRANGE lb ~ REV WITHSCORES")
        #expect(far.place(of: Array("m99".utf8))?.rank == 400)
        #expect(
            far.followed?.rows.map { String(decoding: $0.member, as: UTF8.self) } == [
                "m102", "m101", "m100", "m99", "m98", "m97", "m96",
            ])
        let near = try read("m490")
        #expect(sent.count == 2 && near.place(of: Array("m490".utf8))?.rank == 9)
        let last = try read("m0")
        #expect(last.followed?.rows.count == 4 && last.place(of: Array("m0".utf8))?.rank == 499)
        let none = try read("nobody")
        #expect(sent.count == 3 && none.followed?.rows.isEmpty == true)
    }
}
