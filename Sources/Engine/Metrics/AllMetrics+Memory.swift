import Grammar
import Structures

// Memory as the node's own ledger counts it, and as the system sees the process.

extension AllMetrics {
    static let memory: [Metric] = use + scripts + bounds + overheads

    private static let use: [Metric] = [
        Metric("used_memory", .memory, .gauge, "Bytes that the node uses.") {
            .integer($0.usedMemory)
        },
        Metric("used_memory_human", .memory, .gauge, "The same for people.") {
            .size($0.usedMemory)
        },
        Metric("used_memory_rss", .memory, .gauge, "Bytes of the process in real memory.") {
            .integer($0.hostFacts.residentMemory)
        },
        Metric("used_memory_rss_human", .memory, .gauge, "The same for people.") {
            .size($0.hostFacts.residentMemory)
        },
        Metric("used_memory_peak", .memory, .gauge, "The most that was ever used.") {
            .integer($0.peakMemory)
        },
        Metric("used_memory_peak_human", .memory, .gauge, "The same for people.") {
            .size($0.peakMemory)
        },
        Metric("used_memory_peak_perc", .memory, .gauge, "Use now, of that.") {
            .percent(share($0.usedMemory, of: $0.peakMemory))
        },
        Metric("used_memory_overhead", .memory, .gauge, "Bytes that hold no data.") {
            .integer($0.overheadMemory)
        },
        Metric("used_memory_startup", .memory, .fact, "Bytes used at the start.") {
            .integer($0.startMemory)
        },
        Metric("used_memory_dataset", .memory, .gauge, "Bytes of keys and values.") {
            .integer($0.ledger.entries)
        },
        Metric("used_memory_dataset_perc", .memory, .gauge, "Of what came since the start.") {
            .percent(share($0.ledger.entries, of: $0.usedMemory - $0.startMemory))
        },
        Metric("allocator_allocated", .memory, .gauge, "Bytes asked of the allocator.") {
            .integer($0.usedMemory)
        },
        Metric("allocator_active", .memory, .gauge, "Bytes that it uses for them.") {
            .integer($0.usedMemory)
        },
        Metric("allocator_resident", .memory, .gauge, "Bytes that it holds.") {
            .integer($0.hostFacts.residentMemory)
        },
        Metric("total_system_memory", .memory, .fact, "The machine's memory.") {
            .integer($0.hostFacts.totalMemory)
        },
        Metric("total_system_memory_human", .memory, .fact, "The same for people.") {
            .size($0.hostFacts.totalMemory)
        },
    ]

    private static let scripts: [Metric] = [
        .none("used_memory_lua", .memory, "Bytes of the scripts' machine."),
        .none("used_memory_vm_eval", .memory, "Bytes of the scripts' machine."),
        .fixed("used_memory_lua_human", .memory, .size(0), "The same for people."),
        .none("used_memory_scripts_eval", .memory, "Bytes of scripts."),
        .none("number_of_cached_scripts", .memory, "Scripts that are kept."),
        .none("number_of_functions", .memory, "Functions."),
        .none("number_of_libraries", .memory, "Libraries of functions."),
        .none("used_memory_vm_functions", .memory, "Bytes of the functions' machine."),
        .none("used_memory_vm_total", .memory, "Bytes of both machines."),
        .fixed("used_memory_vm_total_human", .memory, .size(0), "The same for people."),
        .none("used_memory_functions", .memory, "Bytes of functions."),
        .none("used_memory_scripts", .memory, "Bytes of scripts and functions."),
        .fixed("used_memory_scripts_human", .memory, .size(0), "The same for people."),
    ]

    private static let bounds: [Metric] = [
        Metric("maxmemory", .memory, .fact, "The most memory; 0 is no bound.") {
            .text($0.settingText("maxmemory"))
        },
        Metric("maxmemory_human", .memory, .fact, "The same for people.") {
            .size($0.settings.maximumMemory)
        },
        Metric("maxmemory_policy", .memory, .fact, "What goes when memory is short.") {
            .text($0.settings.evictionPolicy.rawValue)
        },
        .fixed("allocator_frag_ratio", .memory, .fixed(1, 2), "Waste inside the allocator."),
        .none("allocator_frag_bytes", .memory, "The same in bytes."),
        Metric("allocator_rss_ratio", .memory, .gauge, "What the allocator holds, of its use.") {
            .fixed(ratio($0), 2)
        },
        Metric("allocator_rss_bytes", .memory, .gauge, "What it holds beyond that.") {
            .integer($0.hostFacts.residentMemory - $0.usedMemory)
        },
        .fixed("rss_overhead_ratio", .memory, .fixed(1, 2), "What is not the allocator's."),
        .none("rss_overhead_bytes", .memory, "The same in bytes."),
        Metric("mem_fragmentation_ratio", .memory, .gauge, "Real memory, of use.") {
            .fixed(ratio($0), 2)
        },
        Metric("mem_fragmentation_bytes", .memory, .gauge, "Real memory beyond use.") {
            .integer($0.hostFacts.residentMemory - $0.usedMemory)
        },
    ]

    private static let overheads: [Metric] = [
        .none("mem_not_counted_for_evict", .memory, "Bytes that eviction leaves out."),
        .none("mem_replication_backlog", .memory, "Bytes of changes kept for replicas."),
        .none("mem_total_replication_buffers", .memory, "Bytes that wait for replicas."),
        .none("mem_clients_slaves", .memory, "Bytes of connections to replicas."),
        Metric("mem_clients_normal", .memory, .gauge, "Bytes of connections.") {
            .integer($0.sessionMemory)
        },
        .none("mem_cluster_links", .memory, "Bytes of links in the cluster."),
        .none("mem_aof_buffer", .memory, "Bytes that wait for the log."),
        .fixed("mem_allocator", .memory, .text("libc"), "Which allocator it is."),
        Metric(
            "mem_overhead_db_hashtable_rehashing", .memory, .gauge,
            "Bytes of key tables that are being resized."
        ) { .integer($0.resizingMemory) }.only(.valkey80),
        .none("active_defrag_running", .memory, "Whether values are being moved."),
        Metric("lazyfree_pending_objects", .memory, .gauge, "Values to be freed.") {
            .integer($0.retiredCount)
        },
        .none("lazyfreed_objects", .memory, "Values freed in the background."),
    ]

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) * 100 : 0
    }

    private static func ratio(_ store: borrowing Store) -> Double {
        let used = store.usedMemory
        return used > 0 ? Double(store.hostFacts.residentMemory) / Double(used) : 0
    }
}
