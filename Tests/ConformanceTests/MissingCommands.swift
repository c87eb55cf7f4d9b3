/// Commands that the real server has and Larder lacks, with the reason. A command of this list
/// that comes to exist makes the comparison fail until it is struck out here.
struct MissingCommands {
    /// The commands, as COMMAND DOCS names them.
    let names: [String]
    /// Why.
    let reason: String

    /// Every one that Redis 7.0 has.
    static let all: [MissingCommands] = [
        MissingCommands(
            names: [
                "xack", "xadd", "xautoclaim", "xclaim", "xdel", "xgroup", "xgroup|create",
                "xgroup|createconsumer", "xgroup|delconsumer", "xgroup|destroy", "xgroup|help",
                "xgroup|setid", "xinfo", "xinfo|consumers", "xinfo|groups", "xinfo|help",
                "xinfo|stream", "xlen", "xpending", "xrange", "xread", "xreadgroup",
                "xrevrange", "xsetid", "xtrim",
            ],
            reason: "streams are a data type that is not there yet"),
        MissingCommands(
            names: [
                "geoadd", "geodist", "geohash", "geopos", "georadius", "georadius_ro",
                "georadiusbymember", "georadiusbymember_ro", "geosearch", "geosearchstore",
            ],
            reason: "places on the earth are not there yet"),
        MissingCommands(
            names: [
                "bitcount", "bitfield", "bitfield_ro", "bitop", "bitpos", "getbit", "setbit",
            ],
            reason: "strings as rows of bits are not there yet"),
        MissingCommands(
            names: ["pfadd", "pfcount", "pfdebug", "pfmerge", "pfselftest"],
            reason: "estimated counts of different elements are not there yet"),
        MissingCommands(
            names: [
                "eval", "eval_ro", "evalsha", "evalsha_ro", "fcall", "fcall_ro",
                "function|load", "function|restore", "script|debug", "script|load",
            ],
            reason: "scripts do not run yet; what looks after none of them is there"),
        MissingCommands(
            names: ["bgrewriteaof", "bgsave", "lastsave", "save"],
            reason: "nothing is written to disk yet"),
        MissingCommands(
            names: [
                "failover", "psync", "replconf", "replicaof", "restore-asking", "role",
                "slaveof", "sync",
            ],
            reason: "a node has no replicas yet and is none"),
        MissingCommands(
            names: [
                "cluster|addslots", "cluster|addslotsrange", "cluster|bumpepoch",
                "cluster|count-failure-reports", "cluster|countkeysinslot", "cluster|delslots",
                "cluster|delslotsrange", "cluster|failover", "cluster|flushslots",
                "cluster|forget", "cluster|getkeysinslot", "cluster|links", "cluster|meet",
                "cluster|replicas", "cluster|replicate", "cluster|reset", "cluster|saveconfig",
                "cluster|set-config-epoch", "cluster|setslot", "cluster|slaves", "migrate",
            ],
            reason: "a node is not part of a cluster; what clients ask at connect is answered"),
        MissingCommands(
            names: [
                "acl|deluser", "acl|dryrun", "acl|genpass", "acl|load", "acl|log", "acl|save",
                "acl|setuser",
            ],
            reason: "there is one user yet, `default`, and its password"),
        MissingCommands(
            names: [
                "module", "module|help", "module|list", "module|load", "module|loadex",
                "module|unload",
            ],
            reason: "modules are libraries compiled for the C interface of Redis; none can be "
                + "loaded here"),
    ]
}
