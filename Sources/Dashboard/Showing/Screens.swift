// Which panels stand on which screen, and where, for every size. Panels stand in columns of equal
// width; a column that is too low for all its panels shows those that keys have gone to.

extension ScreenID {
    /// The panels of a screen in the order in which Tab goes through them, and the lesson.
    func panels(_ state: ViewState) -> [PanelID] {
        own(state) + (hasLesson(state) ? [.lesson] : [])
    }

    /// True when a lesson stands beside the panels.
    func hasLesson(_ state: ViewState) -> Bool {
        state.lesson != nil && state.lessonPlace != .hidden && self != .learn
    }

    private func own(_ state: ViewState) -> [PanelID] {
        switch self {
        case .overview:
            [
                .memory, .hitRate, .commands, .removal,
                state.knowsHotKeys ? .hotKeys : .keyspace, state.boards.isEmpty ? .clients : .board,
                .pubsub, .replication, .slow, .persistence, .events,
            ]
        case .memory:
            [.memory, .types, .prefixes, .departures, .memoryParts, .lifetimes, .sizes, .removal]
        case .keys: [.browser, .hotKeys, .inspector, .keyspace]
        case .commands: [.commandTable, .latencies, .slow, .clients]
        case .boards:
            Array(repeating: .board, count: max(min(state.boards.count, 4), 1))
        case .pubsub: [.pubsub, .tail, .publish]
        case .replication: [.replication, .persistence, .events]
        case .lab: [.lab]
        case .learn: [.lessonList, .lesson, .events]
        }
    }

    /// The columns of panels, by their places in ``panels(_:)``, for so many columns of cells.
    func columns(_ state: ViewState, width: Int) -> [[Int]] {
        let count = own(state).count
        let wide = width >= 150 ? 3 : width >= 80 ? 2 : 1
        switch self {
        case .overview where wide == 3: return [[0, 2, 4], [1, 3, 6], [5, 7, 9, 8, 10]]
        case .overview where wide == 2: return [[0, 2, 4, 6, 8], [1, 3, 5, 7, 9, 10]]
        case .memory where wide == 3: return [[0, 7, 4], [2, 3], [1, 5, 6]]
        case .memory where wide == 2: return [[0, 2, 4, 7], [1, 3, 5, 6]]
        case .keys where wide == 3: return [[0], [1, 3], [2]]
        case .keys where wide == 2: return [[0], [1, 2, 3]]
        case .pubsub where wide >= 2: return [[0, 2], [1]]
        case .commands where wide >= 2: return [[0, 1], [2, 3]]
        case .boards where wide >= 2:
            return count < 2 ? [[0]] : [[0, 2], [1, 3]].map { $0.filter { $0 < count } }
        case .learn where wide >= 2: return [[0, 2], [1]]
        case .replication where wide == 3: return [[0], [1], [2]]
        case .replication where wide == 2: return [[0, 2], [1]]
        default: break
        }
        return [Array(0..<count)]
    }
}

/// Where the panels of a frame stand.
struct PanelPlacement: Equatable {
    /// The place in the screen's list.
    var index: Int
    var area: Area
    /// Panels of its column that have no room, told below the last one that has.
    var hidden = 0
}

enum PanelLayout {
    /// The fewest rows of a panel that says something: a frame, a line of facts, a little graph.
    static let least = 6
    /// The rows of a panel that can be read at ease.
    static let ample = 8

    /// Shares an area among the panels of a screen.
    static func places(_ state: ViewState, _ area: Area) -> [PanelPlacement] {
        let panels = state.screen.panels(state)
        let focus = min(state.focus, panels.count - 1)
        if state.isExpanded || panels.count == 1 || area.columns < 80 || area.rows < 12 {
            return [PanelPlacement(index: focus, area: area)]
        }
        var area = area
        var result: [PanelPlacement] = []
        var cut = 0
        if state.screen.hasLesson(state) {
            let (lesson, side) = lessonArea(area, state.lessonPlace)
            result.append(PanelPlacement(index: panels.count - 1, area: lesson))
            switch side {
            case .right: area.columns -= lesson.columns
            case .bottom: area.rows -= lesson.rows
            default: cut = lesson.rows
            }
        }
        let columns = state.screen.columns(state, width: area.columns)
        var left = area.column
        for (number, indices) in columns.enumerated() {
            let share = area.columns / columns.count
            let width =
                number == columns.count - 1 ? area.column + area.columns - left : share
            let rows = area.rows - (number == columns.count - 1 ? cut : 0)
            let column = Area(row: area.row, column: left, rows: rows, columns: width)
            result += stack(indices, focus, column, panels)
            left += width
        }
        return result
    }

    /// Where the lesson stands, and what it takes its room from: to the right, below all panels,
    /// or in the lower right corner, where only the last column makes room.
    private static func lessonArea(
        _ area: Area, _ wanted: LessonPlace
    ) -> (area: Area, side: LessonPlace) {
        var place = area
        let fitting: LessonPlace =
            area.columns >= 150 ? .right : area.columns >= 100 ? .bottom : .fitting
        let side = wanted == .fitting ? fitting : wanted
        if side == .right {
            place.columns = area.columns >= 150 ? 48 : area.columns * 2 / 5
            place.column = area.end - place.columns
            return (place, side)
        }
        place.rows = min(max(area.rows / 3, 6), area.columns >= 100 ? 9 : 12)
        place.row = area.row + area.rows - place.rows
        if side == .fitting {
            place.columns = area.columns - area.columns / 2
            place.column = area.end - place.columns
        }
        return (place, side)
    }

    private static func stack(
        _ indices: [Int], _ focus: Int, _ area: Area, _ panels: [PanelID]
    ) -> [PanelPlacement] {
        // More than three only where each has room to be more than a line.
        let fitting = max(area.rows / ample, min(area.rows / least, 3), 1)
        var shown = Array(indices.prefix(fitting))
        // A panel that keys have gone to must be seen: those above it make room.
        if let place = indices.firstIndex(of: focus), place >= fitting {
            shown = Array(indices[(place - fitting + 1)...place])
        }
        let heights = shared(area.rows, shown.map { panels[$0] })
        var top = area.row
        return zip(shown, heights).map { index, height in
            defer { top += height }
            return PanelPlacement(
                index: index,
                area: Area(row: top, column: area.column, rows: height, columns: area.columns),
                hidden: index == shown.last ? indices.count - shown.count : 0)
        }
    }

    /// Shares rows among panels that stand below each other: each gets what it needs at least,
    /// then what it can use, and the last takes the rest.
    static func shared(_ rows: Int, _ panels: [PanelID]) -> [Int] {
        let wishes = panels.map(wish)
        var heights = wishes.map { min($0, least) }
        var left = rows - heights.reduce(0, +)
        while left > 0 {
            // Whoever is furthest from its wish grows first.
            let next = heights.indices.filter { heights[$0] < wishes[$0] }
                .min { heights[$0] * wishes[$1] < heights[$1] * wishes[$0] }
            guard let next else { break }
            heights[next] += 1
            left -= 1
        }
        let elastic = panels.indices.filter { growth(panels[$0]) > 0 }
        let takers = elastic.isEmpty ? Array(panels.indices) : elastic
        for (number, index) in takers.enumerated() {
            let part = left / (takers.count - number)
            heights[index] += part
            left -= part
        }
        return heights
    }

    /// The rows that a panel can fill, its frame included. It does not depend on what it holds
    /// just now, so that nothing jumps when a table gets a row.
    private static func wish(_ panel: PanelID) -> Int {
        switch panel {
        case .memory, .hitRate: 10
        case .commands: 15
        case .removal: 11
        case .memoryParts: 16
        case .persistence: 5
        case .replication, .pubsub: 8
        case .keyspace, .slow, .clients: 9
        case .commandTable, .latencies, .events, .board, .alerts: 12
        case .lesson, .lab: 8
        case .publish: 6
        case .lessonList: 14
        case .types, .departures, .inspector: 10
        case .lifetimes, .sizes: 11
        case .hotKeys, .prefixes, .browser, .tail: 14
        }
    }

    /// Whether more rows than that are of use.
    private static func growth(_ panel: PanelID) -> Int {
        switch panel {
        case .persistence, .replication, .lesson, .lab, .slow, .clients, .keyspace, .types,
            .lifetimes, .sizes, .publish:
            0
        default: 1
        }
    }
}
