import Bytes
import Client
import Terminal
import Testing

@testable import Dashboard

/// Panels of keys and messages: what is chosen, unfolded, followed; and names that would like to
/// speak to the terminal.
@Suite struct KeyPanelTests {
    private func table(_ dashboard: Dashboard, _ id: PanelID) -> TableModel {
        for case .table(let table) in dashboard.view().panel(id).blocks { return table }
        return TableModel(id: "", columns: [], rows: [], empty: "")
    }

    private func names(_ dashboard: Dashboard, _ id: PanelID) -> [String] {
        table(dashboard, id).rows.map { $0[0].text }
    }

    @Test func aKeyIsChosenInTheTree() {
        var dashboard = Seeded.dashboard(5)
        dashboard.state.isASCII = true
        dashboard.perform("screen 3")
        #expect(
            names(dashboard, .browser).prefix(4) == [
                "+ odd:", "+ product:", "+ session:", "+ user:",
            ])
        #expect(dashboard.errands.walks && dashboard.errands.key == nil)
        dashboard.press(.special(.down, []))
        dashboard.press(.special(.down, []))
        // Enter unfolds a prefix instead of the panel.
        dashboard.press(.enter)
        #expect(!dashboard.state.isExpanded)
        let rows = names(dashboard, .browser)
        #expect(rows[1] == "- product:" && rows[2] == "    0")
        dashboard.press(.special(.down, []))
        #expect(dashboard.errands.key == Array("product:0".utf8))
        #expect(table(dashboard, .browser).chosen == 2)
        // On a key it is the panel that is unfolded.
        dashboard.press(.enter)
        #expect(dashboard.state.isExpanded)
        dashboard.press(.escape)
        dashboard.press(.special(.up, []))
        dashboard.press(.enter)
        #expect(names(dashboard, .browser).prefix(3) == ["+ odd:", "+ product:", "+ session:"])
        // What is chosen stays so when rows come in above it.
        #expect(table(dashboard, .browser).chosen == 1)
    }

    /// What follows from some of the keys is told as an estimate of all, and what from all exactly.
    @Test func aSampleIsAnEstimate() {
        func dashboard(_ total: Int, isLast: Bool) -> Dashboard {
            var dashboard = Dashboard(Source(name: "x"))
            dashboard.take(Sample(instant: 60_000, wall: 60_000, interval: 1000))
            dashboard.perform("screen 2")
            let keys = (0..<40).map { number in
                SeenKey(
                    name: Array("\(number < 30 ? "a" : "b"):\(number)".utf8), type: "string",
                    bytes: 100, left: number < 10 ? 5000 : -1)
            }
            let page = KeyPage(
                walk: 0, isFirst: true, isLast: isLast, keys: keys, total: total, wall: 57_000)
            dashboard.take(.page(page))
            return dashboard
        }
        let part = dashboard(4000, isLast: false)
        #expect(
            table(part, .prefixes).rows.map { $0.prefix(4).map(\.text) } == [
                ["a:", "~3.0k", "~293K", "~75.0%"], ["b:", "~1.0k", "~97.7K", "~25.0%"],
            ])
        #expect(table(part, .types).rows[0][1].text == "~4.0k")
        #expect(table(part, .lifetimes).rows.map { $0[1].text }.last == "~3.0k")
        #expect(table(part, .sizes).rows[1][1].text == "~4.0k")
        #expect(part.view().panel(.lifetimes).remark == "from 40 of 4.0k keys, 3s ago")
        #expect(part.view().panel(.prefixes).remark.hasPrefix("from 40 keys, +/-15"))
        let whole = dashboard(40, isLast: true)
        #expect(
            table(whole, .prefixes).rows[0].prefix(4).map(\.text) == ["a:", "30", "2.9K", "75.0%"])
        #expect(table(whole, .lifetimes).rows[0][1].text == "10")
        #expect(whole.view().panel(.sizes).remark == "a walk over 40 keys, 3s ago")
    }

    /// Where all keys begin alike, their common beginning is what there is to tell.
    @Test func oneCommonPrefixIsARow() {
        var tree = KeyTree()
        for number in 0..<9 {
            tree.add(SeenKey(name: Array("key:\(number)".utf8), type: "string", bytes: 10))
        }
        #expect(tree.heaviest(9).map { String(decoding: $0.name, as: UTF8.self) } == ["key:"])
    }

    @Test func theFilterFindsKeysInAllPrefixes() {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("screen 3")
        dashboard.perform("filter user:4:")
        #expect(names(dashboard, .browser).map { $0.drop { $0 == " " } } == ["user:4:cart"])
    }

    @Test func aFollowedKeyStays() {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("follow lb:daily")
        #expect(dashboard.state.screen == .keys)
        dashboard.perform("down")
        #expect(dashboard.errands.key == Array("lb:daily".utf8))
        var look = KeyLook(type: "zset")
        look.count = 3
        look.left = -1
        func take(_ look: KeyLook?, _ reason: String = "") {
            dashboard.take(
                Finding.look(key: Array("lb:daily".utf8), look, reason: reason, wall: 5000))
        }
        take(look)
        look.count = 5
        take(look)
        look.left = 60_000
        take(look)
        // Where looking at the value is a use of the key it is looked at once, which is no change.
        var brief = KeyLook(type: "zset")
        brief.left = 59_000
        take(brief)
        #expect(dashboard.found.look?.count == 5)
        take(nil, "evicted under allkeys-lru")
        let notes = dashboard.found.notes.map(\.text)
        #expect(
            notes == ["5 members (+2)", "expires in 1:00", "gone: evicted under allkeys-lru"])
        dashboard.perform("follow")
        #expect(!dashboard.state.isFollowing)
    }

    @Test func hotAndBigKeysChangePlaces() {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("screen 3")
        dashboard.perform("next")
        #expect(names(dashboard, .hotKeys).first == "product:1842")
        dashboard.press(.character("b"))
        #expect(table(dashboard, .hotKeys).id == "big_keys")
        dashboard.perform("down")
        #expect(dashboard.errands.key == Array("product:1842".utf8))
    }

    /// A server that counts nothing says so, and what would count it.
    @Test func whatIsNotKnownIsSaid() {
        var dashboard = Dashboard(Source(name: "x"))
        var sample = Sample(instant: 1000, wall: 1000, interval: 1000)
        sample.texts["maxmemory_policy"] = "allkeys-lru"
        dashboard.take(sample)
        dashboard.perform("screen 3")
        func text(_ id: PanelID) -> String {
            dashboard.view().panel(id).blocks.map { block in
                if case .prose(let text, _) = block { text } else { "" }
            }.joined(separator: " ")
        }
        #expect(text(.hotKeys).contains("Not available") && text(.hotKeys).contains("allkeys-lru"))
        #expect(text(.departures).contains("notify-keyspace-events"))
        #expect(!dashboard.errands.countsUse)
        sample.texts["maxmemory_policy"] = "allkeys-lfu"
        sample.instant = 2000
        dashboard.take(sample)
        #expect(dashboard.errands.countsUse)
        #expect(table(dashboard, .hotKeys).id == "hot_keys")
        // A walk that is a sample says how much it has seen.
        for finding in [Seeded.page(12, of: 4000)] { dashboard.take(finding) }
        #expect(dashboard.view().panel(.types).remark.hasPrefix("from 12 keys, +/-"))
        #expect(dashboard.view().panel(.browser).remark == "~ 12 of 4,000 keys")
        dashboard.take(Seeded.page(12, of: 12, isLast: true))
        #expect(dashboard.view().panel(.types).remark == "all 12 keys")
    }

    /// Nothing is found out that nobody looks at.
    @Test func errandsStopWhenNobodyLooks() {
        var dashboard = Seeded.dashboard(5)
        #expect(dashboard.errands == Errands())
        dashboard.perform("screen 2")
        #expect(dashboard.errands.walks)
        dashboard.perform("pause")
        #expect(!dashboard.errands.walks)
        dashboard.perform("pause")
        dashboard.perform("screen 6")
        // Nothing is listened to unless somebody asks for it.
        #expect(dashboard.errands == Errands())
        dashboard.perform("listen news:*")
        #expect(dashboard.errands.pattern == Array("news:*".utf8))
        dashboard.perform("unlisten")
        #expect(dashboard.errands == Errands())
    }

    @Test func aChannelIsFollowedAsItIsCalled() {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("follow what*[is]?")
        #expect(dashboard.state.screen == .keys)
        dashboard.perform("screen 6")
        dashboard.perform("follow what*[is]?")
        #expect(dashboard.errands.pattern == Array("what\\*\\[is\\]\\?".utf8))
        dashboard.perform("screen 6")
        dashboard.perform("down")
        #expect(dashboard.state.chosen[.pubsub] == Seeded.awkward[0])
        dashboard.press(.character("u"))
        #expect(dashboard.state.typing == ":publish plain ")
    }

    @Test func whatIsPublishedIsSentAsItWasTyped() {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("publish news  two  blanks ")
        #expect(
            dashboard.requests == [
                .send(["PUBLISH", "news", " two  blanks "].map { Array($0.utf8) })
            ])
        dashboard.requests = []
        dashboard.perform("publish news")
        #expect(dashboard.requests.isEmpty && dashboard.state.message != nil)
        var source = Source(name: "x")
        source.isReadOnly = true
        var readOnly = Dashboard(source)
        readOnly.perform("publish a b")
        #expect(readOnly.requests.isEmpty && readOnly.state.message?.contains("read only") == true)
    }

    /// Names, values and messages never reach the terminal as they are.
    @Test(arguments: [2, 3, 6]) func namesCannotSpeakToTheTerminal(screen: Int) {
        var dashboard = Seeded.dashboard(5)
        dashboard.perform("screen \(screen)")
        dashboard.state.unfolded = [ByteString("odd:")]
        dashboard.state.pattern = Seeded.awkward[1]
        dashboard.state.key = Seeded.awkward[2]
        var look = KeyLook(type: "set")
        look.ends = [
            KeyLook.End(
                label: "some",
                elements: Seeded.awkward.map {
                    KeyLook.Element(bytes: $0, isCut: true, partner: $0)
                })
        ]
        dashboard.take(Finding.look(key: Seeded.awkward[2], look, reason: "", wall: 1))
        for big in [false, true] {
            dashboard.state.showsBig = big
            for isUTF8 in [true, false] {
                let painter = FramePainter(depth: .many, isUTF8: isUTF8)
                let grid = painter.frame(dashboard.view(), rows: 60, columns: 200).grid
                let text = grid.lines.joined(separator: "\n").unicodeScalars
                #expect(
                    text.allSatisfy { scalar in
                        scalar == "\n"
                            || scalar.value >= 0x20 && !(0x7F...0x9F ~= scalar.value)
                                && !(0x202A...0x202E ~= scalar.value) && scalar.value != 0xFFFD
                    })
                #expect(grid.lines.contains { $0.contains("\\x1b]0;owned\\x07") }, "\(screen)")
            }
        }
    }
}

extension Seeded {
    /// A page of so many keys.
    static func page(_ count: Int, of total: Int, isLast: Bool = false) -> Finding {
        let keys = (0..<count).map {
            SeenKey(name: Array("k\($0)".utf8), type: "string", bytes: 70 + $0)
        }
        return .page(
            KeyPage(walk: 0, isFirst: true, isLast: isLast, keys: keys, total: total, wall: 9000))
    }
}
