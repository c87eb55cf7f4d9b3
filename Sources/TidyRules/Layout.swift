// Sizes and leftovers: what keeps a file readable in one sitting.

/// The widest line, in characters.
public let longestLine = 100
/// The longest function, in lines from its `func` to its closing brace.
public let longestFunction = 70
/// The longest file, in lines.
public let longestFile = 600

/// No line of code is wider than a page. Prose is wrapped by its reader, so Markdown is exempt.
package func lineLength(_ file: SourceFile) -> [Finding] {
    guard file.isCode else { return [] }
    var findings: [Finding] = []
    for (index, line) in file.lines.enumerated()
    where line.utf8.count > longestLine && line.count > longestLine {
        findings.append(
            Finding(
                file.path, index + 1,
                "the line has \(line.count) columns, more than \(longestLine)"))
    }
    return findings
}

/// No file is longer than can be read in one sitting. The pages of the command reference are
/// written from the declarations, and looked up rather than read.
package func fileLength(_ file: SourceFile) -> [Finding] {
    let isPage = file.path.hasSuffix(".md") && !file.path.contains(".docc/Reference/")
    guard file.isCode || isPage, file.lines.count > longestFile else {
        return []
    }
    return [
        Finding(
            file.path, longestFile + 1,
            "the file has \(file.lines.count) lines, more than \(longestFile)")
    ]
}

/// No function is longer than a screen. In a test the lines of a literal do not count: a
/// transcript is data, and reads best beside what is checked by it.
package func functionLength(_ file: SourceFile) -> [Finding] {
    functions(in: file).compactMap { function in
        var count = function.last - function.first + 1
        if file.isTest {
            count -= (function.first...function.last).count { file.literalLines.contains($0) }
        }
        guard count > longestFunction else { return nil }
        return Finding(
            file.path, function.first,
            "\(function.name) has \(count) lines, more than \(longestFunction)")
    }
}

/// A function with a body: its name and the lines it spans.
package struct FunctionSpan: Equatable {
    package var name: String
    package var first: Int
    package var last: Int
}

/// The functions, initialisers, deinitialisers, subscripts and computed properties with a body.
package func functions(in file: SourceFile) -> [FunctionSpan] {
    let tokens = file.tokens
    var spans: [FunctionSpan] = []
    for (index, token) in tokens.enumerated() {
        let before = index > 0 ? tokens[index - 1].text : ""
        let after = index + 1 < tokens.count ? tokens[index + 1].text : ""
        guard before != ".", before != "`" else { continue }
        let name: String
        switch token.text {
        case "func": name = after
        case "init" where ["(", "?", "!", "<"].contains(after): name = "init"
        case "subscript" where after == "(" || after == "<": name = "subscript"
        case "deinit" where after == "{": name = "deinit"
        case "var": name = after
        default: continue
        }
        guard let opening = bodyStart(after: index, in: tokens),
            let closing = closingBrace(from: opening, in: tokens)
        else { continue }
        spans.append(
            FunctionSpan(name: name, first: token.line, last: tokens[closing].line))
    }
    return spans
}

/// The index of the brace that opens the body of the declaration at `index`, if it has one: a
/// requirement of a protocol and a stored property have none.
private func bodyStart(after index: Int, in tokens: [Token]) -> Int? {
    let isVariable = tokens[index].text == "var"
    let starts = [
        "func", "var", "let", "init", "subscript", "deinit", "static", "case", "struct", "enum",
        "class", "protocol", "extension", "typealias", "associatedtype", "mutating", "return",
        "public", "private", "internal", "package", "fileprivate", "guard", "if", "for", "while",
    ]
    var depth = 0
    for next in (index + 1)..<tokens.count {
        switch tokens[next].text {
        case "(", "[": depth += 1
        case ")", "]":
            depth -= 1
            if depth < 0 { return nil }
        case "{" where depth == 0: return next
        case "}" where depth == 0: return nil
        case "=" where depth == 0 && isVariable: return nil
        case let word where depth == 0 && next > index + 1 && starts.contains(word): return nil
        default: break
        }
    }
    return nil
}

private func closingBrace(from opening: Int, in tokens: [Token]) -> Int? {
    var depth = 0
    for next in opening..<tokens.count {
        if tokens[next].text == "{" { depth += 1 }
        if tokens[next].text == "}" {
            depth -= 1
            if depth == 0 { return next }
        }
    }
    return nil
}

/// No promise of later work in the code, and no path of one person's machine.
package func markers(_ file: SourceFile) -> [Finding] {
    // Spelled in halves, or this file would be its own first finding.
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    let paths = ["/wo" + "rk/", "/tmp/" + "wt", "/ro" + "ot/"]
    var findings: [Finding] = []
    for word in words {
        for line in lines(of: file, containing: word, asWord: true) {
            findings.append(
                Finding(file.path, line, "a leftover marker, \(word): do it, or open an issue"))
        }
    }
    for path in paths {
        for line in lines(of: file, containing: path, asWord: false) {
            findings.append(Finding(file.path, line, "\(path) is a path of one machine"))
        }
    }
    return findings
}

/// The numbers of the lines that contain `needle`; as a word, not as a part of a longer one.
func lines(of file: SourceFile, containing needle: String, asWord: Bool) -> [Int] {
    // Most files contain none of the needles, and one look at the whole text says so.
    let pattern = Array(needle.utf8)
    guard occurs(pattern, in: Array(file.text.utf8), asWord: asWord) else { return [] }
    return file.lines.indices.filter {
        occurs(pattern, in: Array(file.lines[$0].utf8), asWord: asWord)
    }.map { $0 + 1 }
}

private func occurs(_ pattern: [UInt8], in bytes: [UInt8], asWord: Bool) -> Bool {
    func isLetter(_ index: Int) -> Bool {
        guard bytes.indices.contains(index) else { return false }
        let folded = bytes[index] | 0x20
        return folded >= UInt8(ascii: "a") && folded <= UInt8(ascii: "z")
    }
    var start = 0
    while start + pattern.count <= bytes.count {
        if bytes[start] == pattern[0],
            bytes[start..<(start + pattern.count)].elementsEqual(pattern),
            !asWord || (!isLetter(start - 1) && !isLetter(start + pattern.count))
        {
            return true
        }
        start += 1
    }
    return false
}

/// The README carries the two commands that newcomers and the gate run, each below its marker.
package func readmeCommands(_ file: SourceFile) -> [Finding] {
    guard file.path == "README.md" else { return [] }
    return ["<!-- start command -->", "<!-- test command -->"].compactMap { marker in
        let next = file.lines.firstIndex { $0 == marker }.map { $0 + 1 }
        if let next, next < file.lines.count, file.lines[next].hasPrefix("```") { return nil }
        return Finding(file.path, 1, "no fenced block follows a line \(marker)")
    }
}
