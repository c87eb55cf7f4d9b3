// The lists of places where a rule of the house is waived, each with its reason. An entry names a
// file, a folder (ending in `/`), or files by how they begin (ending in `*`). An entry that
// matches no file is a finding, so that the lists shrink when the code does.

/// A place where a rule is waived.
package struct Exception: Sendable {
    package var pattern: String
    package var reason: String

    package init(pattern: String, reason: String) {
        self.pattern = pattern
        self.reason = reason
    }

    package func covers(_ path: String) -> Bool {
        if pattern.hasSuffix("/") { return path.hasPrefix(pattern) }
        if pattern.hasSuffix("*") { return path.hasPrefix(pattern.dropLast()) }
        return path == pattern
    }
}

/// Where the word `unsafe` may stand. Each file wraps its pointers in a safe face.
package let unsafeFiles: [Exception] = [
    Exception(
        pattern: "Sources/Bytes/Memory.swift",
        reason: "the C allocator, and searches of raw memory"),
    Exception(
        pattern: "Sources/Bytes/OutputBuffer.swift",
        reason: "a growing block that replies are written into without checks per byte"),
    Exception(
        pattern: "Sources/Bytes/ByteString.swift",
        reason: "the bytes of a literal come as a pointer"),
    Exception(
        pattern: "Sources/Bytes/RawSpan+Reading.swift",
        reason: "checked reading of raw bytes, in one place"),
    Exception(
        pattern: "Sources/Bytes/Integers.swift",
        reason: "digits are written two at a time"),
    Exception(
        pattern: "Sources/Bytes/Doubles*",
        reason: "digits are written in place, and the C library reads the long cases"),
    Exception(
        pattern: "Sources/Bytes/SipHash.swift",
        reason: "whole words are loaded from the key"),
    Exception(
        pattern: "Sources/Structures/HashTable/",
        reason: "buckets of one cache line each, in blocks of their own"),
    Exception(
        pattern: "Sources/Structures/Record.swift",
        reason: "header, key and value share one allocation"),
    Exception(
        pattern: "Sources/Structures/RecordPool.swift",
        reason: "blocks for records, cut from larger ones"),
    Exception(
        pattern: "Sources/Structures/MemberTable.swift",
        reason: "records are copied from one generation of chunks to the next"),
    Exception(
        pattern: "Sources/Structures/Quicklist/QuicklistNode.swift",
        reason: "the nodes of a list stand side by side, with room at both ends"),
    Exception(
        pattern: "Sources/Structures/Blob.swift",
        reason: "a long value in an allocation of its own"),
    Exception(
        pattern: "Sources/Structures/Box.swift",
        reason: "a noncopyable value at an address that a record keeps"),
    Exception(
        pattern: "Sources/Structures/Listpack/",
        reason: "entries of any length in one block, in a format given from outside"),
    Exception(
        pattern: "Sources/Structures/RankedTree/RankedNode.swift",
        reason: "one block of a tree, its columns side by side"),
    Exception(
        pattern: "Sources/Structures/IntegerSet.swift",
        reason: "sorted integers in one block, in the format of snapshots"),
    Exception(
        pattern: "Sources/Structures/CallMeters.swift",
        reason: "counters that every command touches, without a check for sharing"),
    Exception(
        pattern: "Sources/Structures/OwnedArray.swift",
        reason: "elements that cannot be copied"),
    Exception(
        pattern: "Sources/Engine/Keyspace/Entry.swift",
        reason: "views of a record's bytes for as long as the table is borrowed"),
    Exception(
        pattern: "Sources/Server/UnixSocket.swift",
        reason: "a socket gets its permissions before it has a name"),
    Exception(
        pattern: "Sources/Server/SystemClock.swift",
        reason: "the clocks are C"),
    Exception(
        pattern: "Sources/Server/SystemFacts.swift",
        reason: "the system's accounts of a process are C"),
    Exception(
        pattern: "Sources/Server/Mailbox.swift",
        reason: "a pipe tells the taker that something has come"),
    Exception(
        pattern: "Sources/Server/RemoteClient.swift",
        reason: "the system's words for an error are a C string"),
    Exception(
        pattern: "Sources/Server/DirectSocket.swift",
        reason: "replies go to the socket with one system call"),
    Exception(
        pattern: "Sources/Server/Listener.swift",
        reason: "removing a socket file is a call of C"),
    Exception(
        pattern: "Sources/Server/ServerLog.swift",
        reason: "writing a file and spelling out a date are calls of C"),
    Exception(
        pattern: "Sources/Server/SystemFiles.swift",
        reason: "files and the facts of the process are C"),
    Exception(
        pattern: "Sources/Terminal/Descriptor.swift",
        reason: "reading, writing and waiting are C"),
    Exception(
        pattern: "Sources/Terminal/EditEngine.swift",
        reason: "libedit and its buffers are C"),
    Exception(
        pattern: "Sources/Terminal/FullScreen.swift",
        reason: "ncurses and its frames are C"),
    Exception(
        pattern: "Sources/Terminal/HistoryFile.swift",
        reason: "opening, locking and renaming files is C"),
    Exception(
        pattern: "Sources/Terminal/TerminalGuard.swift",
        reason: "terminal modes and signals are C"),
    Exception(
        pattern: "Sources/Client/SystemCalls.swift",
        reason: "files, directories and signals are C"),
    Exception(
        pattern: "Sources/Client/ConfigurationFile.swift",
        reason: "making directories and renaming files is C"),
    Exception(
        pattern: "Sources/Client/ShellChild.swift",
        reason: "starting a process is C"),
    Exception(
        pattern: "Sources/Playback/Progress/ProgressFile.swift",
        reason: "a file is put in the place of another by the system, with paths as C strings"),
    Exception(
        pattern: "Sources/Workbench/ProgramPath.swift",
        reason: "the path of the program is told into a buffer of C"),
    Exception(
        pattern: "Sources/Bench/HostSystem.swift",
        reason: "sockets, files of /proc and process accounting are C"),
    Exception(
        pattern: "Sources/Bench/LoadSockets.swift",
        reason: "the load loop reads and writes through epoll"),
    Exception(
        pattern: "Sources/Bench/FanOutSockets.swift",
        reason: "the listening loop reads through epoll"),
    Exception(
        pattern: "Sources/Bench/InProcessLoad.swift",
        reason: "the node reads a span of the prepared requests"),
]

/// Tests that may wait or look at a clock.
package let waitingTests: [Exception] = [
    Exception(
        pattern: "Tests/TidyTests/",
        reason: "plants the forbidden words to show that the rule sees them")
]

/// Entries that match no file of the repository.
package func staleExceptions(_ files: [SourceFile]) -> [Finding] {
    (unsafeFiles + waitingTests).filter { exception in
        !files.contains { exception.covers($0.path) }
    }.map {
        Finding(
            "Sources/TidyRules/Exceptions.swift", 1,
            "no file matches \($0.pattern) any more (\($0.reason)): remove the entry")
    }
}

/// `unsafe` stands only in the listed files, and each of them says why it is safe.
package func unsafety(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, !file.isTest, file.path != "Package.swift" else { return [] }
    let uses = file.tokens.filter { $0.text == "unsafe" }
    guard let first = uses.first else { return [] }
    guard unsafeFiles.contains(where: { $0.covers(file.path) }) else {
        return uses.map {
            Finding(file.path, $0.line, "unsafe stands only in the files of Exceptions.swift")
        }
    }
    let isExplained = file.lines.contains { line in
        line.drop { $0 == " " }.hasPrefix("// Safe: ")
    }
    return isExplained
        ? [] : [Finding(file.path, first.line, "unsafe without a `// Safe: reason` comment")]
}

/// Tests count work; they do not time it, and they do not wait for the clock.
package func testTiming(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, file.isTest, !waitingTests.contains(where: { $0.covers(file.path) })
    else { return [] }
    let words = [
        "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "usleep",
        "nanosleep", "sleep", "DispatchTime",
    ]
    return file.tokens.indices.compactMap { index in
        let token = file.tokens[index]
        let isDate = token.text == "Date" && follows(["(", ")"], index, file.tokens)
        guard words.contains(token.text) || isDate else { return nil }
        return Finding(
            file.path, token.line,
            "\(token.text) in a test: count work, move the node's clock, or wait for an event")
    }
}
