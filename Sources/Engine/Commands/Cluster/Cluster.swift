import Bytes
import Grammar
import Wire

// What clients ask a node about its cluster, as a node answers that is in none.

/// The commands about the cluster.
enum Cluster {
    static var commands: [Command<Store>] { [cluster, readonly, readwrite, asking] }

    private static func run(
        _ store: inout Store, _ call: borrowing Call, _ reply: inout ReplyWriter
    ) throws(CommandError) {
        throw .clusterDisabled
    }

    static let cluster = Command<Store>(
        container: "CLUSTER", .cluster, since: "3.0.0",
        summary: "Commands about the cluster that a node is part of.",
        subcommands: [
            fact("INFO", "3.0.0", "Tells the state of the cluster."),
            fact("NODES", "3.0.0", "Lists the nodes as this one sees them."),
            fact("SHARDS", "7.0.0", "Lists the shards with their slots and nodes."), slots,
            myID, keySlot, help,
        ])

    private static func fact(
        _ name: String, _ since: String, _ summary: String
    ) -> Command<Store> {
        Command<Store>(
            "CLUSTER \(name)", .cluster, [.stale], since: since, summary: summary,
            complexity: "O(N), N being the number of nodes.",
            tips: ["nondeterministic_output"], examples: ["CLUSTER \(name)"], run: run)
    }

    static let slots = Command<Store>(
        "CLUSTER SLOTS", .cluster, [.stale], since: "3.0.0",
        summary: "Lists which nodes serve which slots.",
        complexity: "O(N), N being the number of nodes.",
        history: ["4.0.0": "The nodes' numbers.", "7.0.0": "More about the way to them."],
        deprecated: (since: "7.0.0", replacedBy: "`CLUSTER SHARDS`"),
        tips: ["nondeterministic_output"], examples: ["CLUSTER SLOTS"], run: run)

    static let myID = Command<Store>(
        "CLUSTER MYID", .cluster, [.stale], since: "3.0.0",
        summary: "Gives this node's number in the cluster.", complexity: "O(1)",
        examples: ["CLUSTER MYID"], run: run)

    static let keySlot = Command<Store>(
        "CLUSTER KEYSLOT", .cluster, [.stale], since: "3.0.0",
        summary: "Gives the slot of a key.", complexity: "O(N), N being the key's length.",
        arguments: [.string("key")], examples: ["CLUSTER KEYSLOT greeting"], run: run)

    static let help = Command<Store>(
        "CLUSTER HELP", .cluster, [.loading, .stale], since: "5.0.0",
        summary: "Shows what there is under CLUSTER.", complexity: "O(1)",
        examples: ["CLUSTER HELP"], run: run)

    // MARK: The state of a connection

    static let readonly = Command<Store>(
        "READONLY", .cluster, [.loading, .stale, .fast], since: "3.0.0",
        summary: "Lets this connection read from a replica.", complexity: "O(1)",
        categories: [.connection], examples: ["READONLY"], run: run)

    static let readwrite = Command<Store>(
        "READWRITE", .cluster, [.loading, .stale, .fast], since: "3.0.0",
        summary: "Takes READONLY back.", complexity: "O(1)", categories: [.connection],
        examples: ["READWRITE"], run: run)

    static let asking = Command<Store>(
        "ASKING", .cluster, [.fast], since: "3.0.0",
        summary: "Announces that the next command follows a redirection.",
        complexity: "O(1)", categories: [.connection], examples: ["ASKING"], run: run)
}
