import Bytes
import Testing

@testable import Engine

@Suite("The longest common subsequence")
struct CommonSubsequenceTests {
    /// The table in full, and the way back through it, as plainly as it can be written.
    private struct Table {
        var length: Int
        var runs: [[Int]] = []

        init(_ first: [UInt8], _ second: [UInt8]) {
            let width = second.count + 1
            var cells = [Int](repeating: 0, count: (first.count + 1) * width)
            for i in 0..<first.count {
                for j in 0..<second.count {
                    cells[(i + 1) * width + j + 1] =
                        first[i] == second[j]
                        ? cells[i * width + j] + 1
                        : max(cells[i * width + j + 1], cells[(i + 1) * width + j])
                }
            }
            length = cells[cells.count - 1]
            var (i, j, inRun) = (first.count, second.count, false)
            while i > 0 && j > 0 {
                if first[i - 1] == second[j - 1] {
                    if !inRun { runs.append([i, i, j, j]) }
                    (i, j, inRun) = (i - 1, j - 1, true)
                    runs[runs.count - 1][0] = i
                    runs[runs.count - 1][2] = j
                    continue
                }
                inRun = false
                if cells[(i - 1) * width + j] > cells[i * width + j - 1] {
                    i -= 1
                } else {
                    j -= 1
                }
            }
        }
    }

    @Test("Rows of bits say what the full table says", arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithTheTable(seed: UInt64) {
        var random = Random(seed: seed)
        // Around the widths at which rows share a word, fill one, or need several.
        let lengths = [0, 1, 2, 3, 7, 21, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200]
        for _ in 0..<60 {
            let letters = 1 + random.next(below: 5)
            let texts = (0..<2).map { _ in
                let length = lengths[random.next(below: lengths.count)]
                return (0..<length).map { _ in UInt8(97 + random.next(below: letters)) }
            }
            let table = Table(texts[0], texts[1])
            let common = CommonSubsequence(texts[0], texts[1], keepsRows: true)
            var runs: [[Int]] = []
            common.forEachRun { first, second in
                runs.append([
                    first.lowerBound, first.upperBound, second.lowerBound, second.upperBound,
                ])
            }
            #expect(common.length == table.length, "seed \(seed)")
            #expect(runs == table.runs, "seed \(seed)")
            #expect(common.bytes.count == table.length, "seed \(seed)")
            let short = CommonSubsequence(texts[0], texts[1], keepsRows: false)
            #expect(short.length == table.length, "seed \(seed)")
        }
    }
}
