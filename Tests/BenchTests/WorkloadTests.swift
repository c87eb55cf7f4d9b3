import Testing

@testable import Bench

@Suite struct WorkloadTests {
    private func patched(_ template: RequestTemplate, _ numbers: [UInt64]) -> String {
        var bytes = template.bytes
        var span = bytes.mutableSpan
        for (hole, number) in zip(template.holes, numbers) {
            RequestTemplate.patch(&span, at: hole, with: number)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func templatesAreRequestsWithTwelveDigits() {
        let template = RequestTemplate(["GET", "key:{n}"])
        #expect(patched(template, [42]) == "*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000042\r\n")
        #expect(
            patched(template, [999_999_999_999]) == "*2\r\n$3\r\nGET\r\n$16\r\nkey:999999999999\r\n"
        )
    }

    @Test func batchesRepeatTheRequestAndItsHoles() {
        let one = RequestTemplate(["ZADD", "z", "{n}", "e:{n}"])
        let batch = one.repeated(3)
        #expect(batch.holes.count == 6)
        let text = patched(batch, [1, 2, 3, 4, 5, 6])
        #expect(text == patched(one, [1, 2]) + patched(one, [3, 4]) + patched(one, [5, 6]))
        #expect(one.repeated(1) == one)
    }

    @Test func everyTestHasAName() throws {
        #expect(Set(BenchTest.all.map(\.name)).count == BenchTest.all.count)
        #expect(try BenchTest.named(["GET", "mset"]).map(\.name) == ["get", "mset"])
        #expect(try BenchTest.named([]).contains { $0.name == "incr" })
        #expect(throws: BenchError.self) { try BenchTest.named(["walk"]) }
    }

    @Test func valuesHaveTheSizeThatWasAsked() throws {
        let test = try BenchTest.named(["set"])[0]
        let expected =
            "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000000\r\n$5\r\nxxxxx\r\n"
        #expect(String(decoding: test.template(dataSize: 5).bytes, as: UTF8.self) == expected)
        let mset = try BenchTest.named(["mset"])[0].template(dataSize: 3)
        #expect(mset.holes.count == 10)
        let inline = try BenchTest.named(["ping_inline"])[0].template(dataSize: 3)
        #expect(inline.bytes == Array("PING\r\n".utf8))
    }

    @Test func theSameSeedGivesTheSameKeysWithinTheBound() {
        var first = SeededNumbers(seed: 7)
        var second = SeededNumbers(seed: 7)
        var other = SeededNumbers(seed: 8)
        var seen = Set<UInt64>()
        var differs = false
        for _ in 0..<1000 {
            let number = first.next(below: 10)
            #expect(number == second.next(below: 10))
            #expect(number < 10)
            if other.next(below: 10) != number { differs = true }
            seen.insert(number)
        }
        #expect(seen.count == 10)
        #expect(differs)
    }

    @Test func keySequencesFillTheHolesOfABatch() {
        let batch = RequestTemplate(["GET", "{n}"]).repeated(3)
        var bytes = Array("before".utf8) + batch.bytes
        var upward = KeySequence(.sequential(from: 7))
        upward.patch(&bytes, from: 6, at: batch.holes[..<2])
        let text = String(decoding: bytes, as: UTF8.self)
        let lines: [Substring] = text.split(whereSeparator: \.isNewline)
        let numbers = lines.filter { $0.count == 12 }
        #expect(numbers == ["000000000007", "000000000008", "000000000000"])
        #expect(text.hasPrefix("before*2\r\n"))

        var random = KeySequence(.random(below: 1, seed: 3))
        random.patch(&bytes, from: 6, at: batch.holes[...])
        #expect(bytes == Array("before".utf8) + batch.bytes)
    }

    @Test func boardsAreFilledWithEachMemberOnce() {
        func numbers(_ words: [String], _ choice: KeyChoice) -> [String] {
            let batch = RequestTemplate(words).repeated(3)
            var bytes = batch.bytes
            var sequence = KeySequence(choice)
            sequence.patch(&bytes, at: batch.holes[...])
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
                .map(String.init).filter { $0.count >= 12 }
        }
        let filled = numbers(
            ["ZADD", "b", "{n}", "p:{n}"], .randomAndUpward(below: 1_000_000, seed: 5))
        #expect(
            filled.enumerated().filter { $0.offset % 2 == 1 }.map(\.element) == [
                "p:000000000000", "p:000000000001", "p:000000000002",
            ])
        #expect(Set(filled).count == 6)
    }

    @Test func addressesAreRead() throws {
        #expect(
            try BenchAddress(parsing: "redis://u:p@w@host:7000/3")
                == BenchAddress(
                    .tcp(host: "host", port: 7000), user: "u", password: "p@w", database: 3))
        #expect(
            try BenchAddress(parsing: "redis://:secret@[::1]/").password == "secret")
        #expect(
            try BenchAddress(parsing: "redis://[::1]:6380").place
                == .tcp(host: "::1", port: 6380))
        #expect(try BenchAddress(parsing: "unix:/tmp/x").place == .unix(path: "/tmp/x"))
        #expect(try BenchAddress(parsing: "unix:///tmp/x").place == .unix(path: "/tmp/x"))
        #expect(try BenchAddress(parsing: "/tmp/x").isUnix)
        #expect(
            try BenchAddress(parsing: "localhost:7").place == .tcp(host: "localhost", port: 7))
        for bad in ["redis://h:x", "unix:", "redis://u@h", "redis://h/x", "a b"] {
            #expect(throws: BenchError.self, "\(bad)") { try BenchAddress(parsing: bad) }
        }
    }
}
