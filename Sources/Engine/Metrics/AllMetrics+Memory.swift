import Grammar
import Structures

// Memory as the node's own ledger counts it, and as the system sees the process.

extension AllMetrics {
    static let memory: [Metric] = use + scripts + bounds + overheads

    private static let use: [Metric] = [
        Metric("used_memory", .memory, .gauge, "Bytes that the node uses.") {
            .integer($0.usedMemory)
        }.in(.bytes).inCloudWatch(as: "BytesUsedForCache"),
        Metric("used_memory_human", .memory, .gauge, "The same for people.") {
            .size($0.usedMemory)
        }.in(.size),
        Metric("used_memory_rss", .memory, .gauge, "Bytes of the process in real memory.") {
            .integer($0.hostFacts.residentMemory)
        }.in(.bytes),
        Metric("used_memory_rss_human", .memory, .gauge, "The same for people.") {
            .size($0.hostFacts.residentMemory)
        }.in(.size),
        Metric("used_memory_peak", .memory, .gauge, "The most that was ever used.") {
            .integer($0.peakMemory)
        }.in(.bytes),
        Metric("used_memory_peak_human", .memory, .gauge, "The same for people.") {
            .size($0.peakMemory)
        }.in(.size),
        Metric("used_memory_peak_perc", .memory, .gauge, "Use now, of that.") {
            .percent(share($0.usedMemory, of: $0.peakMemory))
        }.in(.percent),
        Metric("used_memory_overhead", .memory, .gauge, "Bytes that hold no data.") {
            .integer($0.overheadMemory)
        }.in(.bytes),
        Metric("used_memory_startup", .memory, .fact, "Bytes used at the start.") {
            .integer($0.startMemory)
        }.in(.bytes),
        Metric("used_memory_dataset", .memory, .gauge, "Bytes of keys and values.") {
            .integer($0.ledger.entries)
        }.in(.bytes),
        Metric("used_memory_dataset_perc", .memory, .gauge, "Of what came since the start.") {
            .percent(share($0.ledger.entries, of: $0.usedMemory - $0.startMemory))
        }.in(.percent),
        Metric("allocator_allocated", .memory, .gauge, "Bytes asked of the allocator.") {
            .integer($0.usedMemory)
        }.in(.bytes),
        Metric("allocator_active", .memory, .gauge, "Bytes that it uses for them.") {
            .integer($0.usedMemory)
        }.in(.bytes),
        Metric("allocator_resident", .memory, .gauge, "Bytes that it holds.") {
            .integer($0.hostFacts.residentMemory)
        }.in(.bytes),
        Metric("total_system_memory", .memory, .fact, "The machine's memory.") {
            .integer($0.hostFacts.totalMemory)
        }.in(.bytes),
        Metric("total_system_memory_human", .memory, .fact, "The same for people.") {
            .size($0.hostFacts.totalMemory)
        }.in(.size),
    ]

    private static let scripts: [Metric] = [
        .none("used_memory_lua", .memory, "Bytes of the scripts' machine.", .scripts).in(.bytes),
        .none("used_memory_vm_eval", .memory, "Bytes of the scripts' machine.", .scripts).in(
            .bytes),
        .fixed("used_memory_lua_human", .memory, .size(0), "The same for people.", .scripts).in(
            .size),
        .none("used_memory_scripts_eval", .memory, "Bytes of scripts.", .scripts).in(.bytes),
        .none("number_of_cached_scripts", .memory, "Scripts that are kept.", .scripts),
        .none("number_of_functions", .memory, "Functions.", .scripts),
        .none("number_of_libraries", .memory, "Libraries of functions.", .scripts),
        .none("used_memory_vm_functions", .memory, "Bytes of the functions' machine.", .scripts).in(
            .bytes),
        .none("used_memory_vm_total", .memory, "Bytes of both machines.", .scripts).in(.bytes),
        .fixed("used_memory_vm_total_human", .memory, .size(0), "The same for people.", .scripts)
            .in(.size),
        .none("used_memory_functions", .memory, "Bytes of functions.", .scripts).in(.bytes),
        .none("used_memory_scripts", .memory, "Bytes of scripts and functions.", .scripts).in(
            .bytes),
        .fixed("used_memory_scripts_human", .memory, .size(0), "The same for people.", .scripts).in(
            .size),
    ]

    private static let bounds: [Metric] = [
        Metric("maxmemory", .memory, .fact, "The most memory; 0 is no bound.") {
            .text($0.settingText("maxmemory"))
        }.in(.bytes),
        Metric("maxmemory_human", .memory, .fact, "The same for people.") {
            .size($0.settings.maximumMemory)
        }.in(.size),
        Metric("maxmemory_policy", .memory, .fact, "What goes when memory is short.") {
            .text($0.settings.evictionPolicy.rawValue)
        }.in(.text),
        .fixed(
            "allocator_frag_ratio", .memory, .fixed(1, 2), "Waste inside the allocator.", .allocator
        ).in(.ratio),
        .none("allocator_frag_bytes", .memory, "The same in bytes.", .allocator).in(.bytes),
        Metric("allocator_rss_ratio", .memory, .gauge, "What the allocator holds, of its use.") {
            .fixed(ratio($0), 2)
        }.in(.ratio),
        Metric("allocator_rss_bytes", .memory, .gauge, "What it holds beyond that.") {
            .integer($0.hostFacts.residentMemory - $0.usedMemory)
        }.in(.bytes),
        .fixed(
            "rss_overhead_ratio", .memory, .fixed(1, 2), "What is not the allocator's.", .allocator
        ).in(.ratio),
        .none("rss_overhead_bytes", .memory, "The same in bytes.", .allocator).in(.bytes),
        Metric("mem_fragmentation_ratio", .memory, .gauge, "Real memory, of use.") {
            .fixed(ratio($0), 2)
        }.in(.ratio).inCloudWatch(as: "MemoryFragmentationRatio"),
        Metric("mem_fragmentation_bytes", .memory, .gauge, "Real memory beyond use.") {
            .integer($0.hostFacts.residentMemory - $0.usedMemory)
        }.in(.bytes),
    ]

    private static let overheads: [Metric] = [
        .none("mem_not_counted_for_evict", .memory, "Bytes that eviction leaves out.", .replicas)
            .in(.bytes),
        .none("mem_replication_backlog", .memory, "Bytes of changes kept for replicas.", .replicas)
            .in(.bytes),
        .none("mem_total_replication_buffers", .memory, "Bytes that wait for replicas.", .replicas)
            .in(.bytes),
        .none("mem_clients_slaves", .memory, "Bytes of connections to replicas.", .replicas).in(
            .bytes),
        Metric("mem_clients_normal", .memory, .gauge, "Bytes of connections.") {
            .integer($0.sessionMemory)
        }.in(.bytes),
        .none("mem_cluster_links", .memory, "Bytes of links in the cluster.", .cluster).in(.bytes),
        .none("mem_aof_buffer", .memory, "Bytes that wait for the log.", .files).in(.bytes),
        .fixed("mem_allocator", .memory, .text("libc"), "Which allocator it is.", .allocatorName)
            .in(.text),
        Metric(
            "mem_overhead_db_hashtable_rehashing", .memory, .gauge,
            "Bytes of key tables that are being resized."
        ) { .integer($0.resizingMemory) }.in(.bytes).only(.valkey80),
        .none("active_defrag_running", .memory, "Whether values are being moved.", .defragmentation)
            .in(.flag),
        Metric("lazyfree_pending_objects", .memory, .gauge, "Values to be freed.") {
            .integer($0.retiredCount)
        },
        .none("lazyfreed_objects", .memory, "Values freed in the background.", .freeing),
    ]

    private static func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) * 100 : 0
    }

    private static func ratio(_ store: borrowing Store) -> Double {
        let used = store.usedMemory
        return used > 0 ? Double(store.hostFacts.residentMemory) / Double(used) : 0
    }
}
