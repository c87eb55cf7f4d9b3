import Foundation
import Testing
import TidyRules

/// The rules over the files of this repository.
@Suite struct RepositoryTests {
    /// The top of the repository, found from where this file stands.
    let top = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func theRepositoryIsTidy() throws {
        let files = try gather()
        // An empty walk would find nothing to object to.
        #expect(files.count > 20)
        for finding in tidy(files) {
            Issue.record("\(finding)")
        }
    }

    @Test func theTopLevelHoldsOnlyWhatBelongsThere() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: top.path)
        for finding in topLevel(names) {
            Issue.record("\(finding)")
        }
    }

    private func gather() throws -> [SourceFile] {
        let manager = FileManager.default
        var paths = ["Package.swift", "README.md", ".ci/run", ".swift-format", ".gitignore"]
        for folder in ["Sources", "Tests", "Scenarios"] {
            let root = top.appending(path: folder).path
            guard let walk = manager.enumerator(atPath: root) else { continue }
            for case let path as String in walk {
                paths.append(folder + "/" + path)
            }
        }
        return try paths.sorted().compactMap { path in
            let file = top.appending(path: path).path
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue
            else { return nil }
            guard isReadAsText(path) else { return nil }
            return SourceFile(path: path, text: try String(contentsOfFile: file, encoding: .utf8))
        }
    }

    /// Golden files of tests may hold any bytes; the rules speak of what people write.
    private func isReadAsText(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        let known = ["swift", "c", "h", "md", "sh", "modulemap"]
        return known.contains { name.hasSuffix("." + $0) } || path.hasPrefix(".")
    }
}
