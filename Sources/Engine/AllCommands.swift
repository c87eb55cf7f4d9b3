public import Grammar

/// The list of group lists: a command that is not reached from here does not exist.
public enum AllCommands {
    /// Every command of every flavour.
    public static var list: [Command<Store>] {
        let groups = [
            Connection.commands,
            Administration.commands,
            Strings.commands,
            Keys.commands,
            Lists.commands,
            Hashes.commands,
            Sets.commands,
            SortedSets.commands,
            Sorting.commands,
            Databases.commands,
            MemoryCommands.commands,
            Introspection.commands,
            Transactions.commands,
            Messages.commands,
            AccessControl.commands,
            Cluster.commands,
            Debugging.commands,
            SlowLogCommands.commands + LatencyCommands.commands,
            Scripts.commands,
            OwnCommands.commands,
        ]
        return groups.flatMap { $0 }
    }
}
