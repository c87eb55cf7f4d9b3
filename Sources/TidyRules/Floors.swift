// The floors: what a target may import, and what must not happen below the hosts.
//
// The rooms, their floors and what they use are declared once, in Package.swift; the rules read
// them from its text. What may come from outside the package is declared here.

/// A target of the house as Package.swift declares it.
package struct RoomDeclaration: Equatable {
    package var name: String
    package var floor: Int
    package var uses: [String]
    package var line: Int

    package init(name: String, floor: Int, uses: [String], line: Int) {
        self.name = name
        self.floor = floor
        self.uses = uses
        self.line = line
    }
}

/// The first floor of the hosts: from here up there are clocks, threads, sockets and files.
let firstHostFloor = 7

/// Modules from outside the package, and the targets that may import them. A target that is not
/// named here imports nothing from outside.
let outsideImports: [String: [String]] = [
    "Bytes": ["Glibc"],
    "Server": ["Glibc", "NIOCore", "NIOPosix", "NIOConcurrencyHelpers", "Logging"],
    // For logarithms and powers, never for clocks or files.
    "Simulation": ["Glibc"],
    "Terminal": ["Glibc", "CEdit"],
    // Questions to servers are asked on a thread of their own.
    "Client": ["Glibc", "Dispatch"],
    "Repl": ["Glibc"],
    // A server is read on a thread of its own.
    "Dashboard": ["Dispatch"],
    "Playback": ["Glibc", "Yams"],
    "Bench": ["Glibc", "Histogram"],
    "Workbench": ["Glibc", "ArgumentParser"],
    // Used by the tidy test alone; never linked into the product.
    "TidyRules": [],
]

/// Modules of the standard library that the hosts may use and the floors below may not.
let hostImports = ["Synchronization"]

/// The `Room(name:floor:uses:)` entries of the manifest, in its order.
package func readRooms(_ manifest: SourceFile) -> [RoomDeclaration] {
    var rooms: [RoomDeclaration] = []
    var pending = ""
    var start = 0
    for (index, line) in manifest.lines.enumerated() {
        let trimmed = line.drop { $0 == " " }
        if trimmed.hasPrefix("Room(") {
            pending = ""
            start = index + 1
        } else if start == 0 {
            continue
        }
        pending += trimmed
        // An entry ends where its own bracket closes.
        let depth = pending.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
        guard depth <= 0 else { continue }
        if let room = readRoom(pending, line: start) { rooms.append(room) }
        start = 0
    }
    return rooms
}

private func readRoom(_ entry: String, line: Int) -> RoomDeclaration? {
    guard let name = between(entry, "name: \"", "\""),
        let floor = between(entry + ",", "floor: ", ",").flatMap({ text in
            Int(text.filter(\.isNumber))
        })
    else { return nil }
    let uses = between(entry, "uses: [", "]") ?? ""
    let names = uses.split(separator: "\"").filter { $0.allSatisfy(\.isLetter) }
    return RoomDeclaration(name: name, floor: floor, uses: names.map(String.init), line: line)
}

private func between(_ text: String, _ before: String, _ after: String) -> String? {
    guard let start = text.firstRange(of: before),
        let end = text[start.upperBound...].firstRange(of: after)
    else { return nil }
    return String(text[start.upperBound..<end.lowerBound])
}

/// A room uses only rooms of lower floors. C targets stand beside the one room that wraps them.
package func floorOrder(_ rooms: [RoomDeclaration], in manifest: SourceFile) -> [Finding] {
    guard !rooms.isEmpty else {
        return [Finding(manifest.path, 1, "the manifest declares no rooms that can be read")]
    }
    var findings: [Finding] = []
    for room in rooms {
        for used in rooms where room.uses.contains(used.name) && used.floor >= room.floor {
            findings.append(
                Finding(
                    manifest.path, room.line,
                    "\(room.name) on floor \(room.floor) uses \(used.name) on floor "
                        + "\(used.floor): imports only point downward"))
        }
    }
    return findings
}

/// Every import of a source file is declared: a room by the manifest, an outsider by the list.
package func imports(of file: SourceFile, rooms: [RoomDeclaration]) -> [Finding] {
    guard file.isSwift, let target = file.target else { return [] }
    var allowed = outsideImports[target] ?? []
    if let room = rooms.first(where: { $0.name == target }) {
        allowed += room.uses
        if room.floor >= firstHostFloor { allowed += hostImports }
    } else if target == "Workbench" {
        allowed += rooms.map(\.name) + hostImports
    }
    return importedModules(of: file).filter { !allowed.contains($0.text) }.map { module in
        Finding(
            file.path, module.line,
            "\(target) may not import \(module.text); it may import \(allowed.sorted())")
    }
}

/// The modules a file imports, `import struct Foo.Bar` counting as `Foo`.
func importedModules(of file: SourceFile) -> [Token] {
    let kinds = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
    return file.tokens.indices.compactMap { index in
        guard file.tokens[index].text == "import", index + 2 <= file.tokens.count - 1 else {
            return index + 1 == file.tokens.count - 1 && file.tokens[index].text == "import"
                ? file.tokens[index + 1] : nil
        }
        let next = file.tokens[index + 1]
        return kinds.contains(next.text) ? file.tokens[index + 2] : next
    }
}

/// Words that have no place below the hosts, and what stands there instead.
let wordsOfTheHosts: [(word: String, instead: String)] = [
    ("async", "a node is called, it never waits"),
    ("await", "a node is called, it never waits"),
    ("actor", "isolation belongs to the hosts"),
    ("Task", "isolation belongs to the hosts"),
    ("ContinuousClock", "time comes in as a Tick"),
    ("SuspendingClock", "time comes in as a Tick"),
    ("clock_gettime", "time comes in as a Tick"),
    ("gettimeofday", "time comes in as a Tick"),
    ("SystemRandomNumberGenerator", "randomness comes from the store's seeded generator"),
    ("arc4random", "randomness comes from the store's seeded generator"),
    ("getrandom", "randomness comes from the store's seeded generator"),
    ("Hasher", "its seed differs in every process"),
]

/// Calls that draw from the system's generator unless they are given another with `using:`.
let randomCalls = ["random", "randomElement", "shuffle", "shuffled"]

/// Below the hosts nothing waits, reads a clock or rolls dice of its own.
package func determinism(of file: SourceFile, rooms: [RoomDeclaration]) -> [Finding] {
    guard file.isSwift, let room = rooms.first(where: { $0.name == file.target }),
        room.floor < firstHostFloor
    else { return [] }
    var findings: [Finding] = []
    for (index, token) in file.tokens.enumerated() {
        if let rule = wordsOfTheHosts.first(where: { $0.word == token.text }) {
            findings.append(
                Finding(file.path, token.line, "no \(rule.word) below the hosts: \(rule.instead)"))
        }
        if token.text == "Date", follows(["(", ")"], index, file.tokens) {
            findings.append(
                Finding(file.path, token.line, "no Date() below the hosts: time comes as a Tick"))
        }
        if randomCalls.contains(token.text), index > 0, file.tokens[index - 1].text == ".",
            follows(["("], index, file.tokens), !hasUsing(at: index + 1, file.tokens)
        {
            findings.append(
                Finding(
                    file.path, token.line,
                    ".\(token.text)() without using: draws from the system's generator"))
        }
    }
    return findings
}

func follows(_ words: [String], _ index: Int, _ tokens: [Token]) -> Bool {
    index + words.count < tokens.count
        && zip(words, tokens[(index + 1)...]).allSatisfy { $0 == $1.text }
}

private func hasUsing(at opening: Int, _ tokens: [Token]) -> Bool {
    var depth = 0
    for index in opening..<tokens.count {
        switch tokens[index].text {
        case "(": depth += 1
        case ")":
            depth -= 1
            if depth == 0 { return false }
        case "using" where depth == 1 && follows([":"], index, tokens): return true
        default: break
        }
    }
    return false
}
