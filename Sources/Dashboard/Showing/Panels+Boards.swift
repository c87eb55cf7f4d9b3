import Bytes
import Terminal

// Sorted sets as leaderboards: the highest members with their movement, and one member that is
// followed wherever it stands.

extension View {
    var board: PanelModel { board(0) }

    /// How far back movement is counted from, in milliseconds.
    static let movementSpan: Int64 = 10_000

    /// A sorted set, with the movement of its members over ten seconds.
    func board(_ index: Int) -> PanelModel {
        guard index < state.boards.count else {
            return PanelModel(
                .board, "Leaderboard",
                [
                    .prose(
                        """
                        No sorted set is watched. Type  :pin KEY  and its highest members stand \
                        here, with their movement.
                        """, .label)
                ])
        }
        let key = state.boards[index]
        let name = shown(key)
        guard let board = snapshot?.boards.first(where: { $0.key == key }) else {
            return PanelModel(.board, name, [.prose("not read yet", .label)])
        }
        guard let count = board.count else {
            return PanelModel(.board, name, [.prose("there is no sorted set of this name", .label)])
        }
        let before = history.snapshot(at: instant - Self.movementSpan)?.boards
            .first { $0.key == key }
        var table = boardTable(board.rows, from: 0, before, isWhole: true)
        let subjects = board.rows.map(\.member)
        let isShown = subjects.map { passes(shown($0)) }
        table.rows = zip(table.rows, isShown).filter(\.1).map(\.0)
        table.subjects = zip(subjects, isShown).filter(\.1).map(\.0)
        table.more = max(Int(count) - board.rows.count, 0)
        var blocks: [Block] = []
        let followed = state.followedMembers[ByteString(key)]
        let chosen = state.chosenMembers[ByteString(key)] ?? followed
        table.chosen = chosen.flatMap { table.subjects.firstIndex(of: $0) }
        if let followed { blocks = follow(followed, board, before) }
        blocks.append(.table(table))
        if let found = board.followed, found.member == followed, !found.rows.isEmpty {
            var around = boardTable(found.rows, from: found.first, before, isWhole: false)
            around.id = "around"
            around.chosen = found.rows.firstIndex { $0.member == found.member }
            // It was asked for by name, so it stands above those that nobody has asked for.
            blocks.insert(.table(around), at: blocks.count - 1)
        }
        if let left = left(board, before) { blocks.append(.facts([left])) }
        var panel = PanelModel(.board, name, blocks)
        tellFilter(&panel)
        panel.remark = "top \(board.rows.count) of \(Amount.count(count))"
        return panel
    }

    private func boardTable(
        _ members: [BoardRow], from first: Int, _ before: BoardSample?, isWhole: Bool
    ) -> TableModel {
        let moves = BoardMovement(
            before: before, after: members, first: first, isWhole: isWhole)
        let glyphs = Glyphs(isUTF8: !state.isASCII)
        let rows = members.enumerated().map { index, row in
            [
                TableCell(
                    Amount.grouped(Double(first + index + 1)), Double(first + index + 1)),
                TableCell(
                    moves.text(index, glyphs), Double(moves.steps[index] ?? 0),
                    role: moves.role(index)),
                TableCell(shown(row.member)),
                TableCell(Self.score(row.score), row.score),
                TableCell(moves.gain(index), moves.gains[index]),
            ]
        }
        return TableModel(
            id: "board",
            columns: [
                TableColumn("#", "rank", max(3, rows.last?[0].text.count ?? 0), priority: 8),
                TableColumn("move", "move", 4, left: true, priority: 7),
                TableColumn("member", "member", 10, left: true, grows: true, priority: 9),
                TableColumn("score", "score", 9, priority: 8),
                TableColumn("10s", "gain", 8, priority: 3),
            ], rows: rows, empty: "it is empty")
    }

    /// Those who stood among the highest and do not any more.
    private func left(_ board: BoardSample, _ before: BoardSample?) -> Fact? {
        let now = Set(board.rows.map { ByteString($0.member) })
        let gone = (before?.rows ?? []).map(\.member).filter { !now.contains(ByteString($0)) }
        guard !gone.isEmpty else { return nil }
        // Of a set that was read whole it is known that they are members no more.
        let wasWhole = before.map { $0.count == Double($0.rows.count) } ?? false
        let isWhole = board.count == Double(board.rows.count)
        let names = gone.prefix(3).map { CellText.cut(shown($0), to: 16) }
        let more = gone.count > 3 ? " and \(gone.count - 3) more" : ""
        return Fact(
            id: "left", label: wasWhole && isWhole ? "left in 10s" : "fell below the top in 10s",
            value: Double(gone.count),
            text: names.joined(separator: ", ") + more)
    }

    /// What there is to say of the member that is followed.
    private func follow(
        _ member: [UInt8], _ board: BoardSample, _ before: BoardSample?
    ) -> [Block] {
        let name = Fact(id: "followed", label: "follows", text: shown(member), role: .strong)
        guard let now = board.place(of: member) else {
            let isKnown = board.followed?.member == member
            let text = isKnown ? "is not in it" : "is being looked for"
            return [.facts([name, Fact(id: "followed_state", label: "", text: text)])]
        }
        let old = before?.place(of: member)
        let moves = BoardMovement(
            steps: old.map { $0.rank - now.rank }, gain: old.map { now.score - $0.score })
        return [
            .facts(
                [
                    name,
                    Fact(
                        id: "followed_rank", label: "", value: Double(now.rank + 1),
                        text: "#" + Amount.grouped(Double(now.rank + 1)), role: .strong),
                    Fact(
                        id: "followed_move", label: "10s",
                        value: old.map { Double($0.rank - now.rank) },
                        text: old == nil
                            ? Amount.unknown : moves.text(0, Glyphs(isUTF8: !state.isASCII)),
                        role: moves.role(0)),
                    Fact(
                        id: "followed_score", label: "score", value: now.score,
                        text: Self.score(now.score)),
                    Fact(
                        id: "followed_gain", label: "", value: old.map { now.score - $0.score },
                        text: old == nil ? "" : moves.gain(0)),
                ].filter { !$0.text.isEmpty })
        ]
    }

    static func score(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15
            ? Amount.grouped(value) : Amount.decimals(value, 2)
    }
}

/// How members of a board have moved between two readings.
struct BoardMovement: Equatable {
    /// Places gained by each member; nil when it was not seen before.
    var steps: [Int?]
    /// What its score has gained; nil when it was not seen before.
    var gains: [Double?]
    /// False where a member that was not read before may have stood there all the same.
    private let tellsNew: Bool

    /// The movement of members that stand in places from `first` on.
    ///
    /// - Parameter isWhole: true for the highest, among which one that was not read before is new.
    init(before: BoardSample?, after: [BoardRow], first: Int = 0, isWhole: Bool = true) {
        var places: [[UInt8]: (rank: Int, score: Double)] = [:]
        for (rank, row) in (before?.rows ?? []).enumerated() {
            places[row.member] = (rank, row.score)
        }
        if let followed = before?.followed {
            for (index, row) in followed.rows.enumerated() {
                places[row.member] = (followed.first + index, row.score)
            }
        }
        tellsNew = isWhole && before?.rows.isEmpty == false
        steps = after.enumerated().map { index, row in
            places[row.member].map { $0.rank - first - index }
        }
        gains = after.map { row in places[row.member].map { row.score - $0.score } }
    }

    /// The movement of a single member.
    init(steps: Int?, gain: Double?) {
        (self.steps, gains, tellsNew) = ([steps], [gain], false)
    }

    func text(_ index: Int, _ glyphs: Glyphs) -> String {
        guard let steps = steps[index] else { return tellsNew ? "new" : "" }
        if steps == 0 { return "=" }
        return (steps > 0 ? glyphs.up : glyphs.down) + String(steps.magnitude)
    }

    func role(_ index: Int) -> Role {
        guard let steps = steps[index] else { return tellsNew ? .good : .label }
        return steps > 0 ? .good : steps < 0 ? .warning : .label
    }

    func gain(_ index: Int) -> String {
        guard let gain = gains[index] else { return "" }
        return gain == 0 ? "0" : (gain > 0 ? "+" : "") + View.score(gain)
    }
}
