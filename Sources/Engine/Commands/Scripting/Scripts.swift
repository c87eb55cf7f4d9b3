import Bytes
import Grammar
import Wire

// SCRIPT and FUNCTION as a server without any script or function answers them: clients list and
// remove both when they connect and when they clean up. Nothing can be loaded.

/// The commands about scripts.
enum Scripts {
    static var commands: [Command<Store>] { [script, function] }

    private static let flushMode = Argument.oneOf(
        "async", [.token("ASYNC"), .token("SYNC")]
    ).optional

    // MARK: Scripts

    static let script = Command<Store>(
        container: "SCRIPT", .scripting, since: "2.6.0",
        summary: "Commands about the scripts that the server keeps.",
        subcommands: [scriptExists, scriptFlush, scriptHelp, scriptKill])

    static let scriptHelp = Command<Store>(
        "SCRIPT HELP", .scripting, [.loading, .stale], since: "5.0.0",
        summary: "Shows what there is under SCRIPT.", complexity: "O(1)",
        categories: [.scripting], examples: ["SCRIPT HELP"], run: Help.run)

    static let scriptExists = Command<Store>(
        "SCRIPT EXISTS", .scripting, [.noscript], since: "2.6.0",
        summary: "Says of each digest whether there is such a script: there is none yet.",
        complexity: "O(N), N being the number of digests.", categories: [.scripting],
        arguments: [.string("sha1").repeated],
        tips: ["request_policy:all_shards", "response_policy:agg_logical_and"],
        examples: ["SCRIPT EXISTS a9993e364706816aba3e25717850c26c9cd0d89d"]
    ) { _, call, reply throws(CommandError) in
        reply.array(call.count - 2)
        for _ in 2..<call.count { reply.integer(0) }
    }

    static let scriptFlush = Command<Store>(
        "SCRIPT FLUSH", .scripting, [.noscript], since: "2.6.0",
        summary: "Forgets all scripts.", complexity: "O(N), N being the number of scripts.",
        history: ["6.2.0": "The modes `ASYNC` and `SYNC`."], categories: [.scripting],
        arguments: [flushMode.since("6.2.0")],
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        examples: ["SCRIPT FLUSH", "SCRIPT FLUSH ASYNC"]
    ) { _, call, reply throws(CommandError) in
        let isFine =
            call.count == 2
            || call.count == 3 && (call[2].matches("SYNC") || call[2].matches("ASYNC"))
        guard isFine else { throw .scriptFlushMode }
        reply.ok()
    }

    static let scriptKill = Command<Store>(
        "SCRIPT KILL", .scripting, [.noscript, .allowBusy], since: "2.6.0",
        summary: "Ends the script that runs.", complexity: "O(1)", categories: [.scripting],
        tips: ["request_policy:all_shards", "response_policy:one_succeeded"],
        examples: ["SCRIPT KILL"]
    ) { _, _, _ throws(CommandError) in
        throw .noScriptRuns
    }

    // MARK: Functions

    static let function = Command<Store>(
        container: "FUNCTION", .scripting, since: "7.0.0",
        summary: "Commands about libraries of functions.",
        subcommands: [
            functionDelete, functionDump, functionFlush, functionHelp, functionKill,
            functionList, functionStats,
        ])

    static let functionHelp = Command<Store>(
        "FUNCTION HELP", .scripting, [.loading, .stale], since: "7.0.0",
        summary: "Shows what there is under FUNCTION.", complexity: "O(1)",
        categories: [.scripting], examples: ["FUNCTION HELP"], run: Help.run)

    static let functionDelete = Command<Store>(
        "FUNCTION DELETE", .scripting, [.write, .noscript], since: "7.0.0",
        summary: "Removes a library.", complexity: "O(1)", categories: [.scripting],
        arguments: [.string("library-name")],
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        examples: ["FUNCTION DELETE mylib"]
    ) { _, _, _ throws(CommandError) in
        throw .libraryNotFound
    }

    static let functionDump = Command<Store>(
        "FUNCTION DUMP", .scripting, [.noscript], since: "7.0.0",
        summary: "Gives all libraries as bytes.",
        complexity: "O(N), N being the number of functions.", categories: [.scripting],
        examples: ["FUNCTION DUMP"]
    ) { store, _, reply throws(CommandError) in
        // No library leaves only the version and the checksum.
        var payload: [UInt8] = [UInt8(store.settings.flavour.serializationVersion), 0]
        let checksum = CRC64.checksum(payload.rawSpan)
        for index in 0..<8 {
            payload.append(UInt8(truncatingIfNeeded: checksum >> UInt64(8 * index)))
        }
        reply.bulk(payload)
    }

    static let functionFlush = Command<Store>(
        "FUNCTION FLUSH", .scripting, [.write, .noscript], since: "7.0.0",
        summary: "Removes all libraries.",
        complexity: "O(N), N being the number of functions.", categories: [.scripting],
        arguments: [flushMode],
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        examples: ["FUNCTION FLUSH", "FUNCTION FLUSH SYNC"]
    ) { _, call, reply throws(CommandError) in
        guard call.count <= 3 else { throw .unknownOrWrongArity(call[1], of: "FUNCTION") }
        if call.count == 3, !call[2].matches("SYNC"), !call[2].matches("ASYNC") {
            throw .functionFlushMode
        }
        reply.ok()
    }

    static let functionKill = Command<Store>(
        "FUNCTION KILL", .scripting, [.noscript, .allowBusy], since: "7.0.0",
        summary: "Ends the function that runs.", complexity: "O(1)", categories: [.scripting],
        tips: ["request_policy:all_shards", "response_policy:one_succeeded"],
        examples: ["FUNCTION KILL"]
    ) { _, _, _ throws(CommandError) in
        throw .noScriptRuns
    }

    static let functionList = Command<Store>(
        "FUNCTION LIST", .scripting, [.noscript], since: "7.0.0",
        summary: "Lists the libraries: there is none yet.",
        complexity: "O(N), N being the number of functions.", categories: [.scripting],
        arguments: [
            .string("library-name-pattern").after("LIBRARYNAME").optional,
            .token("WITHCODE").optional,
        ], tips: ["nondeterministic_output_order"],
        examples: ["FUNCTION LIST", "FUNCTION LIST LIBRARYNAME my* WITHCODE"],
        run: runFunctionList)

    static func runFunctionList(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        var hasPattern = false
        var showsCode = false
        var options = ArgumentCursor(call, from: 2)
        while let word = options.next() {
            if !showsCode, word.matches("WITHCODE") {
                showsCode = true
            } else if !hasPattern, word.matches("LIBRARYNAME") {
                guard options.next() != nil else { throw .libraryNameMissing }
                hasPattern = true
            } else {
                throw .unknownArgument(word)
            }
        }
        reply.array(0)
    }

    static let functionStats = Command<Store>(
        "FUNCTION STATS", .scripting, [.noscript, .allowBusy], since: "7.0.0",
        summary: "Tells which function runs and how many there are: none yet.",
        complexity: "O(1)", categories: [.scripting],
        tips: [
            "nondeterministic_output", "request_policy:all_shards", "response_policy:special",
        ],
        examples: ["FUNCTION STATS"]
    ) { _, _, reply throws(CommandError) in
        reply.map(2)
        reply.bulk(utf8: "running_script")
        reply.null()
        reply.bulk(utf8: "engines")
        reply.map(1)
        reply.bulk(utf8: "LUA")
        reply.map(2)
        reply.bulk(utf8: "libraries_count")
        reply.integer(0)
        reply.bulk(utf8: "functions_count")
        reply.integer(0)
    }
}
