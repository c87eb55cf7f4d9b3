/// The longest common subsequence of two strings, a row of 64 cells with one addition.
///
/// Let L(i, j) be the length for the first i bytes of `first` and the first j of `second`. Along a
/// row, L rises by 0 or 1 from cell to cell, so a row is a row of bits. Kept inverted (a 0 bit is
/// a rise), the next row follows from the one before, V, and from the mask M of the places where
/// `second` has the next byte of `first`:  V' = (V + (V & M)) | (V & ~M)  (Hyyrö, 2004). The
/// number of 0 bits in the last row is the length.
///
/// The way back through the table, from the last cell, needs no more than these bits. Where the
/// bytes are equal it goes up and left. Elsewhere L(i, j) is the larger of the cells above and to
/// the left, and the cell above is truly larger exactly where the row rises at j. So a table of
/// 134 million cells, the most that the default limit allows, takes 17 MB and some 10 ms.
struct CommonSubsequence {
    private let first: [UInt8]
    private let second: [UInt8]
    /// Words of a row, when one does not share its word with others.
    private let width: Int
    /// How many rows share a word, when the second string is short.
    private let rowsInWord: Int
    private var rows: [UInt64] = []
    /// The length of the subsequence.
    private(set) var length = 0

    /// Computes the length, and what the other questions need if `keepsRows`.
    init(_ first: [UInt8], _ second: [UInt8], keepsRows: Bool) {
        self.first = first
        self.second = second
        width = (second.count + 63) / 64
        rowsInWord = second.isEmpty ? 1 : max(1, 64 / second.count)
        if first.isEmpty || second.isEmpty { return }
        fill(keepsRows: keepsRows)
    }

    private mutating func fill(keepsRows: Bool) {
        let (places, masks) = maskTable()
        var row = [UInt64](repeating: .max, count: width)
        if keepsRows {
            rows.reserveCapacity(
                rowsInWord > 1 ? first.count / rowsInWord + 1 : first.count * width)
        }
        for (index, byte) in first.enumerated() {
            var carry: UInt64 = 0
            let start = places[Int(byte)] * width
            for word in 0..<width {
                let old = row[word]
                let mask = masks[start + word]
                let (half, overflow) = old.addingReportingOverflow(old & mask)
                let (sum, again) = half.addingReportingOverflow(carry)
                carry = overflow || again ? 1 : 0
                row[word] = sum | (old & ~mask)
            }
            if keepsRows { keep(row, index) }
        }
        length = row.reduce(0) { $0 + (~$1).nonzeroBitCount }
    }

    private mutating func keep(_ row: [UInt64], _ index: Int) {
        if rowsInWord == 1 { return rows.append(contentsOf: row) }
        let place = index % rowsInWord
        if place == 0 { rows.append(0) }
        let bits = row[0] & ((1 << UInt64(second.count)) - 1)
        rows[rows.count - 1] |= bits << UInt64(place * second.count)
    }

    /// For each byte that `first` has, where its mask is, and all masks one after the other.
    private func maskTable() -> (places: [Int], masks: [UInt64]) {
        var places = [Int](repeating: -1, count: 256)
        var count = 0
        for byte in first where places[Int(byte)] < 0 {
            places[Int(byte)] = count
            count += 1
        }
        var masks = [UInt64](repeating: 0, count: count * width)
        for (index, byte) in second.enumerated() where places[Int(byte)] >= 0 {
            masks[places[Int(byte)] * width + index / 64] |= 1 << UInt64(index % 64)
        }
        return (places, masks)
    }

    /// True when the row of the byte at `row` of `first` rises at `column`.
    private func rises(row: Int, column: Int) -> Bool {
        if rowsInWord == 1 {
            return rows[row * width + column / 64] & 1 << UInt64(column % 64) == 0
        }
        let bit = UInt64(row % rowsInWord * second.count + column)
        return rows[row / rowsInWord] & 1 << bit == 0
    }

    /// Calls `body` for each run of bytes that follow each other in both strings, with its place
    /// in either, from the last run to the first. Where several subsequences are longest, this
    /// takes the one that steps back in `second` rather than in `first`.
    func forEachRun(_ body: (Range<Int>, Range<Int>) -> Void) {
        var row = first.count - 1
        var column = second.count - 1
        while row >= 0 && column >= 0 {
            if first[row] != second[column] {
                if rises(row: row, column: column) { row -= 1 } else { column -= 1 }
                continue
            }
            let (lastRow, lastColumn) = (row, column)
            while row >= 0 && column >= 0 && first[row] == second[column] {
                row -= 1
                column -= 1
            }
            body(row + 1..<lastRow + 1, column + 1..<lastColumn + 1)
        }
    }

    /// The subsequence.
    var bytes: [UInt8] {
        var reversed: [UInt8] = []
        reversed.reserveCapacity(length)
        forEachRun { range, _ in reversed += first[range].reversed() }
        return reversed.reversed()
    }
}
