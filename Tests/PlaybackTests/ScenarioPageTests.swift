import Foundation
import Grammar
import Testing

@testable import Playback

/// The tables of the page on writing lessons are those of the declarations. To write them anew:
///
///     LARDER_WRITE_REFERENCE=1 swift test --filter ScenarioPageTests
@Suite struct ScenarioPageTests {
    private let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Workbench/Workbench.docc/Scenarios.md")

    @Test func thePageHasTheDeclaredTables() throws {
        let page = try String(contentsOf: file, encoding: .utf8)
        let written = ScenarioPage.written(page)
        if ProcessInfo.processInfo.environment["LARDER_WRITE_REFERENCE"] != nil {
            try written.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == written)
        for (marker, rows) in ScenarioPage.tables {
            #expect(page.contains("<!-- \(marker) -->"), "\(marker)")
            #expect(rows.count > 10)
        }
    }

    /// What help says of a command can be typed as it stands.
    @Test func examplesOfTheWorkbenchAreLines() {
        for spec in WorkbenchLine.specs {
            #expect(!spec.examples.isEmpty, "\(spec.typedName)")
            for example in spec.examples {
                let fault = WorkbenchLine.fault(example)
                #expect(fault == nil, "\(example): \(fault?.text ?? "")")
            }
        }
    }

    @Test func helpExplainsACommand() {
        let help = WorkbenchLine.help(["app", "warm"])
        #expect(help.hasPrefix("app warm PRODUCTS [ttl=time] [jitter=time]\n"))
        #expect(help.contains("app warm /product/{1..500} ttl=300s"))
        #expect(WorkbenchLine.help([]).contains("clock advance"))
        // A lesson leaves four columns of eighty free.
        for line in WorkbenchLine.help([]).split(separator: "\n") + Player.keyTable.map({ $0[...] })
        {
            #expect(line.count <= 75, "\(line)")
        }
        #expect(WorkbenchLine.help(["app", "wram"]).contains("did you mean 'app warm'?"))
    }

    @Test func everyFigureCanBeAskedFor() throws {
        for figure in FigureTable.list {
            let text = figure.usage.replacing("share", with: "40%").replacing("number", with: "4")
            let expression = try ExpressionParser.expression(text, at: Place(line: 1, column: 1))
            guard case .figure(let call) = expression.kind else {
                Issue.record("\(figure.name) is no figure")
                continue
            }
            #expect(call.name == figure.name)
            #expect(call.arguments.count == figure.arguments.count)
        }
    }
}
