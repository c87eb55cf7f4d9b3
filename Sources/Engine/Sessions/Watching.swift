import Bytes
import Structures

// WATCH: a session that watches a key learns at EXEC whether anybody has changed it since.
//
// Every change of a value passes through Keyspace+Modify, which reports the key here. As long as
// nobody watches anything that is one comparison. A key that had expired when it was watched, but
// still stood, is as good as absent: that it is then removed is no change.

/// A key that a session watches.
struct WatchedKey {
    let name: DatabaseKey
    /// True when it had expired already and stood only because nobody had asked for it.
    var wasExpired: Bool
}

extension Store {
    /// Makes a session watch a key of its database.
    mutating func watch(_ key: RawSpan, _ session: Int) {
        guard let holder = sessions[session] else { return }
        let name = DatabaseKey(database: holder.database, key: ByteString(key))
        if holder.watched.contains(where: { $0.name == name }) { return }
        holder.watched.append(WatchedKey(name: name, wasExpired: hasExpired(name)))
        watchers[name, default: []].append(session)
        noteObservers()
    }

    /// Makes a session forget what it watches.
    mutating func unwatch(_ session: Int) {
        guard let holder = sessions[session], !holder.watched.isEmpty else { return }
        for watched in holder.watched {
            watchers[watched.name]?.removeAll { $0 == session }
            if watchers[watched.name]?.isEmpty == true { watchers[watched.name] = nil }
        }
        holder.watched = []
        settleSession(session)
        noteObservers()
    }

    /// True when a key that the session watches has expired since it was watched.
    func hasWatchedExpired(_ session: Int) -> Bool {
        guard let holder = sessions[session] else { return false }
        return holder.watched.contains { !$0.wasExpired && hasExpired($0.name) }
    }

    /// Tells the sessions that watch a key that it has changed; `byExpiry` says that its time has
    /// come and it is removed for that.
    @inline(never)
    mutating func touchWatchers(_ key: RawSpan, database: Int, byExpiry: Bool = false) {
        let name = DatabaseKey(database: database, key: ByteString(key))
        guard let touched = watchers[name] else { return }
        for session in touched {
            guard let holder = sessions[session],
                let place = holder.watched.firstIndex(where: { $0.name == name })
            else { continue }
            if byExpiry, holder.watched[place].wasExpired {
                holder.watched[place].wasExpired = false
                continue
            }
            holder.isDirty = true
            // One change is enough; what else it watches does not matter any more.
            unwatch(session)
        }
    }

    /// Called before a database is emptied, or its content is replaced by that of another one.
    mutating func touchWatched(database: Int, replacedBy other: Int?) {
        if watchers.isEmpty { return }
        for case let holder? in sessions where !holder.watched.isEmpty {
            for place in holder.watched.indices {
                let name = holder.watched[place].name
                if name.database != database { continue }
                let standsNow = stands(name)
                var standsThen = false
                var isExpiredThen = false
                if let other {
                    let next = DatabaseKey(database: other, key: name.key)
                    standsThen = stands(next)
                    isExpiredThen = hasExpired(next)
                }
                guard standsNow || standsThen else { continue }
                if holder.watched[place].wasExpired {
                    if !standsThen { holder.watched[place].wasExpired = false }
                    if !standsThen || isExpiredThen { continue }
                } else if !standsNow, isExpiredThen {
                    holder.watched[place].wasExpired = true
                    continue
                }
                holder.isDirty = true
            }
        }
    }

    private func stands(_ name: DatabaseKey) -> Bool {
        let key = name.key.rawSpan
        let hash = keyspaces[name.database].table.hash(of: key)
        return keyspaces[name.database].table.find(key, hash: hash) != nil
    }

    private func hasExpired(_ name: DatabaseKey) -> Bool {
        let key = name.key.rawSpan
        let hash = keyspaces[name.database].table.hash(of: key)
        guard let slot = keyspaces[name.database].table.find(key, hash: hash),
            let expiry = keyspaces[name.database].table.record(at: slot).expiry
        else { return false }
        return expiry < now.wall.milliseconds
    }
}
