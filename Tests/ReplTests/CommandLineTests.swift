import Bytes
import Glibc
import Testing
import Wire

@testable import Repl

@Suite struct CommandLineTests {
    /// The words that redis-cli 7.0.15 makes of lines; see `Golden/lines.py`.
    @Test func splitsLinesAsRedisCli() throws {
        let table = try goldenLines()
        #expect(table.count >= 80)
        for (line, expected) in table {
            var list = ArgumentList()
            var words: [[UInt8]]?
            do throws(InlineSplitter.Failure) {
                try InlineSplitter.split(line.rawSpan, into: &list)
                words = (0..<list.count).map { list[$0] }
            } catch { words = nil }
            #expect(words == expected, "\(String(decoding: line, as: UTF8.self))")
        }
    }

    private func goldenLines(
        _ file: String = #filePath
    ) throws -> [(line: [UInt8], words: [[UInt8]]?)] {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let stream = try #require(fopen("/\(folder)/Golden/lines.txt", "r"))
        defer { fclose(stream) }
        var table: [(line: [UInt8], words: [[UInt8]]?)] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), stream) != nil {
            let row = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.dropLast()
            let fields = row.split(separator: 0x09, omittingEmptySubsequences: false)
            let words = fields.dropFirst().map { unescaped(Array($0)) }
            let isRefused = fields.count == 2 && Array(fields[1]) == Array("!".utf8)
            table.append((unescaped(Array(fields[0])), isRefused ? nil : words))
        }
        return table
    }

    private func unescaped(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            guard text[index] == 0x5C else {
                result.append(text[index])
                index += 1
                continue
            }
            switch text[index + 1] {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "x"):
                let (high, low) = (text[index + 2].hexDigitValue, text[index + 3].hexDigitValue)
                result.append((high ?? 0) << 4 | (low ?? 0))
                index += 2
            default: result.append(text[index + 1])
            }
            index += 2
        }
        return result
    }

    private func pieces(_ text: String, semicolons: Bool = false) -> [String] {
        CommandSplitter.split(Array(text.utf8), semicolons: semicolons).map {
            "\($0.line):" + String(decoding: $0.bytes, as: UTF8.self)
        }
    }

    @Test func cutsATextIntoCommands() {
        #expect(pieces("") == [])
        #expect(pieces("A") == ["1:A"])
        #expect(pieces("A\nB\n") == ["1:A", "2:B"])
        #expect(pieces("SET a 'x\ny'\nGET a") == ["1:SET a 'x\ny'", "3:GET a"])
        #expect(pieces("SET a \"x\\\"\ny\"\nB") == ["1:SET a \"x\\\"\ny\"", "3:B"])
        #expect(pieces("SET a '\\'\n'\nB") == ["1:SET a '\\'\n'", "3:B"])
        #expect(pieces("# it's\nB") == ["1:# it's", "2:B"])
        #expect(pieces("A; B;C") == ["1:A; B;C"])
        #expect(pieces("A; B;C; ;D;", semicolons: true) == ["1:A", "1: B;C", "1: ;D"])
        #expect(pieces("A '; ' ; B\nC", semicolons: true) == ["1:A '; ' ", "1: B", "2:C"])
    }

    @Test func showsWhereAQuoteIsWrong() {
        func complaint(_ line: String) -> String? {
            var list = ArgumentList()
            let bytes = Array(line.utf8)
            do throws(InlineSplitter.Failure) {
                try InlineSplitter.split(bytes.rawSpan, into: &list)
                return nil
            } catch { return QuotingComplaint(bytes, error).text }
        }
        #expect(complaint("SET a b") == nil)
        #expect(
            complaint("SET \"a\"b")
                == "SET \"a\"b\n       ^ after a closing quote comes a blank or the end\n")
        #expect(complaint("SET 'a b") == "SET 'a b\n    ^ this quote is not closed\n")
        #expect(
            complaint("GET 日本 'x'y")
                == "GET 日本 'x'y\n            ^ after a closing quote comes a blank or the end\n")
        #expect(
            complaint("SET a 'x\\'")
                == "SET a 'x\\'\n      ^ this quote is not closed: "
                + "inside '…' only \\' is an escape; use \"…\"\n")
        #expect(
            complaint("SET a '1\n2' \"b\"c")
                == "2' \"b\"c\n      ^ after a closing quote comes a blank or the end\n")
    }

    @Test func keepsSecretsOutOfTheHistoryFile() {
        let secret = [
            "AUTH pw", "auth ann pw", "3 AUTH pw", "HELLO 3 AUTH ann pw", "\"auth\" pw",
            "ACL SETUSER ann >pw", "acl getuser ann", "ACL DELUSER ann",
            "CONFIG SET requirepass pw", "config set maxmemory 1 masterauth pw",
            "CONFIG SET tls-key-file-pass x", "MIGRATE h 1 k 0 1 AUTH pw",
            "MIGRATE h 1 k 0 1 AUTH2 ann pw", "SENTINEL SET m auth-pass pw",
            "SENTINEL CONFIG SET sentinel-pass pw", "PING\nAUTH pw", "PING; AUTH pw",
            ":target redis://:pw@h", "AUTH 'open", "5 5 AUTH pw", ":assert AUTH pw == OK",
            ":explain HELLO 3 AUTH ann pw", "CONFIG SET requirepass \"open",
            "CONFIG SET primaryauth pw", "CONFIG SET primaryuser ann",
            "CONFIG SET masteruser ann", "CONFIG SET tls-client-key-file-pass x",
            "SENTINEL SET m auth-user ann", "SENTINEL CONFIG SET sentinel-user ann",
            "SET a 1; 3 auth pw", "AUTH <<END\npw\nEND", "5 CONFIG SET requirepass pw",
        ]
        for line in secret { #expect(Secrets.isSecret(line), "\(line)") }
        let open = [
            "GET auth", "SET auth 1", "ACL WHOAMI", "CONFIG GET requirepass",
            "CONFIG SET maxmemory 1", "HELLO 3", ":target redis://h", "SENTINEL MASTERS", "",
            "5 INCR c", "ECHO 'it",
        ]
        for line in open { #expect(!Secrets.isSecret(line), "\(line)") }
    }
}
