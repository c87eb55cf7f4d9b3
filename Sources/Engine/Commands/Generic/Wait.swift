import Bytes
import Grammar
import Wire

// WAIT and WAITAOF, which wait until changes have arrived elsewhere. This node has no replicas
// and no log, so that waiting ends when its time is over.

extension Keys {
    static var waiting: [Command<Store>] { [wait, waitAOF] }

    static let wait = Command<Store>(
        "WAIT", .generic, [.noscript], since: "3.0.0",
        summary: "Waits until replicas have this connection's changes, and counts these replicas.",
        complexity: "O(1)", categories: [.connection],
        arguments: [.integer("numreplicas"), .integer("timeout")],
        tips: ["request_policy:all_shards", "response_policy:agg_min"],
        examples: ["WAIT 1 100"], run: runWait)

    static func runWait(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let replicas = call[1].canonicalInteger else { throw .notInteger }
        let deadline = try store.deadline(inMilliseconds: call[2])
        if replicas <= 0 { return reply.integer(0) }
        store.blockForReplicas(call, until: deadline, otherwise: .zero, &reply)
    }

    static let waitAOF = Command<Store>(
        "WAITAOF", .generic, [.noscript], since: "7.2.0",
        summary: "Waits until this connection's changes are in logs on disk, here and elsewhere.",
        complexity: "O(1)", availability: .since72, categories: [.connection],
        arguments: [.integer("numlocal"), .integer("numreplicas"), .integer("timeout")],
        tips: ["request_policy:all_shards", "response_policy:agg_min"],
        examples: ["WAITAOF 0 1 100"], run: runWaitAOF)

    static func runWaitAOF(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        guard let local = call[1].canonicalInteger, local >= 0, local <= 1 else {
            throw .outsideZeroToOne
        }
        guard let replicas = call[2].canonicalInteger, replicas >= 0 else { throw .notPositive }
        let deadline = try store.deadline(inMilliseconds: call[3])
        if local > 0 { throw .waitWithoutLog }
        if replicas == 0 { return reply.nothing(.zeros) }
        store.blockForReplicas(call, until: deadline, otherwise: .zeros, &reply)
    }
}
