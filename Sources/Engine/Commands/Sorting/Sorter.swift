import Bytes
import Grammar
import Structures

// How SORT orders and looks up. Weights are read as C's `strtod` reads them. Texts are compared
// by bytes, as in the C locale, up to their first NUL; but whole when the result is stored.
// Elements of equal weight are ordered by their texts, and else stay in the order they had.

enum Sorter {
    /// An element with what it is sorted by.
    private struct Item {
        let text: [UInt8]
        let place: Int
        var weight = 0.0
        /// The text to compare; nil when there is no such key.
        var label: [UInt8]?
    }

    // MARK: Elements

    /// The elements to sort; or, where they are not to be sorted, those that are asked for, in
    /// their order.
    static func elements(
        of entry: Entry, _ options: inout SortOptions
    ) throws(CommandError) -> [[UInt8]] {
        switch entry.type {
        case .list: return elements(of: try Store.object(of: entry, as: ListObject.self), options)
        case .set:
            options.giveOrderToSet()
            return elements(of: try Store.object(of: entry, as: SetObject.self), options)
        case .sortedSet:
            return elements(of: try Store.object(of: entry, as: SortedSetObject.self), options)
        case .string, .hash, .stream: throw .wrongType
        }
    }

    private static func elements(of list: ListObject, _ options: SortOptions) -> [[UInt8]] {
        let span = span(list.count, options)
        var elements: [[UInt8]] = []
        elements.reserveCapacity(span.count)
        list.forEach(from: span.first, count: span.count, reversed: span.reversed) {
            elements.append($0.copied())
            return true
        }
        return elements
    }

    private static func elements(of set: SetObject, _ options: SortOptions) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        elements.reserveCapacity(set.count)
        set.forEach { elements.append($0.copied()) }
        return options.isUnsorted ? Array(elements[options.slice(of: elements.count)]) : elements
    }

    private static func elements(of set: SortedSetObject, _ options: SortOptions) -> [[UInt8]] {
        let span = span(set.count, options)
        var elements: [[UInt8]] = []
        elements.reserveCapacity(span.count)
        set.forEach(from: span.first, count: span.count, reversed: span.reversed) { member, _ in
            elements.append(member.copied())
        }
        return elements
    }

    /// What to read of so many ordered elements.
    private static func span(
        _ length: Int, _ options: SortOptions
    ) -> (first: Int, count: Int, reversed: Bool) {
        guard options.isUnsorted else { return (0, length, false) }
        let slice = options.slice(of: length)
        let first = options.isDescending ? length - 1 - slice.lowerBound : slice.lowerBound
        return (first, slice.count, options.isDescending)
    }

    // MARK: Order

    /// The elements in order.
    /// - Parameter pattern: names the keys to sort by; nil sorts by the elements themselves.
    static func sorted(
        _ elements: [[UInt8]], _ options: SortOptions, by pattern: [UInt8]?, _ store: inout Store
    ) throws(CommandError) -> [[UInt8]] {
        var items: [Item] = []
        items.reserveCapacity(elements.count)
        var isNumber = true
        for (place, text) in elements.enumerated() {
            var item = Item(text: text, place: place)
            let label = pattern.map { value($0, text, &store) } ?? text
            if options.isAlphabetic {
                item.label = label
            } else if let label {
                guard let weight = Doubles.parseWeight(label.rawSpan) else {
                    isNumber = false
                    continue
                }
                item.weight = weight
            }
            items.append(item)
        }
        guard isNumber else { throw .notWeights }
        let isWhole = options.target != nil
        items.sort { left, right in
            let order =
                options.isAlphabetic
                ? compare(left.label, right.label, isWhole: isWhole)
                : compare(left, right)
            if order == 0 { return left.place < right.place }
            return options.isDescending ? order > 0 : order < 0
        }
        return items.map(\.text)
    }

    private static func compare(_ left: Item, _ right: Item) -> Int {
        if left.weight != right.weight { return left.weight < right.weight ? -1 : 1 }
        return left.text.rawSpan.compare(right.text.rawSpan)
    }

    private static func compare(_ left: [UInt8]?, _ right: [UInt8]?, isWhole: Bool) -> Int {
        guard let left, let right else {
            return left == nil ? (right == nil ? 0 : -1) : 1
        }
        let (first, second) = (left.rawSpan, right.rawSpan)
        if isWhole { return first.compare(second) }
        let (firstEnd, secondEnd) = (first.firstIndex(of: 0), second.firstIndex(of: 0))
        return first.extracting(0..<(firstEnd ?? first.byteCount))
            .compare(second.extracting(0..<(secondEnd ?? second.byteCount)))
    }

    // MARK: Patterns

    /// The place of the star that an element stands for, or nil when a pattern has none. A NUL
    /// ends the search.
    static func star(_ pattern: RawSpan) -> Int? {
        guard let star = pattern.firstIndex(of: 0x2A) else { return nil }
        if let end = pattern.firstIndex(of: 0), end < star { return nil }
        return star
    }

    /// What a pattern stands for with an element: the element itself for `#`, else the string
    /// under the key with the element in the place of the star, or the field of a hash that is
    /// named behind `->`. Nil when there is none.
    static func value(_ pattern: [UInt8], _ element: [UInt8], _ store: inout Store) -> [UInt8]? {
        if pattern == [0x23] { return element }
        guard let star = star(pattern.rawSpan) else { return nil }
        var end = pattern.count
        var field: [UInt8]?
        if let arrow = arrow(pattern, behind: star), arrow + 2 < pattern.count {
            end = arrow
            field = Array(pattern[(arrow + 2)...])
        }
        let key = pattern[..<star] + element + pattern[(star + 1)..<end]
        guard let found = store.find(Array(key).rawSpan, .read) else { return nil }
        guard let field else { return found.entry.isString ? found.entry.stringBytes : nil }
        guard let hash = try? Store.object(of: found.entry, as: HashObject.self) else {
            return nil
        }
        return hash.withValue(of: field.rawSpan) { $0?.copied() }
    }

    /// Where the arrow before a field is.
    private static func arrow(_ pattern: [UInt8], behind star: Int) -> Int? {
        var place = star + 1
        while place + 1 < pattern.count, pattern[place] != 0 {
            if pattern[place] == 0x2D && pattern[place + 1] == 0x3E { return place }
            place += 1
        }
        return nil
    }
}
