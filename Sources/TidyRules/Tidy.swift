// The rules of the house, as functions from a file to findings. They read no disk: the test
// gathers the files and hands them in, and feeds planted violations to each rule besides, so
// that a rule which can no longer fail is noticed.

/// Everything the rules say about a set of files. Hand in the whole repository: some rules
/// compare files with each other, or notice that one is missing.
public func tidy(_ files: [SourceFile]) -> [Finding] {
    var findings = files.flatMap(tidyAlone)
    guard let manifest = files.first(where: { $0.path == "Package.swift" }) else {
        return findings + [Finding("Package.swift", 1, "there is no manifest to read floors from")]
    }
    let rooms = readRooms(manifest)
    findings += floorOrder(rooms, in: manifest)
    findings += files.flatMap { imports(of: $0, rooms: rooms) }
    findings += files.flatMap { determinism(of: $0, rooms: rooms) }
    findings += staleExceptions(files)
    return findings.sorted { ($0.path, $0.line, $0.message) < ($1.path, $1.line, $1.message) }
}

/// The rules that need nothing but the file itself.
func tidyAlone(_ file: SourceFile) -> [Finding] {
    lineLength(file) + fileLength(file) + functionLength(file) + markers(file)
        + unsafety(file) + testTiming(file) + readmeCommands(file)
}

/// What may stand at the top of the repository; everything else has its place below.
public func topLevel(_ names: [String]) -> [Finding] {
    let allowed = ["Package.swift", "Sources", "Tests", "Scenarios", "README.md"]
    // The manager of packages writes its lock file into every checkout; it is not committed.
    let ignored = ["Package.resolved"]
    return names.sorted()
        .filter { !$0.hasPrefix(".") && !allowed.contains($0) && !ignored.contains($0) }
        .map { Finding($0, 1, "does not belong at the top: only \(allowed) and dot files do") }
}
