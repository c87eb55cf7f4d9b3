import Bytes
import Testing
import Wire

@testable import Grammar

@Suite struct DerivingTests {
    @Test(arguments: [
        ("SET", -3), ("MSET", -3), ("BLPOP", -3), ("ZADD", -4), ("ZUNION", -3), ("EVAL", -3),
        ("XREAD", -4), ("GEORADIUS", -6), ("LCS", 3), ("RENAME", 3), ("SORT", -2),
        ("HELLO", -1), ("PING", -1), ("QUIT", -1), ("OBJECT", -2), ("OBJECT ENCODING", 3),
    ])
    func arityFollowsFromTheArguments(name: String, arity: Int) throws {
        let spec = try #require(Samples.table.catalog.find(Samples.words(name)))
        #expect(spec.arity == arity)
    }

    @Test(arguments: [
        ("SET", 1, 1, 1, false), ("MSET", 1, -1, 2, false), ("BLPOP", 1, -2, 1, false),
        ("ZUNION", 0, 0, 0, true), ("XREAD", 0, 0, 0, true), ("GEORADIUS", 1, 1, 1, true),
        ("LCS", 1, 2, 1, false), ("RENAME", 1, 2, 1, false), ("SORT", 1, 1, 1, true),
        ("PING", 0, 0, 0, false), ("OBJECT ENCODING", 2, 2, 1, false),
    ])
    func theOlderAccountOfKeysFollowsToo(
        name: String, first: Int, last: Int, step: Int, isMovable: Bool
    ) throws {
        let spec = try #require(Samples.table.catalog.find(Samples.words(name)))
        let range = KeySpec.range(spec.keySpecs)
        #expect([range.first, range.last, range.step] == [first, last, step])
        #expect(KeySpec.areMovable(spec.keySpecs) == isMovable)
    }

    @Test func everyKindOfKeyPositionIsFound() {
        let read: KeyFlags = [.readOnly, .access]
        #expect(
            Samples.zunion.spec.keySpecs == [
                KeySpec(.index(1), .number(at: 0, first: 1, step: 1), read)
            ])
        #expect(
            Samples.xread.spec.keySpecs == [
                KeySpec(
                    .keyword("STREAMS", from: 1), .range(last: -1, step: 1, limit: 2), read)
            ])
        #expect(
            Samples.georadius.spec.keySpecs == [
                KeySpec(.index(1), .range(last: 0, step: 1, limit: 0), read),
                KeySpec(
                    .keyword("STORE", from: 6), .range(last: 0, step: 1, limit: 0),
                    [.overwrite, .update]),
            ])
        #expect(Samples.sort.spec.keyLayout.indexes == [0])
    }

    @Test(arguments: [
        ("SET a 1", "a OW update"), ("SET a GET", "a OW update"),
        ("SET a 1 get", "a RW access update"),
        ("MSET a 1 b 2", "a OW update, b OW update"),
        ("BLPOP a b 0", "a RW access delete, b RW access delete"),
        ("ZUNION 2 a b", "a RO access, b RO access"), ("ZUNION 3 a b", nil),
        ("ZUNION x a b", nil), ("ZUNION 0 a", nil), ("EVAL s 0", nil),
        ("EVAL s 1 a b", "a RW access update"),
        ("XREAD COUNT 1 STREAMS a b 1 2", "a RO access, b RO access"),
        ("GEORADIUS a 1 1 1 M", "a RO access"),
        ("GEORADIUS a 1 1 1 M store b", "a RO access, b OW update"),
        ("SORT a BY x", "a RO access"), ("LCS a b", "a RO access, b RO access"),
        ("PING a", nil),
    ])
    func theKeysOfARequestAreFound(line: String, expected: String?) throws {
        for prefix in [[], ["COMMAND", "GETKEYS"]] {
            let words = line.split(separator: " ").map(String.init)
            let list = ArgumentList(prefix + words)
            let place = Samples.table.find(Array(words[0].utf8).rawSpan)
            let number = try #require(place)
            let found = Samples.table.entries[number]
                .keys(of: list.arguments, from: prefix.count)
            let text = found?.map { key in
                let flags = KeyFlags.names.filter { key.flags.contains($0.0) }.map(\.1)
                return ([words[key.word]] + flags).joined(separator: " ")
            }.joined(separator: ", ")
            #expect(text == expected)
        }
    }

    @Test func aFlavourLacksWhatCameLater() {
        let old = CommandTable([Samples.object], flavour: .redis70)
        let new = CommandTable([Samples.object], flavour: .redis72)
        #expect(old.subcommands(of: 0).count == 1 && new.subcommands(of: 0).count == 2)
        let name = Array("object|newer".utf8)
        let places = [old.find(reported: name.rawSpan), new.find(reported: name.rawSpan)]
        #expect(places == [nil, 2])
        let spec = Samples.command(
            "X", [.string("a").since("7.2.0"), .string("b").only(.valkey80)]
        ).spec
        #expect(spec.adapted(to: .redis70).arity == 1)
        #expect(spec.adapted(to: .redis72).arity == 2)
        #expect(spec.adapted(to: .valkey80).arity == 3)
    }
}
