import Testing
import TidyRules

/// The rules about floors, unsafe code and the clock see what is planted, and only that.
@Suite struct HouseTests {
    let manifest = SourceFile(
        path: "Package.swift",
        text: """
            let rooms: [Room] = [
                Room(name: "Bytes", floor: 0),
                Room(name: "Wire", floor: 1, uses: ["Bytes"]),
                Room(
                    name: "Server", floor: 7, uses: ["Bytes", "Wire"],
                    packages: nio + [.product(name: "Logging", package: "swift-log")]),
            ]
            """)

    @Test func roomsAreReadFromTheManifest() {
        #expect(
            readRooms(manifest) == [
                RoomDeclaration(name: "Bytes", floor: 0, uses: [], line: 2),
                RoomDeclaration(name: "Wire", floor: 1, uses: ["Bytes"], line: 3),
                RoomDeclaration(name: "Server", floor: 7, uses: ["Bytes", "Wire"], line: 4),
            ])
        #expect(floorOrder(readRooms(manifest), in: manifest) == [])
    }

    @Test func importsPointDownward() {
        let upward = SourceFile(
            path: "Package.swift",
            text: """
                Room(name: "Wire", floor: 1, uses: ["Grammar"]),
                Room(name: "Grammar", floor: 1, uses: []),
                """)
        #expect(floorOrder(readRooms(upward), in: upward).map(\.line) == [1])
        let empty = SourceFile(path: "Package.swift", text: "let package = Package()")
        #expect(floorOrder(readRooms(empty), in: empty).count == 1)
    }

    @Test(arguments: [
        ("Wire", "import Bytes", 0),
        ("Wire", "public import Bytes", 0),
        ("Wire", "import Glibc", 1),
        ("Wire", "import Foundation", 1),
        ("Wire", "import struct Foundation.Data\n", 1),
        ("Bytes", "import Glibc", 0),
        ("Bytes", "public import Wire\n", 1),
        ("Server", "internal import NIOCore", 0),
        ("Server", "import Wire\nimport Logging\nimport Synchronization", 0),
        ("Server", "import Histogram", 1),
        ("Workbench", "import Server\nimport ArgumentParser", 0),
        ("Workbench", "import NIOCore", 1),
        ("Attic", "import Bytes", 1),
        ("Wire", "// import Foundation", 0),
    ])
    func importsAreAllowedByName(target: String, text: String, count: Int) {
        let file = SourceFile(path: "Sources/\(target)/a.swift", text: text)
        #expect(imports(of: file, rooms: readRooms(manifest)).count == count)
    }

    @Test(arguments: [
        "func f() async {}", "await f()", "actor A {}", "Task { }", "let c = ContinuousClock()",
        "Date()", "Int.random(in: 0..<9)", "a.shuffled()", "clock_gettime(0, &t)",
        "a.randomElement(f(using: g))", "var h = Hasher()",
    ])
    func theNodeOwnsNoClockNoThreadAndNoDice(code: String) {
        let rooms = readRooms(manifest)
        let low = SourceFile(path: "Sources/Wire/a.swift", text: "let a = 1\n\(code)\n")
        #expect(determinism(of: low, rooms: rooms).map(\.line) == [2])
        let high = SourceFile(path: "Sources/Server/a.swift", text: code)
        #expect(determinism(of: high, rooms: rooms) == [])
    }

    @Test func seededDiceAreWelcome() {
        let file = SourceFile(
            path: "Sources/Wire/a.swift",
            text: """
                // async, actor and Task are words of a comment here.
                let a = Int.random(in: f(1)..<9, using: &dice) + b.shuffled(using: &dice).count
                let taskCount = asyncName + "await"
                """)
        #expect(determinism(of: file, rooms: readRooms(manifest)) == [])
    }

    @Test func unsafeStandsOnlyInListedFiles() {
        let code = "let a = 1\nunsafe f()\n"
        let elsewhere = SourceFile(path: "Sources/Engine/Commands/Get.swift", text: code)
        #expect(unsafety(elsewhere).map(\.line) == [2])
        let listed = SourceFile(path: "Sources/Bytes/ByteString.swift", text: code)
        #expect(unsafety(listed).map(\.line) == [2])
        let explained = SourceFile(
            path: "Sources/Bytes/ByteString.swift", text: "// Safe: it is checked.\n" + code)
        #expect(unsafety(explained) == [])
        let words = SourceFile(
            path: "Sources/Engine/Store.swift", text: "// unsafe\nlet s = \"unsafe\", unsafeX = 1")
        #expect(unsafety(words) == [])
    }

    @Test func exceptionsCoverFilesFoldersAndBeginnings() {
        let folder = Exception(pattern: "Sources/A/", reason: "")
        let beginning = Exception(pattern: "Sources/A/B*", reason: "")
        let file = Exception(pattern: "Sources/A/B.swift", reason: "")
        #expect(
            [folder, beginning, file].map { $0.covers("Sources/A/B.swift") } == [true, true, true])
        #expect(
            [folder, beginning, file].map { $0.covers("Sources/A/B+C.swift") } == [
                true, true, false,
            ])
        #expect(
            [folder, beginning, file].map { $0.covers("Sources/AB/C.swift") } == [
                false, false, false,
            ])
    }

    @Test func exceptionsThatMatchNothingAreFound() {
        #expect(staleExceptions([]).count == unsafeFiles.count + waitingTests.count)
    }

    @Test(arguments: [
        "let c = ContinuousClock()", "usleep(10)", "sleep(1)", "try await Task.sleep(for: x)",
        "Date()",
    ])
    func testsDoNotTimeAnything(code: String) {
        let test = SourceFile(path: "Tests/WireTests/a.swift", text: "\n\(code)")
        #expect(testTiming(test).map(\.line) == [2])
        let source = SourceFile(path: "Sources/Server/a.swift", text: code)
        #expect(testTiming(source) == [])
        let words = SourceFile(path: "Tests/WireTests/a.swift", text: "// \(code)\n\"sleep(\"")
        #expect(testTiming(words) == [])
    }

    @Test func theWholeSetOfRulesIsApplied() {
        let wide = String(repeating: "x", count: 101)
        let files = [
            manifest,
            SourceFile(path: "Sources/Wire/a.swift", text: "import Foundation\nunsafe f()\n"),
            SourceFile(path: "Sources/Wire/b.swift", text: "let \(wide) = Date()"),
            SourceFile(path: "Tests/WireTests/c.swift", text: "usleep(1)"),
        ]
        let stale = "Sources/TidyRules/Exceptions.swift"
        let found = tidy(files).filter { $0.path != stale }.map { "\($0.path):\($0.line)" }
        #expect(
            found == [
                "Sources/Wire/a.swift:1", "Sources/Wire/a.swift:2", "Sources/Wire/b.swift:1",
                "Sources/Wire/b.swift:1", "Tests/WireTests/c.swift:1",
            ])
        #expect(tidy([]).count == 1)
    }
}
