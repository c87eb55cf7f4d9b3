import Bytes

/// Spoils requests: words that are missing, doubled, swapped, replaced or in the wrong place.
struct Mutation {
    /// Commands that take times. No mutant of them holds a number that would be a time near now,
    /// since then the two servers' clocks would decide.
    private static let timed: Set<String> = [
        "SET", "SETEX", "PSETEX", "GETEX", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT",
    ]

    static let words = [
        "NX", "XX", "GT", "LT", "GET", "EX", "PX", "EXAT", "PXAT", "KEEPTTL", "PERSIST", "LEN",
        "IDX", "WITHMATCHLEN", "MINMATCHLEN", "MATCH", "COUNT", "TYPE", "DB", "REPLACE", "ASYNC",
        "SYNC", "nx", "Xx", "get", "string", "*", "a*", "?", "[a-c]", "ID", "AUTH", "SETNAME",
        "ADDR", "LADDR", "WITHVALUES", "SKIPME", "yes", "USER", "default", "ON", "OFF", "HELP",
    ]

    static func mutate(_ words: [[UInt8]], _ dice: inout Dice) -> [[UInt8]] {
        var mutant = words
        for _ in 0..<(dice.once(in: 4) ? 2 : 1) { mutant = step(mutant, &dice) }
        return isSafe(mutant) ? mutant : words
    }

    private static func step(_ words: [[UInt8]], _ dice: inout Dice) -> [[UInt8]] {
        var mutant = words
        let place = dice.below(words.count)
        switch dice.below(10) {
        case 0 where words.count > 1: mutant.remove(at: place)
        case 1: mutant.insert(words[place], at: place)
        case 2: mutant.swapAt(place, dice.below(words.count))
        case 3 where place > 0: mutant[place] = Array(dice.pick(self.words).utf8)
        case 4: mutant.insert(Array(dice.pick(self.words).utf8), at: place + 1)
        case 5 where place > 0: mutant[place] = number(&dice)
        case 6: mutant.append(dice.value())
        case 7: mutant[place] = spoil(mutant[place], &dice)
        case 8: mutant[place] = turnCase(mutant[place], &dice)
        default: if place > 0 { mutant[place] = dice.key() }
        }
        return mutant
    }

    private static func number(_ dice: inout Dice) -> [UInt8] {
        let all = [Dice.integers, Dice.notIntegers, Dice.doubles, Dice.notDoubles]
        return Array(dice.pick(dice.pick(all)).utf8)
    }

    private static func spoil(_ word: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var word = word
        let byte = UInt8(truncatingIfNeeded: dice.random.next())
        guard !word.isEmpty else { return [byte] }
        let place = dice.below(word.count)
        switch dice.below(3) {
        case 0: word.remove(at: place)
        case 1: word.insert(byte, at: place)
        default: word[place] = byte
        }
        return word
    }

    private static func turnCase(_ word: [UInt8], _ dice: inout Dice) -> [UInt8] {
        word.map { byte in
            let isLetter = (65...90).contains(byte & 0xDF)
            return isLetter && dice.once(in: 2) ? byte ^ 0x20 : byte
        }
    }

    private static func isSafe(_ words: [[UInt8]]) -> Bool {
        guard let first = words.first else { return false }
        // A place far behind the end is legal, and takes half a gigabyte.
        let name = String(decoding: first, as: UTF8.self).uppercased()
        let numbers = words.dropFirst(2).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        if name == "SETRANGE" {
            return !numbers.contains { (3000..<536_870_912).contains($0) }
        }
        // So many random elements are legal too.
        if name.contains("RAND") {
            return !numbers.contains { $0 < -1000 }
        }
        guard timed.contains(name) else { return true }
        return !numbers.contains { (1..<10_000_000).contains($0) }
            && !numbers.contains { near.contains($0) }
    }

    /// Numbers that are times of our days in seconds or milliseconds.
    private static let near = 1_000_000_000...4_000_000_000
}
