// swift-tools-version: 6.2

import PackageDescription

/// The floors of the house: an import only ever points to a lower floor.
/// `Tests/TidyTests` checks the imports themselves against this table.
struct Room {
    var name: String
    var floor: Int
    var uses: [String] = []
    var packages: [Target.Dependency] = []
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let rooms: [Room] = [
    Room(name: "Bytes", floor: 0, uses: ["CHeap"]),
    Room(name: "Structures", floor: 1, uses: ["Bytes"]),
    Room(name: "Wire", floor: 1, uses: ["Bytes"]),
    Room(name: "Grammar", floor: 2, uses: ["Bytes", "Wire"]),
    Room(name: "Engine", floor: 3, uses: ["Bytes", "Structures", "Wire", "Grammar"]),
    Room(name: "Nodes", floor: 5, uses: ["Bytes", "Structures", "Wire", "Grammar", "Engine"]),
    Room(
        name: "Server", floor: 7, uses: ["Bytes", "Wire", "Grammar", "Engine", "Nodes", "CTicks"],
        packages: nio + [.product(name: "Logging", package: "swift-log")]),
    Room(
        name: "Simulation", floor: 7,
        uses: ["Bytes", "Structures", "Wire", "Grammar", "Engine", "Nodes"]),
    Room(name: "Terminal", floor: 7, uses: ["Bytes", "CEdit", "CScreen"]),
    Room(
        name: "Client", floor: 8,
        uses: ["Bytes", "Wire", "Grammar", "Engine", "Nodes", "Server", "Terminal"]),
    Room(
        name: "Repl", floor: 9,
        uses: ["Bytes", "Wire", "Grammar", "Engine", "Terminal", "Client", "Server"]),
    Room(
        name: "Dashboard", floor: 9,
        uses: ["Bytes", "Wire", "Grammar", "Engine", "Terminal", "Client", "Server"]),
    Room(
        name: "Playback", floor: 9,
        uses: [
            "Bytes", "Wire", "Grammar", "Engine", "Simulation", "Terminal", "Client", "Server",
        ],
        packages: [yams]),
    Room(
        name: "Bench", floor: 9,
        uses: ["Bytes", "Wire", "Grammar", "Engine", "Nodes", "Client", "CEpoll"],
        packages: [histogram]),
]

/// The C targets that live inside a room's folder.
let shims = [
    "Bytes": ["CHeap"], "Server": ["CTicks"], "Terminal": ["CEdit", "CScreen"],
    "Bench": ["CEpoll"],
]

/// Folders of expected outputs beside the tests of a room.
let goldens = [
    "Grammar": ["Golden"], "Client": ["Golden"], "Repl": ["Golden"], "Engine": ["Transcripts"],
    "Dashboard": ["Golden"], "Playback": ["Golden", "Broken"],
]

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(
        ["-cross-module-optimization", "-enforce-exclusivity=unchecked"],
        .when(configuration: .release)),
]

/// The two floors that touch raw memory are optimised in debug builds too: without it every
/// test that fills a keyspace takes ten times as long. So is the simulation, whose queue of
/// events every lesson goes through.
func settings(of room: Room) -> [SwiftSetting] {
    room.floor <= 1 || room.name == "Simulation"
        ? strict + [.unsafeFlags(["-O"], .when(configuration: .debug))] : strict
}

func dependencies(of room: Room) -> [Target.Dependency] {
    room.uses.map { .target(name: $0) } + room.packages
}

let testSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
    name: "larder",
    products: [.executable(name: "larder", targets: ["Workbench"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: rooms.map { room in
        .target(
            name: room.name, dependencies: dependencies(of: room),
            exclude: shims[room.name] ?? [], swiftSettings: settings(of: room))
    } + [
        .target(name: "CHeap", path: "Sources/Bytes/CHeap"),
        .target(
            name: "CEdit", path: "Sources/Terminal/CEdit",
            linkerSettings: [.linkedLibrary("edit")]),
        .systemLibrary(name: "CTicks", path: "Sources/Server/CTicks"),
        .target(
            name: "CScreen", path: "Sources/Terminal/CScreen",
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .systemLibrary(name: "CEpoll", path: "Sources/Bench/CEpoll"),
        .executableTarget(
            name: "Workbench",
            dependencies: rooms.map { .target(name: $0.name) } + [argumentParser],
            exclude: ["Workbench.docc"], swiftSettings: strict),
        .target(name: "TidyRules", swiftSettings: strict),
        .testTarget(
            name: "TidyTests", dependencies: ["TidyRules"], swiftSettings: testSettings),
    ]
        + rooms.map { room in
            .testTarget(
                name: room.name + "Tests",
                dependencies: [.target(name: room.name)] + dependencies(of: room),
                exclude: goldens[room.name] ?? [], swiftSettings: testSettings)
        } + [
            .testTarget(
                name: "WorkbenchTests", dependencies: ["Workbench", "Bytes", "Wire", "Client"],
                swiftSettings: testSettings),
            .testTarget(
                name: "ConformanceTests",
                dependencies: rooms.map { .target(name: $0.name) }, swiftSettings: testSettings),
        ]
)
