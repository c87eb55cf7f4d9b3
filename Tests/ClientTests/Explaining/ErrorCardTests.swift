import Bytes
import Engine
import Foundation
import Grammar
import Testing

@testable import Client

@Suite("Cards that explain errors")
struct ErrorCardTests {
    @Test func everyCodeHasOneCard() {
        let codes = ErrorCards.all.filter { $0.words.isEmpty }.map(\.code)
        #expect(Set(codes).count == codes.count && codes.count >= 26)
        for card in ErrorCards.all {
            #expect(codes.contains(card.code), "\(card.code)")
            #expect(card.text.hasSuffix("."), "\(card.text)")
            #expect(card.text.count < 240 && !card.text.contains("\n"))
            #expect(card.deeper.count <= 3 && card.deeper.allSatisfy { !$0.isEmpty })
        }
    }

    /// Every code that stands in the engine's sources is explained.
    @Test func theEnginesCodesAreKnown() throws {
        let engine = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/Engine")
        let files = try #require(
            FileManager.default.enumerator(at: engine, includingPropertiesForKeys: nil))
        var codes: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let source = try String(contentsOf: file, encoding: .utf8)
            for match in source.matches(of: #/CommandError\(\s*"([A-Z]{3,}) /#) {
                codes.insert(String(match.1))
            }
        }
        #expect(codes.isSuperset(of: ["ERR", "WRONGTYPE", "OOM", "NOAUTH"]))
        for code in codes { #expect(ErrorCards.card(code: code) != nil, "\(code)") }
    }

    @Test(arguments: [
        (CommandError.wrongType, "another type"), (.syntax, "exclude each other"),
        (.notInteger, "whole number"), (.notFloat, "is no number"), (.noSuchKey, "must be there"),
        (.databaseOutOfRange, "fewer databases"), (.overflow, "64 bits"),
        (.outOfMemory, "over maxmemory"), (.noAuthentication, "password"),
        (CommandError("ERR unknown command 'GTE', with args beginning with: "), "misspelt"),
        (CommandError("ERR An LFU maxmemory policy is not selected, access"), "LFU policy"),
        (CommandError("ERR An LFU maxmemory policy is selected, idle"), "counter"),
        (CommandError("ERR something of its own"), "the words behind it"),
    ])
    func theWordsOfAnErrorChooseItsCard(error: CommandError, words: String) throws {
        let card = try #require(ErrorCards.card(reply: error.text.text))
        #expect(card.text.contains(words), "\(card.text)")
        #expect(card.code == error.code)
    }

    @Test func whatNobodyDescribedHasNone() {
        #expect(ErrorCards.card(reply: "MYSCRIPT went wrong") == nil)
        #expect(ErrorCards.card(reply: "") == nil && ErrorCards.card(code: "err") == nil)
    }
}
