import Bytes
import Testing

@testable import Dashboard

/// Names of keys by prefix: what is counted where, and what is bounded.
@Suite struct KeyTreeTests {
    private func key(_ name: String, _ bytes: Int = 10) -> SeenKey {
        SeenKey(name: Array(name.utf8), type: "string", bytes: bytes)
    }

    private func tree(_ names: [String]) -> KeyTree {
        var tree = KeyTree()
        for name in names { tree.add(key(name)) }
        return tree
    }

    private func lines(
        _ tree: KeyTree, open: [String], _ order: KeyTree.Order = .key, reversed: Bool = false
    ) -> [String] {
        tree.rows(open: Set(open.map { ByteString($0) }), order: order, reversed: reversed)
            .map { row in
                let node = tree.nodes[row.node]
                let part = String(decoding: node.name[node.start...], as: UTF8.self)
                let indent = String(repeating: " ", count: row.depth)
                return row.isRest ? "\(indent)+\(node.hidden)" : "\(indent)\(part) \(node.keys)"
            }
    }

    @Test func prefixesComeBeforeKeys() {
        let tree = tree(["b", "user:1:cart", "user:2", "user:1:name", "a", "user:"])
        #expect(lines(tree, open: []) == ["user: 3", "a 1", "b 1", "user: 1"])
        #expect(
            lines(tree, open: ["user:", "user:1:"]) == [
                "user: 3", " 1: 2", "  cart 1", "  name 1", " 2 1", "a 1", "b 1", "user: 1",
            ])
        // What is folded above hides what is unfolded below.
        #expect(lines(tree, open: ["user:1:"]).count == 4)
    }

    @Test func siblingsAreSorted() {
        var tree = tree(["a:1", "a:2", "a:3", "b:1"])
        tree.add(key("b:2", 1000))
        #expect(lines(tree, open: [], .keys) == ["a: 3", "b: 2"])
        #expect(lines(tree, open: [], .bytes) == ["b: 2", "a: 3"])
        #expect(lines(tree, open: [], .bytes, reversed: true) == ["a: 3", "b: 2"])
    }

    @Test func aKeyIsCountedOnce() {
        let tree = tree(["a:1", "a:1", "a:1"])
        #expect(tree.root.keys == 1 && tree.root.bytes == 10)
    }

    @Test func manyChildrenAreCountedButNotKept() {
        var tree = KeyTree()
        for number in 0..<2000 { tree.add(key("p:\(number)")) }
        #expect(tree.root.keys == 2000)
        #expect(tree.nodes.count == KeyTree.childLimit + 2)
        #expect(lines(tree, open: ["p:"]).last == " +\(2000 - KeyTree.childLimit)")
        // Prefixes without number are bounded too, and so are deep names.
        for number in 0..<40_000 { tree.add(key("q\(number):x:y:z")) }
        tree.add(key(String(repeating: "d:", count: 400) + "e"))
        #expect(tree.nodes.count <= KeyTree.limit)
        #expect(tree.root.keys == 42_001)
    }

    /// Against a model that counts by comparing the beginnings of all names.
    @Test(arguments: [1, 2, 3] as [UInt64]) func countsAreThoseOfAModel(seed: UInt64) {
        var dice = Seeded(seed)
        var names: Set<String> = []
        var tree = KeyTree()
        for _ in 0..<400 {
            let name = (0...dice.dice(4)).map { _ in "abc".randomPart(dice.dice(3)) }
                .joined(separator: ":")
            if names.insert(name).inserted { tree.add(key(name, 3)) }
        }
        for node in tree.nodes where node.isPrefix {
            let prefix = String(decoding: node.name, as: UTF8.self)
            // A name that ends with the prefix itself is a key beside it.
            let below = names.count { $0.hasPrefix(prefix) && $0 != prefix }
            #expect(node.keys == below || prefix.isEmpty, "seed \(seed): \(prefix)")
            #expect(node.bytes == node.keys * 3)
        }
        #expect(tree.root.keys == names.count)
    }

    @Test func theHeaviestPrefixesAreFound() {
        var tree = tree(["shop:a:1", "shop:b:1"])
        tree.add(key("shop:b:2", 500))
        #expect(
            tree.heaviest(5).map { String(decoding: $0.name, as: UTF8.self) } == [
                "shop:b:", "shop:a:",
            ])
    }
}

extension String {
    fileprivate func randomPart(_ index: Int) -> String { String(Array(self)[index]) }
}
