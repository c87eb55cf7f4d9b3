import Engine
import Foundation
import Grammar
import Testing

/// The committed pages of the command reference against the declarations. To write them anew:
///
///     LARDER_WRITE_REFERENCE=1 swift test --filter ReferencePagesTests
@Suite struct ReferencePagesTests {
    static let catalog = CommandCatalog(AllCommands.list.map(\.spec))

    /// The folder of the pages, found from where this file stands.
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Sources/Workbench/Workbench.docc/Reference")

    @Test(arguments: catalog.groups)
    func thePageIsThatOfTheDeclarations(group: CommandGroup) throws {
        let file = ReferencePagesTests.folder.appending(path: group.rawValue + ".md")
        let text = ReferencePage(group, of: ReferencePagesTests.catalog).text
        if ProcessInfo.processInfo.environment["LARDER_WRITE_REFERENCE"] != nil {
            try FileManager.default.createDirectory(
                at: ReferencePagesTests.folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: file, encoding: .utf8)
        #expect(
            committed == text,
            "run LARDER_WRITE_REFERENCE=1 swift test --filter ReferencePagesTests")
    }

    /// The page of all measures.
    @Test func thePageOfMeasuresIsThatOfTheDeclarations() throws {
        let file = ReferencePagesTests.folder.deletingLastPathComponent()
            .appending(path: "Measures.md")
        let text = MetricPage.text
        if ProcessInfo.processInfo.environment["LARDER_WRITE_REFERENCE"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOf: file, encoding: .utf8)
        #expect(
            committed == text,
            "run LARDER_WRITE_REFERENCE=1 swift test --filter ReferencePagesTests")
    }

    @Test func everyGroupHasAPageAndEveryPageAGroup() throws {
        let names = try FileManager.default
            .contentsOfDirectory(atPath: ReferencePagesTests.folder.path)
        let groups = ReferencePagesTests.catalog.groups.map { $0.rawValue + ".md" }
        #expect(names.sorted() == groups.sorted())
    }
}
