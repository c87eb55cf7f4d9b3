/// One file of the repository as the rules see it: a path, its text, and, for Swift, its words.
public struct SourceFile: Sendable {
    /// The path from the top of the repository, with `/` between its parts.
    public let path: String
    /// The whole text.
    public let text: String
    /// The text, line by line, without the line ends.
    public let lines: [Substring]
    /// The words and marks of a Swift file outside its comments and string literals; empty for
    /// every other kind of file.
    public let tokens: [Token]
    /// The lines of a Swift file that begin inside a string literal.
    let literalLines: Set<Int>

    /// Reads `text` as the file at `path`; nothing is read from a disk.
    public init(path: String, text: String) {
        self.path = path
        self.text = text
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
        (tokens, literalLines) = path.hasSuffix(".swift") ? tokenize(text) : ([], [])
    }

    /// Whether this is a Swift file.
    public var isSwift: Bool { path.hasSuffix(".swift") }

    /// Whether this file is compiled or run: Swift, C or shell.
    public var isCode: Bool {
        isSwift || path.hasSuffix(".c") || path.hasSuffix(".h") || path.hasSuffix(".sh")
            || path.hasPrefix(".ci/")
    }

    /// Whether this file is part of the test suite.
    public var isTest: Bool { path.hasPrefix("Tests/") }

    /// The target a source file belongs to: `Engine` for `Sources/Engine/Store.swift`.
    public var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources" else { return nil }
        return String(parts[1])
    }
}

/// Something that a rule objects to.
public struct Finding: Equatable, Sendable, CustomStringConvertible {
    /// The path from the top of the repository.
    public var path: String
    /// The line, counted from one.
    public var line: Int
    /// What is wrong, and what the rule asks for.
    public var message: String

    /// A finding at `line` of the file at `path`.
    public init(_ path: String, _ line: Int, _ message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    /// The form that editors and terminals turn into a link.
    public var description: String { "\(path):\(line): \(message)" }
}
