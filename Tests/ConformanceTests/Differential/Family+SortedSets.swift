import Grammar

// What stands in the requests of the family of sorted sets.

extension Family {
    /// Keys whose members all have the same score: only there a range of members means anything.
    private static let evenKeys: [[UInt8]] = ["even:1", "even:2"].map { Array($0.utf8) }

    /// What stands for an argument of a command of sorted sets; nil for the usual.
    static func scored(
        _ argument: Argument, _ command: String, _ dice: inout Dice
    ) -> [UInt8]? {
        switch argument.name {
        case "member": member(&dice)
        case "score", "increment", "weight":
            command.hasPrefix("Z") ? Array(score(&dice).utf8) : nil
        case "min", "max", "start", "stop": command.hasPrefix("Z") ? end(command, &dice) : nil
        case "count", "limit":
            command.hasPrefix("Z")
                ? Array(dice.pick(["1", "2", "3", "10", "1000", "0", "-1", "-3"]).utf8) : nil
        case "offset": Array(dice.pick(["0", "0", "1", "3", "20", "-1"]).utf8)
        default: nil
        }
    }

    /// Members that are often met again; few are long.
    private static func member(_ dice: inout Dice) -> [UInt8] {
        switch dice.below(20) {
        case 0: dice.value()
        case 1, 2: Array(dice.pick(Dice.integers).utf8)
        default: Array("m\(dice.below(60))".utf8)
        }
    }

    private static func score(_ dice: inout Dice) -> String {
        switch dice.below(10) {
        case 0: dice.pick(Dice.doubles)
        case 1: dice.pick(Dice.integers)
        case 2: dice.pick(["inf", "-inf", "+inf", "-0", "0x10", "1e3", ".5", "1e400", "nan"])
        case 3: "\(Double(dice.below(1000)) / 8)"
        default: String(dice.below(30) - 10)
        }
    }

    /// An end of a range of ranks, scores or members.
    private static func end(_ command: String, _ dice: inout Dice) -> [UInt8] {
        if command.contains("LEX") { return memberEnd(&dice) }
        if command.contains("SCORE") || command == "ZCOUNT" || dice.once(in: 3) {
            return Array(((dice.once(in: 3) ? "(" : "") + score(&dice)).utf8)
        }
        return Array((dice.once(in: 6) ? dice.pick(Dice.integers) : dice.smallInteger()).utf8)
    }

    private static func memberEnd(_ dice: inout Dice) -> [UInt8] {
        switch dice.below(8) {
        case 0: Array("-".utf8)
        case 1: Array("+".utf8)
        case 2: Array(dice.pick(["(", "[", "", "a", "++", "-\0", "m1", "[\0"]).utf8)
        default: Array(dice.pick(["(", "["]).utf8) + member(&dice)
        }
    }

    /// A ZADD of many members, some of them to a key where all have one score.
    static func manyScored(_ dice: inout Dice) -> [[UInt8]] {
        let isEven = dice.once(in: 2)
        var words = [Array("ZADD".utf8), isEven ? dice.pick(evenKeys) : dice.key()]
        for _ in 0...dice.below(50) {
            words.append(Array((isEven ? "3" : score(&dice)).utf8))
            words.append(
                dice.once(in: 3) ? Array("n\(dice.below(300))".utf8) : member(&dice))
        }
        return words
    }

    /// The request, on a key of even scores if it asks for a range of members.
    static func keepingOrdersApart(_ words: [[UInt8]], _ dice: inout Dice) -> [[UInt8]] {
        let names = words.map { String(decoding: $0, as: UTF8.self).uppercased() }
        let place = names[0] == "ZRANGESTORE" ? 2 : 1
        guard names[0].contains("LEX") || names.contains("BYLEX"), words.count > place else {
            return words
        }
        var words = words
        words[place] = dice.pick(evenKeys)
        return words
    }
}
