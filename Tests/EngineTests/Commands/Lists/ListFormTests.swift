import Bytes
import Grammar
import Structures
import Testing

@testable import Engine

@Suite("The forms of lists")
struct ListFormTests {
    private func form(_ node: TestNode) -> String { node.lines("OBJECT ENCODING l").last ?? "" }

    @Test("A list is small until a node is full, and again when half a node would do")
    func changingForms() {
        let node = TestNode(flavour: .redis72)
        node.send("CONFIG SET list-max-listpack-size 4")
        node.send("RPUSH l a b c d")
        #expect(form(node) == "listpack")
        node.send("RPUSH l e")
        #expect(form(node) == "quicklist")
        node.send("LPOP l 2")
        #expect(node.send("LLEN l") == ":3\r\n" && form(node) == "quicklist")
        // The last element has a node of its own, so the first node must go.
        node.send("LPOP l")
        #expect(form(node) == "quicklist")
        node.send("LPOP l")
        #expect(form(node) == "listpack")
        node.send("LINSERT l BEFORE nothing x")
        node.send("RPUSH l x y")
        node.send("LINSERT l BEFORE x w")
        #expect(form(node) == "listpack")
        node.send("LINSERT l BEFORE nothing x")
        #expect(form(node) == "quicklist")
        node.send("LTRIM l 0 1")
        #expect(form(node) == "listpack")
    }

    @Test("Long elements make a quicklist, and short ones in their place a listpack")
    func longElements() {
        let node = TestNode(flavour: .valkey80)
        let long = String(repeating: "x", count: 9000)
        node.send("RPUSH l a b c")
        #expect(form(node) == "listpack")
        node.send("LSET l 1 \(long)")
        #expect(form(node) == "quicklist")
        #expect(node.lines("LINDEX l 1").last == long)
        node.send("LSET l 1 b")
        #expect(form(node) == "listpack")
        node.send("LREM l 1 c")
        #expect(node.lines("LRANGE l 0 -1") == ["*2", "$1", "a", "$1", "b"])
        node.send("RPUSH l \(long)")
        node.send("LMOVE l l RIGHT LEFT")
        #expect(node.lines("LINDEX l 0").last == long)
        #expect(form(node) == "quicklist")
        node.send("LPOP l")
        #expect(form(node) == "listpack")
    }

    @Test("Flavour redis-7.0 calls every list a quicklist")
    func oldFlavour() {
        let node = TestNode(flavour: .redis70)
        node.send("RPUSH l a")
        #expect(form(node) == "quicklist")
        node.send("LTRIM l 0 0")
        #expect(form(node) == "quicklist")
    }

    @Test("The memory ledger is that of an empty store when all lists are gone")
    func ledger() {
        for flavour in Flavour.allCases {
            let node = TestNode(flavour: flavour)
            let before = node.store.ledger.entries
            let long = String(repeating: "y", count: 10_000)
            for number in 0..<300 {
                node.send("RPUSH l \(number) element:\(number) \(number % 50 == 0 ? long : "z")")
            }
            node.send("LSET l 20 \(long)")
            node.send("LINSERT l AFTER element:44 \(long)")
            node.send("LREM l 0 z")
            node.send("COPY l m")
            node.send("RENAME m n")
            #expect(node.lines("LRANGE l 0 -1") == node.lines("LRANGE n 0 -1"))
            #expect(node.store.ledger.entries > before + 40_000)
            while node.send("LPOP l 7") != "*-1\r\n" {}
            node.send("RPUSH n x")
            node.send("DEL n")
            #expect(node.store.ledger.entries == before)
        }
    }

    @Test("Lists are freed with their database, and with the store")
    func freeing() {
        let node = TestNode(flavour: .redis72)
        node.send("RPUSH l a b c")
        node.send("RPUSH m \(String(repeating: "x", count: 20_000))")
        node.send("FLUSHALL")
        node.tick()
        #expect(node.send("EXISTS l m") == ":0\r\n")
        node.send("RPUSH l a b c")
        node.send("SET l text")
        #expect(node.lines("GET l").last == "text")
    }
}
