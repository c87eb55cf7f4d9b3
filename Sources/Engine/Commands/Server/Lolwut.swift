import Bytes
import Grammar
import Wire

// LOLWUT: a picture of a larder, drawn anew each time, and the version.

extension Administration {
    static let lolwut = Command<Store>(
        "LOLWUT", .server, [.readonly, .fast], since: "5.0.0",
        summary: "Draws something, and tells the version.", complexity: "",
        arguments: [.integer("version").after("VERSION").optional],
        examples: ["LOLWUT", "LOLWUT VERSION 5 40 3"], run: runLolwut)

    static func runLolwut(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        let flavour = store.settings.flavour
        var draws = flavour == .valkey80
        var numbers: [Int] = []
        if call.count >= 3, call[1].matches("VERSION") {
            for index in 2..<call.count {
                guard let number = call[index].canonicalInteger else { throw .notInteger }
                numbers.append(Int(number))
            }
            draws = draws || numbers[0] == 5 || numbers[0] == 6
            numbers.removeFirst()
        }
        var text: [UInt8] = []
        if draws {
            let width = min(max(numbers.first ?? 60, 1), 200)
            let shelves = min(max(numbers.dropFirst().first ?? 3, 1), 30)
            for _ in 0..<shelves { text += drawShelf(width, &store.random) }
            text.append(0x0A)
        }
        text += Array("\(flavour.productName) ver. \(flavour.version)\n".utf8)
        reply.verbatim(text)
    }

    /// A shelf with jars of different heights and contents, `width` columns wide.
    private static func drawShelf(_ width: Int, _ random: inout Random) -> [UInt8] {
        let height = 4
        var rows = [[UInt8]](repeating: [], count: height)
        while rows[0].count < width {
            let jar = 3 + random.next(below: 4)
            let tall = random.next(below: height)
            let filling = Array("o~.:*#%".utf8)[random.next(below: 7)]
            let level = random.next(below: height)
            for row in 0..<height {
                let line: [UInt8]
                if row < height - 1 - tall {
                    line = Array(repeating: 0x20, count: jar + 1)
                } else if row == height - 1 - tall {
                    line = [0x20] + Array(repeating: UInt8(ascii: "_"), count: jar - 1) + [0x20]
                } else {
                    let inside = row >= level ? filling : 0x20
                    line =
                        [UInt8(ascii: "|")] + Array(repeating: inside, count: jar - 1)
                        + [UInt8(ascii: "|")]
                }
                rows[row] += line + [0x20]
            }
        }
        var text: [UInt8] = []
        for row in rows { text += row.prefix(width) + [0x0A] }
        return text + Array(repeating: UInt8(ascii: "="), count: width) + [0x0A]
    }
}
