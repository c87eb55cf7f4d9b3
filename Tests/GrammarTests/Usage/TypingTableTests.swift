import Bytes
import Glibc
import Testing

@testable import Grammar

/// What is shown while a line is typed: a table over every kind of argument, and what holds for
/// all lines.
@Suite struct TypingTableTests {
    private struct Row {
        var line: [ByteString]
        var hint: String?
        var next: [String]
    }

    private func rows(_ file: String = #filePath) throws -> [Row] {
        let folder = file.split(separator: "/").dropLast(2).joined(separator: "/")
        let stream = try #require(fopen("/\(folder)/Golden/typing.txt", "r"))
        defer { fclose(stream) }
        var rows: [Row] = []
        var buffer = [CChar](repeating: 0, count: 1024)
        while fgets(&buffer, Int32(buffer.count), stream) != nil {
            let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            if text.hasPrefix("#") { continue }
            let fields = text.split(separator: "=>", omittingEmptySubsequences: false)
                .map { String($0).trimmed }
            try #require(fields.count == 3, "\(text)")
            rows.append(
                Row(
                    line: Samples.words(fields[0]), hint: fields[1] == "-" ? nil : fields[1],
                    next: fields[2].split(separator: " ").map(String.init)))
        }
        return rows
    }

    @Test func hintsAndCompletionsAreThoseOfTheTable() throws {
        let catalog = Samples.table.catalog
        let rows = try rows()
        #expect(rows.count >= 150)
        for row in rows {
            let line = row.line.map(\.text).joined(separator: " ")
            let hint = Hinter(catalog).hint(after: row.line)
            #expect(hint == row.hint, "\(line)")
            let answer = Completer(catalog).complete(after: row.line, prefix: "")
            let next = answer.candidates.map(\.text) + (answer.takesKey ? ["<key>"] : [])
            #expect(next == row.next, "\(line)")
        }
    }

    /// Every beginning of a line that fits has a hint, whose brackets close, and each option word
    /// offered there may really stand there.
    @Test func linesThatFitAreNeverWithoutAHint() throws {
        let catalog = Samples.table.catalog
        var random = Random(seed: 20_261_123)
        for command in Samples.all where command.subcommands.isEmpty {
            for _ in 0..<40 {
                let line = CommandLineGenerator(command.spec).line(using: &random)
                for count in 1...line.count {
                    let words = Array(line.prefix(count))
                    let hint = try #require(Hinter(catalog).hint(after: words), "\(words)")
                    #expect(Self.isBalanced(hint), "\(words) \(hint)")
                    for next in Completer(catalog).complete(after: words, prefix: "").candidates {
                        let longer = words + [ByteString(next.text)]
                        #expect(Hinter(catalog).hint(after: longer) != nil, "\(longer)")
                    }
                    #expect(!catalog.roles(of: words).contains(.wrong), "\(words)")
                }
            }
        }
    }

    private static func isBalanced(_ text: String) -> Bool {
        var open: [Character] = []
        for character in text {
            switch character {
            case "[": open.append("]")
            case "<": open.append(">")
            case "]", ">": guard open.popLast() == character else { return false }
            default: break
            }
        }
        return open.isEmpty
    }

    @Test func aPrefixNarrowsInAnyCaseOfLetters() {
        let completer = Completer(Samples.table.catalog)
        func texts(_ line: String, _ prefix: String) -> [String] {
            completer.complete(after: Samples.words(line), prefix: prefix).candidates.map(\.text)
        }
        #expect(texts("", "s") == ["SET", "SORT"])
        #expect(texts("SET a 1", "eX") == ["EX", "EXAT"])
        #expect(texts("SET a 1", "k") == ["KEEPTTL"])
        #expect(texts("OBJECT", "en") == ["ENCODING"])
        #expect(texts("SET a 1", "ZZ").isEmpty)
    }

    @Test func valuesAreThoseHandedIn() {
        let completer = Completer(Samples.table.catalog) { spec, argument in
            spec.name == "SORT" && argument.name == "pattern" ? ["never"] : ["val1", "other"]
        }
        let answer = completer.complete(after: Samples.words("SET a"), prefix: "v")
        #expect(answer.candidates == [Completer.Candidate("val1", .value)])
        #expect(answer.group == .generic && !answer.takesKey)
        #expect(
            completer.complete(after: Samples.words("SORT a BY"), prefix: "").candidates.count == 1)
    }

    @Test func wordsHaveTheirRoles() {
        let catalog = Samples.table.catalog
        func roles(_ line: String) -> [WordRole] { catalog.roles(of: Samples.words(line)) }
        #expect(roles("set a v ex 5") == [.command, .key, .string, .token, .number])
        #expect(roles("OBJECT ENCODING a") == [.command, .subcommand, .key])
        #expect(roles("OBJECT NOPE a") == [.command, .wrong, .string])
        #expect(roles("NOPE a") == [.wrong, .string])
        #expect(roles("LCS a b c d") == [.command, .key, .key, .wrong, .string])
        #expect(roles("ZUNION 1 a AGGREGATE max") == [.command, .number, .key, .token, .token])
        #expect(roles("XREAD STREAMS a") == [.command, .token, .key])
        #expect(catalog.roles(of: []).isEmpty)
    }

    @Test func namesThatAreNearAreFound() {
        let catalog = Samples.table.catalog
        #expect(catalog.nearest(to: "mste") == ["MSET"])
        #expect(catalog.nearest(to: "PIGN") == ["PING"])
        #expect(catalog.nearest(to: "georadis") == ["GEORADIUS"])
        #expect(catalog.nearest(to: "completelydifferent").isEmpty)
    }
}

extension String {
    /// The text without blanks at its ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
