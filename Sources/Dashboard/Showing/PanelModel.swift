// What a panel says, before anybody decides where it stands: facts, bars, graphs, tables and
// sentences. The screen draws a panel into the room there is; `--plain`, `--json` and `--csv`
// print the same panel without any, so that all of them say the same.

/// A number or a word with its name.
public struct Fact: Equatable, Sendable {
    /// Its name for programs.
    public var id: String
    /// Its name for people; empty when the text says it all.
    public var label: String
    /// The number behind the text, where there is one.
    public var value: Double?
    /// What is shown.
    public var text: String
    /// What it is.
    public var role: Role = .text
    /// The figure that explains it.
    public var figure: FigureID?
}

/// A cell of a table.
public struct TableCell: Equatable, Sendable {
    /// What is shown.
    public var text: String
    /// The number behind it.
    public var value: Double?
    /// What it is.
    public var role: Role = .text
    /// A bar of this share instead of text.
    public var bar: Double?
    /// A little graph of these values instead of text, the newest last.
    public var spark: [Double]?

    init(
        _ text: String, _ value: Double? = nil, role: Role = .text, bar: Double? = nil,
        spark: [Double]? = nil
    ) {
        self.text = text
        self.value = value
        self.role = role
        self.bar = bar
        self.spark = spark
    }
}

/// A column of a table.
public struct TableColumn: Equatable, Sendable {
    /// Its name for people; the one for programs is in ``id``.
    public var title: String
    /// Its name for programs.
    public var id: String
    /// Columns of cells that it needs.
    public var width: Int
    /// Numbers stand to the right.
    public var isRight = true
    /// Its cells are names, of which the end is as good as the beginning.
    public var isName = false
    /// It takes what room is left.
    public var grows = false
    /// The lowest go first when there is no room.
    public var priority = 5

    init(
        _ title: String, _ id: String, _ width: Int, left: Bool = false, grows: Bool = false,
        priority: Int = 5, name: Bool = false
    ) {
        isName = name
        self.title = title
        self.id = id
        self.width = width
        isRight = !left
        self.grows = grows
        self.priority = priority
    }
}

/// Rows of the same kind.
public struct TableModel: Equatable, Sendable {
    /// What it is for programs.
    public var id: String
    /// The columns.
    public var columns: [TableColumn]
    /// The rows.
    public var rows: [[TableCell]]
    /// Which column the rows are sorted by.
    public var sorted: Int?
    /// What stands there when there are no rows.
    public var empty: String
    /// How many more there are that are not in the rows.
    public var more = 0
    /// What each row is about, where rows can be chosen.
    public var subjects: [[UInt8]] = []
    /// Which row is chosen.
    public var chosen: Int?
}

/// A graph of one figure over time.
public struct GraphModel: Equatable, Sendable {
    /// What is drawn.
    public var figure: FigureID
    /// Stands before the graph when there are several in a panel.
    public var label = ""
    /// The highest value; nil follows the data.
    public var top: Double?
    /// A second kind of graph.
    public var role = Role.graph
    /// Rows that it needs.
    public var least = 1
    /// Rows that it takes at most.
    public var most = 40
    /// How it shares what rows are left.
    public var weight = 3
}

/// Where the times of commands lie, over time.
public struct HeatModel: Equatable, Sendable {
    /// The shares of this moment, which is what stands in reports.
    public var table: TableModel
    /// Rows that it needs.
    public var least = 3
    /// Rows that it takes at most.
    public var most = 12
}

/// A part of a panel, from top to bottom.
public enum Block: Equatable, Sendable {
    /// A bar between what is used and what there is.
    case gauge(Fact, share: Double?, end: String, role: Role)
    /// Facts in a row, as many as fit.
    case facts([Fact])
    /// A graph.
    case graph(GraphModel)
    /// The times of commands.
    case heat(HeatModel)
    /// A table.
    case table(TableModel)
    /// Sentences, broken at the width.
    case prose(String, Role)
    /// The same to the right of a label.
    case entry(String, String, Role)
}

/// A panel.
public struct PanelModel: Equatable, Sendable {
    /// Its name for programs.
    public var id: PanelID
    /// Its name for people.
    public var title: String
    /// What stands to the right of the title.
    public var remark = ""
    /// The worst alert of its figures: a word, with its colour.
    public var tag: (word: String, role: Role)?
    /// What it shows.
    public var blocks: [Block]
    /// What `x` explains here, the most important first.
    public var figures: [FigureID] = []

    init(_ id: PanelID, _ title: String, _ blocks: [Block], figures: [FigureID] = []) {
        self.id = id
        self.title = title
        self.blocks = blocks
        self.figures = figures
    }

    /// Its tables, with those behind pictures.
    var tables: [TableModel] {
        blocks.compactMap { block in
            switch block {
            case .table(let table): table
            case .heat(let heat): heat.table
            default: nil
            }
        }
    }

    /// Panels are the same when they say the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.id == right.id && left.title == right.title && left.remark == right.remark
            && left.tag?.word == right.tag?.word && left.blocks == right.blocks
            && left.figures == right.figures
    }
}

/// The panels by name.
public enum PanelID: String, CaseIterable, Sendable {
    case memory, memoryParts, hitRate, commands, commandTable, latencies, removal, keyspace, board,
        pubsub
    case clients, slow, replication, persistence, events, alerts, lesson, lab
    case hotKeys, browser, inspector, types, prefixes, departures, lifetimes, sizes
    case tail, publish, lessonList
}
