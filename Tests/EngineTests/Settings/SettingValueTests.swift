import Bytes
import Engine
import Grammar
import Testing

/// What settings take, and how they print it: each line is a setting, a value as it is typed, and
/// what CONFIG GET prints then, or the reason of the refusal behind a `!`. The lines of a setting
/// build on each other. All were asked from redis-server 7.0.15.
@Suite("The values of settings")
struct SettingValueTests {
    @Test("Words of each kind", arguments: [words, numbers])
    func values(table: String) {
        let node = TestNode()
        for line in table.split(separator: "\n") {
            let name = line.prefix { $0 != " " }
            let arrow = line.range(of: " ->")
            let value = line[line.index(after: name.endIndex)..<arrow.lowerBound]
            let wanted = line[arrow.upperBound...].dropFirst()
            let reply = node.send("CONFIG SET \(name) \(value)")
            if wanted.hasPrefix("! ") {
                let refusal = """
                    -ERR CONFIG SET failed (possibly related to argument '\(name)') - \
                    \(wanted.dropFirst(2))\r\n
                    """
                #expect(reply == refusal, "\(line)")
            } else {
                #expect(reply == "+OK\r\n", "\(line)")
                #expect(node.lines("CONFIG GET \(name)")[4] == String(wanted), "\(line)")
            }
        }
    }

    private static let words = #"""
        appendonly "YES" -> yes
        appendonly "no" -> no
        appendonly "1" -> ! argument must be 'yes' or 'no'
        appendonly "" -> ! argument must be 'yes' or 'no'
        maxmemory-policy "ALLKEYS-LRU" -> allkeys-lru
        maxmemory-policy "noeviction " -> ! argument(s) must be one of the following: \#
        volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, \#
        allkeys-lfu, allkeys-random, noeviction
        maxmemory-policy "" -> ! argument(s) must be one of the following: volatile-lru, \#
        volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, \#
        allkeys-random, noeviction
        maxmemory-policy "noeviction" -> noeviction
        shutdown-on-sigint "save now" -> save now
        shutdown-on-sigint "now  save" -> ! argument(s) must be one of the following: \#
        default, save, nosave, now, force
        shutdown-on-sigint "now now" -> now
        shutdown-on-sigint "save nosave" -> ! shutdown options SAVE and NOSAVE can't be \#
        used simultaneously
        shutdown-on-sigint "default" -> default
        shutdown-on-sigint "" -> ! argument(s) must be one of the following: default, \#
        save, nosave, now, force
        shutdown-on-sigint "default force" -> force
        shutdown-on-sigint "force now save" -> save now force
        shutdown-on-sigint "DEFAULT" -> default
        client-output-buffer-limit "normal 1 2 3" -> normal 1 2 3 slave 268435456 \#
        67108864 60 pubsub 33554432 8388608 60
        client-output-buffer-limit "normal 1mb 2kb 3 replica 0 0 0" -> normal 1048576 \#
        2048 3 slave 0 0 0 pubsub 33554432 8388608 60
        client-output-buffer-limit "normal 1" -> ! Wrong number of arguments in buffer \#
        limit configuration.
        client-output-buffer-limit "foo 1 2 3" -> ! Invalid client class specified in \#
        buffer limit configuration.
        client-output-buffer-limit "master 1 2 3" -> ! Invalid client class specified in \#
        buffer limit configuration.
        client-output-buffer-limit "normal a 2 3" -> ! Error in hard, soft or \#
        soft_seconds setting in buffer limit configuration.
        client-output-buffer-limit "normal 1 2 -3" -> ! Error in hard, soft or \#
        soft_seconds setting in buffer limit configuration.
        client-output-buffer-limit "normal 1 2 3a" -> ! Error in hard, soft or \#
        soft_seconds setting in buffer limit configuration.
        client-output-buffer-limit "" -> normal 1048576 2048 3 slave 0 0 0 pubsub \#
        33554432 8388608 60
        client-output-buffer-limit "normal 1 2 3 foo 1 2 3" -> ! Invalid client class \#
        specified in buffer limit configuration.
        client-output-buffer-limit "normal 0 0 0" -> normal 0 0 0 slave 0 0 0 pubsub \#
        33554432 8388608 60
        client-output-buffer-limit "slave 256mb 64mb 60 PUBSUB 32mb 8mb 60" -> normal 0 0 \#
        0 slave 268435456 67108864 60 pubsub 33554432 8388608 60
        save "900 1" -> 900 1
        save "900 1 300 10" -> 900 1 300 10
        save "900" -> ! Invalid save parameters
        save "a b" -> ! Invalid save parameters
        save "0 1" -> ! Invalid save parameters
        save "1 0" -> 1 0
        save "-1 1" -> ! Invalid save parameters
        save "" ->
        save "900 1 300" -> ! Invalid save parameters
        notify-keyspace-events "KEA" -> AKE
        notify-keyspace-events "AKE" -> AKE
        notify-keyspace-events "Kg" -> gK
        notify-keyspace-events "gK" -> gK
        notify-keyspace-events "K$lshzxetdmn" -> $lshzxetdnKm
        notify-keyspace-events "nmE" -> nEm
        notify-keyspace-events "g$lshzxetdK" -> AK
        notify-keyspace-events "Q" -> ! Invalid event class character. Use 'Ag$lshzxeKEtmdn'.
        notify-keyspace-events "" ->
        oom-score-adj-values "0 200 800" -> 0 200 800
        oom-score-adj-values "1 2" -> ! wrong number of arguments
        oom-score-adj-values "a b c" -> ! Invalid oom-score-adj-values, elements must be \#
        between -2000 and 2000.
        oom-score-adj-values "3000 1 2" -> ! Invalid oom-score-adj-values, elements must \#
        be between -2000 and 2000.
        oom-score-adj-values "-3000 1 2" -> ! Invalid oom-score-adj-values, elements must \#
        be between -2000 and 2000.
        oom-score-adj-values "5 1 2" -> 5 1 2
        oom-score-adj-values "1 2 3 4" -> ! wrong number of arguments
        oom-score-adj-values "2001 1 2" -> ! Invalid oom-score-adj-values, elements must \#
        be between -2000 and 2000.
        oom-score-adj-values "0 200 800" -> 0 200 800
        latency-tracking-info-percentiles "50 99 99.9" -> 50 99 99.9
        latency-tracking-info-percentiles "" ->
        latency-tracking-info-percentiles "1e1 50.0 99.90 33.333333" -> 10 50 99.9 33.333333
        latency-tracking-info-percentiles "a" -> ! Invalid \#
        latency-tracking-info-percentiles parameters
        latency-tracking-info-percentiles "50 a" -> ! Invalid \#
        latency-tracking-info-percentiles parameters
        latency-tracking-info-percentiles "101" -> ! latency-tracking-info-percentiles \#
        parameters should sit between [0.0,100.0]
        latency-tracking-info-percentiles "-1" -> ! latency-tracking-info-percentiles \#
        parameters should sit between [0.0,100.0]
        latency-tracking-info-percentiles "0 100" -> 0 100
        latency-tracking-info-percentiles "50 99 99.9" -> 50 99 99.9
        bind "127.0.0.1" -> 127.0.0.1
        bind "* -::*" -> * -::*
        bind "" ->
        bind "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17" -> ! Too many bind addresses specified.
        bind "* -::*" -> * -::*
        tls-port "1" -> ! Unable to update TLS configuration. Check server logs.
        cluster-announce-hostname "a.b-c" -> a.b-c
        cluster-announce-hostname "a_b" -> ! Hostnames may only contain alphanumeric \#
        characters, hyphens or dots
        cluster-announce-hostname "" ->
        proc-title-template "{foo}" -> ! template format is invalid or contains unknown \#
        variables
        proc-title-template "{title}" -> ! template format is invalid or contains unknown \#
        variables
        proc-title-template "{title" -> ! template format is invalid or contains unknown \#
        variables
        proc-title-template "{title} {listen-addr} {server-mode}" -> {title} \#
        {listen-addr} {server-mode}
        requirepass "" ->
        hz "0" -> 1
        hz "1" -> 1
        hz "500" -> 500
        hz "501" -> 500
        hz "10" -> 10
        maxclients "5" -> 5
        maxclients "10000" -> 10000
        ignore-warnings "ARM64-COW-BUG" -> ARM64-COW-BUG
        ignore-warnings "foo" -> foo
        ignore-warnings "" ->
        replica-announce-ip "a b" -> a b
        replica-announce-ip "" ->
        masterauth "x" -> x
        masterauth "" ->
        loglevel "DEBUG" -> debug
        loglevel "notice" -> notice
        tls-cluster "yes" -> ! Unable to update TLS configuration. Check server logs.
        tls-replication "yes" -> ! Unable to update TLS configuration. Check server logs.
        activedefrag "yes" -> ! Active defragmentation cannot be enabled: it requires a \#
        Redis server compiled with a modified Jemalloc like the one shipped by default \#
        with the Redis source distribution
        activedefrag "no" -> no
        acl-pubsub-default "x" -> ! argument(s) must be one of the following: \#
        allchannels, resetchannels
        enable-debug-command "yes" -> ! can't set immutable config
        rdb-key-save-delay "5" -> 5
        watchdog-period "10" -> 200
        watchdog-period "0" -> 0
        crash-log-enabled "no" -> no
        crash-log-enabled "yes" -> yes
        disable-thp "no" -> ! can't set immutable config
        replicaof "a 1" -> ! can't set immutable config
        appendfilename "a/b" -> ! can't set immutable config
        list-max-listpack-size "0" -> 0
        list-max-listpack-size "-5" -> -5
        list-max-listpack-size "-2" -> -2
        min-replicas-to-write "1" -> 1
        min-slaves-to-write "0" -> 0
        repl-backlog-size "1" -> 16384
        repl-backlog-size "1mb" -> 1048576
        lua-time-limit "1" -> 1
        busy-reply-threshold "5000" -> 5000
        bind-source-addr "x" -> x
        bind-source-addr "" ->
        stream-node-max-bytes "\x00" -> 0
        ignore-warnings "a\x00b" -> a
        notify-keyspace-events "K\x00E" -> K
        """#

    private static let numbers = #"""
        maxmemory "-1" -> ! argument must be a memory value
        maxmemory "0" -> 0
        maxmemory "1kb" -> 1024
        maxmemory "1KB" -> 1024
        maxmemory "1k" -> 1000
        maxmemory "1mb" -> 1048576
        maxmemory "1gb" -> 1073741824
        maxmemory "1g" -> 1000000000
        maxmemory "10b" -> 10
        maxmemory "1.5mb" -> ! argument must be a memory value
        maxmemory "1tb" -> ! argument must be a memory value
        maxmemory " 1" -> ! argument must be a memory value
        maxmemory "1 " -> ! argument must be a memory value
        maxmemory "0x10" -> ! argument must be a memory value
        maxmemory "+5" -> ! argument must be a memory value
        maxmemory "" -> 0
        maxmemory "5%" -> ! argument must be a memory value
        maxmemory "100%" -> ! argument must be a memory value
        maxmemory "101%" -> ! argument must be a memory value
        maxmemory "0%" -> ! argument must be a memory value
        maxmemory "-5%" -> ! argument must be a memory value
        maxmemory "%" -> ! argument must be a memory value
        maxmemory "5 %" -> ! argument must be a memory value
        maxmemory "05" -> 5
        maxmemory "9999999999999999999999" -> 18446744073709551615
        maxmemory "99999999999999gb" -> 14131891009335853056
        maxmemory-clients "-1" -> ! argument must be a memory or percent value
        maxmemory-clients "0" -> 0
        maxmemory-clients "1kb" -> 1024
        maxmemory-clients "1KB" -> 1024
        maxmemory-clients "1k" -> 1000
        maxmemory-clients "1mb" -> 1048576
        maxmemory-clients "1gb" -> 1073741824
        maxmemory-clients "1g" -> 1000000000
        maxmemory-clients "10b" -> 10
        maxmemory-clients "1.5mb" -> ! argument must be a memory or percent value
        maxmemory-clients "1tb" -> ! argument must be a memory or percent value
        maxmemory-clients " 1" -> ! argument must be a memory or percent value
        maxmemory-clients "1 " -> ! argument must be a memory or percent value
        maxmemory-clients "0x10" -> ! argument must be a memory or percent value
        maxmemory-clients "+5" -> ! argument must be a memory or percent value
        maxmemory-clients "" -> 0
        maxmemory-clients "5%" -> 5%
        maxmemory-clients "100%" -> 100%
        maxmemory-clients "101%" -> ! percentage argument must be less or equal to 100
        maxmemory-clients "0%" -> 0
        maxmemory-clients "-5%" -> ! argument must be a memory or percent value
        maxmemory-clients "%" -> ! argument must be a memory or percent value
        maxmemory-clients "5 %" -> ! argument must be a memory or percent value
        maxmemory-clients "05" -> 5
        maxmemory-clients "9999999999999999999999" -> 1%
        maxmemory-clients "99999999999999gb" -> ! percentage argument must be less or \#
        equal to 100
        proto-max-bulk-len "-1" -> ! argument must be a memory value
        proto-max-bulk-len "0" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        proto-max-bulk-len "1kb" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        proto-max-bulk-len "1KB" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        proto-max-bulk-len "1k" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        proto-max-bulk-len "1mb" -> 1048576
        proto-max-bulk-len "1gb" -> 1073741824
        proto-max-bulk-len "1g" -> 1000000000
        proto-max-bulk-len "10b" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        proto-max-bulk-len "1.5mb" -> ! argument must be a memory value
        proto-max-bulk-len "1tb" -> ! argument must be a memory value
        proto-max-bulk-len " 1" -> ! argument must be a memory value
        proto-max-bulk-len "1 " -> ! argument must be a memory value
        proto-max-bulk-len "0x10" -> ! argument must be a memory value
        proto-max-bulk-len "+5" -> ! argument must be a memory value
        proto-max-bulk-len "" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        proto-max-bulk-len "5%" -> ! argument must be a memory value
        proto-max-bulk-len "100%" -> ! argument must be a memory value
        proto-max-bulk-len "101%" -> ! argument must be a memory value
        proto-max-bulk-len "0%" -> ! argument must be a memory value
        proto-max-bulk-len "-5%" -> ! argument must be a memory value
        proto-max-bulk-len "%" -> ! argument must be a memory value
        proto-max-bulk-len "5 %" -> ! argument must be a memory value
        proto-max-bulk-len "05" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        proto-max-bulk-len "9999999999999999999999" -> ! argument must be between 1048576 \#
        and 9223372036854775807 inclusive
        proto-max-bulk-len "99999999999999gb" -> ! argument must be between 1048576 and \#
        9223372036854775807 inclusive
        timeout "-1" -> ! argument must be between 0 and 2147483647 inclusive
        timeout "0" -> 0
        timeout "1kb" -> ! argument couldn't be parsed into an integer
        timeout "1KB" -> ! argument couldn't be parsed into an integer
        timeout "1k" -> ! argument couldn't be parsed into an integer
        timeout "1mb" -> ! argument couldn't be parsed into an integer
        timeout "1gb" -> ! argument couldn't be parsed into an integer
        timeout "1g" -> ! argument couldn't be parsed into an integer
        timeout "10b" -> ! argument couldn't be parsed into an integer
        timeout "1.5mb" -> ! argument couldn't be parsed into an integer
        timeout "1tb" -> ! argument couldn't be parsed into an integer
        timeout " 1" -> ! argument couldn't be parsed into an integer
        timeout "1 " -> ! argument couldn't be parsed into an integer
        timeout "0x10" -> ! argument couldn't be parsed into an integer
        timeout "+5" -> ! argument couldn't be parsed into an integer
        timeout "" -> ! argument couldn't be parsed into an integer
        timeout "5%" -> ! argument couldn't be parsed into an integer
        timeout "100%" -> ! argument couldn't be parsed into an integer
        timeout "101%" -> ! argument couldn't be parsed into an integer
        timeout "0%" -> ! argument couldn't be parsed into an integer
        timeout "-5%" -> ! argument couldn't be parsed into an integer
        timeout "%" -> ! argument couldn't be parsed into an integer
        timeout "5 %" -> ! argument couldn't be parsed into an integer
        timeout "05" -> ! argument couldn't be parsed into an integer
        timeout "9999999999999999999999" -> ! argument couldn't be parsed into an integer
        timeout "99999999999999gb" -> ! argument couldn't be parsed into an integer
        maxmemory-clients "0" -> 0
        maxmemory-clients "1000" -> 1000
        maxmemory-clients "9223372036854775807" -> 9223372036854775807
        maxmemory-clients "9223372036854775808" -> ! percentage argument must be less or \#
        equal to 100
        maxmemory-clients "18446744073709551615" -> 1%
        repl-backlog-size "0" -> ! argument must be between 1 and 9223372036854775807 inclusive
        repl-backlog-size "1000" -> 16384
        repl-backlog-size "9223372036854775807" -> 9223372036854775807
        repl-backlog-size "9223372036854775808" -> ! argument must be between 1 and \#
        9223372036854775807 inclusive
        repl-backlog-size "18446744073709551615" -> ! argument must be between 1 and \#
        9223372036854775807 inclusive
        cluster-link-sendbuf-limit "0" -> 0
        cluster-link-sendbuf-limit "1000" -> 1000
        cluster-link-sendbuf-limit "9223372036854775807" -> 9223372036854775807
        cluster-link-sendbuf-limit "9223372036854775808" -> 9223372036854775808
        cluster-link-sendbuf-limit "18446744073709551615" -> 18446744073709551615
        hash-max-listpack-value "0" -> 0
        hash-max-listpack-value "1000" -> 1000
        hash-max-listpack-value "9223372036854775807" -> 9223372036854775807
        hash-max-listpack-value "9223372036854775808" -> ! argument must be between 0 and \#
        9223372036854775807 inclusive
        hash-max-listpack-value "18446744073709551615" -> ! argument must be between 0 \#
        and 9223372036854775807 inclusive
        notify-keyspace-events "AKEn" -> AKE
        notify-keyspace-events "AKEm" -> AKEm
        notify-keyspace-events "nKE" -> nKE
        notify-keyspace-events "g$lshzxetdn" -> A
        notify-keyspace-events "A" -> A
        notify-keyspace-events "An" -> A
        """#
}

extension Substring {
    /// Where `mark` first stands; the line has one.
    fileprivate func range(of mark: String) -> Range<Index> {
        var start = startIndex
        while !self[start...].hasPrefix(mark) { start = index(after: start) }
        return start..<index(start, offsetBy: mark.count)
    }
}
