/// A place in a text file: line and column, both from 1; columns count code points.
public struct Place: Hashable, Comparable, Sendable {
    /// The line.
    public var line: Int
    /// The column.
    public var column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Earlier in the file.
    public static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// The place so many columns further on.
    func moved(_ columns: Int) -> Place { Place(line: line, column: column + columns) }
}
