import Bytes

/// A word of a command in which some parts are filled in for each request.
struct WordTemplate {
    private enum Part {
        case text([UInt8])
        case key
        case name
        case number
        case range(Int, Int)
    }

    private var parts: [Part] = []

    init(_ word: String) {
        var rest = Substring(word)
        while let open = rest.firstIndex(of: "{"),
            let close = rest[open...].firstIndex(of: "}")
        {
            let inside = rest[rest.index(after: open)..<close]
            guard let part = WordTemplate.part(inside) else {
                append(rest[...open])
                rest = rest[rest.index(after: open)...]
                continue
            }
            append(rest[..<open])
            parts.append(part)
            rest = rest[rest.index(after: close)...]
        }
        append(rest)
    }

    private mutating func append(_ text: Substring) {
        if !text.isEmpty { parts.append(.text(Array(text.utf8))) }
    }

    private static func part(_ text: Substring) -> Part? {
        switch text {
        case "key": return .key
        case "name": return .name
        case "n": return .number
        default: break
        }
        if text.hasPrefix("bytes:"), let count = Int(text.dropFirst(6)), count >= 0 {
            return .text([UInt8](repeating: UInt8(ascii: "x"), count: min(count, 1 << 24)))
        }
        let bounds = text.split(separator: ".", omittingEmptySubsequences: false)
        guard bounds.count == 3, bounds[1].isEmpty, let low = Int(bounds[0]),
            let high = Int(bounds[2]), low <= high
        else { return nil }
        return .range(low, high)
    }

    func filled(key: Int, number: Int, _ dice: inout Random) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): bytes += text
            case .key: bytes += Array(String(key).utf8)
            case .name: bytes += Array(WordTemplate.name(key).utf8)
            case .number: bytes += Array(String(number).utf8)
            case .range(let low, let high):
                bytes += Array(String(low + dice.next(below: high - low + 1)).utf8)
            }
        }
        return bytes
    }

    /// The name that belongs to a number: thirty names, then the same with a number behind them.
    static func name(_ key: Int) -> String {
        let index = max(0, key - 1)
        let name = names[index % names.count]
        return index < names.count ? name : "\(name)\(index / names.count + 1)"
    }

    private static let names = [
        "ada", "linus", "grace", "edsger", "barbara", "donald", "alan", "margaret", "dennis",
        "frances", "ken", "radia", "tony", "hedy", "niklaus", "karen", "leslie", "sophie", "john",
        "mary", "claude", "jean", "vint", "lynn", "bjarne", "shafi", "robin", "adele", "peter",
        "anita",
    ]
}
