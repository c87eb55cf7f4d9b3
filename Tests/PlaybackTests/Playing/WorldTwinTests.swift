import Bytes
import Client
import Engine
import Terminal
import Testing
import Wire

@testable import Playback

/// What a dashboard has of a lesson: a twin of its world, and a picture of how it stands.
@Suite struct WorldTwinTests {
    private static let lesson = """
        ## One

        ```redis
        > SET a 1
        OK
        > GET nothing
        (nil)
        ```

        ```yaml load #rush for=30s
        client: commands
        rate: 10rps
        command: INCR n
        ```

        ## Two

        Words of the **second** step.

        ```quiz #q before
        What is a?
        ( ) 1 -- no
        (x) 2
        ( ) 3
        => One more than it was.
        ? reply == 2
        ```

        ```redis
        > INCR a
        (integer) 2
        ```

        ```check
        cmd.calls("incr") == 1
        ```

        ```yaml exercise #e
        goal: Set done.
        check: [key("done").exists]
        hints: ["SET it."]
        solution: |
          > SET done 1
        on_skip: solve
        ```
        """

    private func player() throws -> Player {
        var options = PlayerOptions()
        options.isInstant = true
        return try Lessons.player(Self.lesson, options: options)
    }

    @Test func whoeverLooksLeavesTheLessonAsItWas() throws {
        let player = try player()
        player.press(.enter)
        let before = player.host.digest()
        let twin = try #require(WorldTwin(player))
        let moments = twin.follow(player)
        let last = try #require(moments.last)
        #expect(last.observation?.total.hits == 0 && last.observation?.total.misses == 1)
        #expect(last.observation?.databases.first?.keys == 2)
        // The lesson's own time: its beginning, each second of the load, and now.
        #expect(moments.first?.isBeginning == true && moments.first?.now == 0)
        #expect(moments.map { $0.now / 1_000_000_000 } == [0] + Array(1...30) + [30])
        #expect(moments[11].observation?.databases.first?.keys == 2)

        let endpoint = Endpoint(connecting: { twin.connect() })
        for line in [["SET", "b", "1"], ["GET", "a"], ["FLUSHALL"], ["INFO"]] {
            guard case .reply = endpoint.call(line) else {
                Issue.record("\(line) was not answered")
                continue
            }
        }
        #expect(endpoint.call(["DBSIZE"]) == .reply(.integer(0)))
        #expect(player.host.digest() == before)
        // Nothing has happened, so there is nothing to tell.
        #expect(twin.follow(player).isEmpty)
        endpoint.disconnect()
    }

    @Test func theTwinFollowsForwardAndBack() throws {
        let player = try player()
        let twin = try #require(WorldTwin(player))
        _ = twin.follow(player)
        player.press(.enter)
        let load = twin.follow(player)
        #expect(load.allSatisfy { !$0.isBeginning } && load.count >= 30)
        player.press(.character("p"))
        let back = twin.follow(player)
        #expect(back.first?.isBeginning == true)
        #expect(back.last?.now == player.host.now)
        #expect(back.last?.observation?.databases.first?.keys ?? 0 <= 1)
        while player.step < 2 { player.press(.character("n")) }
        #expect(twin.follow(player).last?.observation?.databases.first?.keys == 2)
    }

    @Test func messagesReachWhoeverListensAtTheTwin() throws {
        let player = try Lessons.player("## One\n\nWords.\n\n## Two\n\nMore.\n")
        let twin = try #require(WorldTwin(player))
        _ = twin.follow(player)
        let endpoint = Endpoint(connecting: { twin.connect() })
        var heard: [String] = []
        endpoint.onPush = { heard.append($0.elements?.last?.bytes?.text ?? "") }
        _ = endpoint.call(["HELLO", "3"])
        _ = endpoint.call(["PSUBSCRIBE", "*"])
        player.press(.character("t"))
        player.type("PUBLISH news hello")
        _ = twin.follow(player)
        endpoint.takePushes()
        #expect(heard == ["hello"])
    }

    @Test func thePictureTellsHowTheLessonStands() throws {
        let player = try player()
        player.press(.enter)
        #expect(player.picture.onward == "Enter: Two" || player.picture.step == 2)
        while player.step < 2 { player.perform(.run) }
        var picture = player.picture
        #expect(picture.heading == "Two" && picture.steps == 2)
        #expect(picture.prose == ["Words of the second step."])
        #expect(
            picture.prediction?.options == ["1", "2", "3"] && picture.prediction?.chosen == nil)
        #expect(picture.stepList.map(\.isDone) == [true, false])

        player.perform(.predict(1))
        player.perform(.run)
        picture = player.picture
        #expect(picture.prediction?.chosen == 1 && picture.prediction?.isRight == true)
        #expect(picture.checks.first?.state == .passed)
        #expect(picture.checks.first?.value == "1 measured")

        for _ in 0..<5 where player.exercise == nil { player.perform(.run) }
        picture = player.picture
        #expect(picture.checks.map(\.state) == [.open] && picture.hintsLeft == 1)
        player.perform(.hint)
        #expect(player.picture.hints == ["SET it."] && player.picture.hintsLeft == 0)
        player.perform(.run)
        #expect(player.picture.remark.contains("q goes there"))
        player.perform(.skip)
        #expect(player.exercise == nil && player.record.exercises["e"]?.isSkipped == true)
        player.perform(.back)
        #expect(player.step == 1)
    }

    /// What was done beside the dashboard is told on the screen of lines afterwards.
    @Test func whatHappenedMeanwhileIsTold() throws {
        let player = try player()
        _ = player.shown()
        player.perform(.run)
        player.perform(.next)
        let shown = player.shown()
        #expect(shown.contains("2/2 Two") && shown.contains("What is a?"))
    }

    @Test func timePassesBesideADashboardInLoadsAlone() throws {
        let player = try Lessons.player(
            """
            ## One

            ```redis
            > SET a 1
            OK
            ```

            ## Two

            ```yaml load #rush for=30s
            client: commands
            rate: 10rps
            command: INCR n
            ```
            """)
        #expect(!player.isWorldMoving)
        let before = player.host.now
        player.tickWorld(60_000)
        #expect(player.host.now == before && player.shown().contains("1/2 One"))
        player.press(.enter)
        player.press(.enter)
        #expect(player.isWorldMoving)
        player.tickWorld(100)
        #expect(player.host.now > before)
    }

    @Test func whereADashboardBegins() throws {
        func lines(_ front: String, _ body: String) throws -> [String] {
            let text = "---\ntitle: T\nid: t\nminutes: 1\n\(front)---\n# T\n\n" + body
            return try Lessons.player(text).dashboardStart
        }
        let plain = "## One\n\nWords.\n\n## Two\n\nMore.\n"
        #expect(try lines("dashboard: [cache.hit_ratio]\n", plain) == ["screen 1"])
        #expect(try lines("dashboard: [cache.keys]\n", plain) == ["screen 3"])
        let board = "## One\n\n```redis\n> ZADD b 1 x\n(integer) 1\n```\n"
        #expect(try lines("dashboard: [cache.ops]\n", board) == ["pin b"])
    }
}
