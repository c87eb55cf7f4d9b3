import Bytes

// Names of keys as a tree: each `:` ends a prefix. The tree is bounded, however many keys there
// are: keys beyond the bound are counted in the prefixes above them and have no row of their own.

/// Keys by prefix.
public struct KeyTree: Equatable, Sendable {
    /// A prefix or a key.
    struct Node: Equatable, Sendable {
        /// Its whole name; of a prefix with its colon.
        var name: [UInt8]
        /// Where its own part of the name begins.
        var start: Int
        /// Prefixes and keys below it, by their part of the name and a byte that tells which.
        var children: [ByteString: Int] = [:]
        /// Keys at or below it.
        var keys = 0
        /// Bytes of these.
        var bytes = 0
        /// Keys below it that have no node.
        var hidden = 0
        /// The type of a key; empty for a prefix.
        var type = ""
        /// Milliseconds to live when it was seen; negative is for ever.
        var left = -1

        var isPrefix: Bool { type.isEmpty }
    }

    /// So many nodes are kept.
    static let limit = 20_000
    /// So many children of a prefix.
    static let childLimit = 500
    /// So many colons of a name count; the rest is one part.
    static let depthLimit = 12

    private(set) var nodes = [Node(name: [], start: 0)]

    /// A tree without keys.
    public init() {}

    /// The whole.
    var root: Node { nodes[0] }

    /// Adds a key. One that is there already is not counted again.
    mutating func add(_ key: SeenKey) {
        var path = [0]
        var start = 0
        var depth = 0
        let name = key.name
        while depth < Self.depthLimit,
            let colon = name[start...].firstIndex(of: UInt8(ascii: ":")), colon + 1 < name.count
        {
            guard let next = child(of: path[path.count - 1], name, start..<(colon + 1)) else {
                break
            }
            path.append(next)
            start = colon + 1
            depth += 1
        }
        let parent = path[path.count - 1]
        let isRest = name[start...].dropLast().contains(UInt8(ascii: ":"))
        if isRest, depth < Self.depthLimit {
            // There was no room for one of its prefixes.
            nodes[parent].hidden += 1
        } else {
            let before = nodes.count
            if let leaf = child(of: parent, name, start..<name.count, type: key.type) {
                if nodes.count == before { return }
                nodes[leaf].left = key.left
                path.append(leaf)
            } else {
                nodes[parent].hidden += 1
            }
        }
        for index in path {
            nodes[index].keys += 1
            nodes[index].bytes += key.bytes
        }
    }

    private mutating func child(
        of parent: Int, _ name: [UInt8], _ part: Range<Int>, type: String = ""
    ) -> Int? {
        // A key may be called like a prefix, such as `a:`.
        let segment = ByteString(name[part] + [type.isEmpty ? 1 : 0])
        if let known = nodes[parent].children[segment] { return known }
        guard nodes.count < Self.limit, nodes[parent].children.count < Self.childLimit else {
            return nil
        }
        nodes.append(Node(name: Array(name[..<part.upperBound]), start: part.lowerBound))
        nodes[nodes.count - 1].type = type
        nodes[parent].children[segment] = nodes.count - 1
        return nodes.count - 1
    }

    /// What siblings are ordered by.
    enum Order: String {
        case key, keys, bytes, type
    }

    /// A row of the tree as it is unfolded.
    struct Row: Equatable {
        var depth: Int
        var node: Int
        var isOpen: Bool
        /// True for the row that stands for the keys below the node that have none.
        var isRest = false
    }

    /// The rows from top to bottom: what is below a prefix only if it is open.
    func rows(open: Set<ByteString>, order: Order, reversed: Bool) -> [Row] {
        var rows: [Row] = []
        var stack = [(parent: 0, depth: 0, nodes: siblings(0, order, reversed)[...])]
        while var level = stack.popLast() {
            guard let index = level.nodes.popFirst() else {
                if nodes[level.parent].hidden > 0 {
                    rows.append(
                        Row(depth: level.depth, node: level.parent, isOpen: false, isRest: true))
                }
                continue
            }
            stack.append(level)
            let isOpen = nodes[index].isPrefix && open.contains(ByteString(nodes[index].name))
            rows.append(Row(depth: level.depth, node: index, isOpen: isOpen))
            if isOpen {
                stack.append((index, level.depth + 1, siblings(index, order, reversed)[...]))
            }
        }
        return rows
    }

    /// The keys whose whole name lets `passes` through, in the order of names.
    func leaves(_ passes: ([UInt8]) -> Bool) -> [Row] {
        nodes.indices.filter { !nodes[$0].isPrefix && $0 > 0 && passes(nodes[$0].name) }
            .sorted { nodes[$0].name.lexicographicallyPrecedes(nodes[$1].name) }
            .map { Row(depth: 0, node: $0, isOpen: false) }
    }

    private func siblings(_ parent: Int, _ order: Order, _ reversed: Bool) -> [Int] {
        let sorted = nodes[parent].children.values.sorted { left, right in
            let (a, b) = (nodes[left], nodes[right])
            switch order {
            case .keys where a.keys != b.keys: return a.keys > b.keys
            case .bytes where a.bytes != b.bytes: return a.bytes > b.bytes
            case .type where a.type != b.type: return a.type < b.type
            default:
                // Prefixes before keys, as folders before files.
                if a.isPrefix != b.isPrefix { return a.isPrefix }
                return a.name.lexicographicallyPrecedes(b.name)
            }
        }
        return reversed ? sorted.reversed() : sorted
    }

    /// The prefixes that take most, of the first level at which there are several.
    func heaviest(_ count: Int) -> [Node] {
        var parent = 0
        while nodes[parent].children.count == 1, nodes[parent].hidden == 0,
            let only = nodes[parent].children.values.first, nodes[only].isPrefix
        {
            parent = only
        }
        var rows = nodes[parent].children.values.map { nodes[$0] }.filter(\.isPrefix)
        rows.sort {
            $0.bytes == $1.bytes
                ? $0.name.lexicographicallyPrecedes($1.name)
                : $0.bytes > $1.bytes
        }
        // Where all keys begin alike and no colon parts them, that is what there is to tell.
        if rows.isEmpty, parent != 0 { return [nodes[parent]] }
        return Array(rows.prefix(count))
    }
}
