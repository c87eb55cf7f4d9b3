import Bytes
import Structures

// The one place where values change. Whatever a command does to a key goes through here, so that
// the ledger, the table's marks and the count of changes cannot be forgotten by a handler.

/// What becomes of the expiry of a key that gets a new value.
enum NewExpiry: Equatable {
    /// The key does not expire any more.
    case clear
    /// It stays as it is.
    case keep
    /// The key expires at this wall time, in milliseconds.
    case at(Int64)
}

extension Store {
    // MARK: Whole values

    /// Gives `key` the string `value`. `location` is what a lookup of the key found.
    @inline(__always)
    mutating func assign(
        _ key: RawSpan, _ value: RawSpan, _ expiry: NewExpiry = .clear, at location: Location?
    ) {
        if let number = value.canonicalInteger {
            return assign(key, integer: number, expiry, at: location)
        }
        assign(key, text: value, expiry, at: location)
    }

    /// Gives `key` the string `value`, which stays text even when it is a number.
    @inline(__always)
    mutating func assign(
        _ key: RawSpan, text value: RawSpan, _ expiry: NewExpiry, at location: Location?
    ) {
        let length = value.byteCount
        let encoding: Encoding = length <= Entry.embeddedLimit ? .embedded : .raw
        if let location, length <= Entry.inlineLimit,
            overwriteInline(location, value, encoding, expiry)
        {
            return changed(key)
        }
        assignAnew(key, value, encoding, expiry, at: location)
    }

    /// Writes into the block that the key has, when it fits without waste.
    @inline(__always)
    private mutating func overwriteInline(
        _ location: Location, _ value: RawSpan, _ encoding: Encoding, _ expiry: NewExpiry
    ) -> Bool {
        let entry = location.entry
        let flags = entry.flags
        if flags.contains(.hasPayload) { return false }
        if case .at = expiry, !flags.contains(.hasExpiry) { return false }
        let room = entry.inlineRoom
        let length = value.byteCount
        guard length <= room, room - length <= 16 + length / 4 else { return false }
        entry.kind = Entry.kind(.string, encoding)
        entry.setInlineValue(value)
        if flags.contains(.hasExpiry) { renewExpiry(location, expiry) }
        return true
    }

    @inline(never)
    private mutating func assignAnew(
        _ key: RawSpan, _ value: RawSpan, _ encoding: Encoding, _ expiry: NewExpiry,
        at location: Location?
    ) {
        let isLong = value.byteCount > Entry.inlineLimit
        let record = newRecord(
            key, Entry.kind(.string, encoding), isLong ? [.hasPayload] : [], expiry,
            inline: isLong ? 0 : value.byteCount, at: location)
        if isLong {
            record.payload = Blob.allocate(value).payload
        } else {
            record.setInlineValue(value)
        }
        settle(record, at: location, hash: location?.hash)
        changed(key)
    }

    /// Gives `key` a number as its value.
    @inline(__always)
    mutating func assign(
        _ key: RawSpan, integer: Int64, _ expiry: NewExpiry = .clear, at location: Location?
    ) {
        if let location {
            let flags = location.entry.flags
            var fits = location.entry.kind == Entry.kind(.string, .integer)
            if case .at = expiry, !flags.contains(.hasExpiry) { fits = false }
            if fits {
                location.entry.payload = UInt64(bitPattern: integer)
                if flags.contains(.hasExpiry) { renewExpiry(location, expiry) }
                return changed(key)
            }
        }
        let record = newRecord(
            key, Entry.kind(.string, .integer), [.hasPayload], expiry, inline: 0, at: location)
        record.payload = UInt64(bitPattern: integer)
        settle(record, at: location, hash: location?.hash)
        changed(key)
    }

    /// A record for `key` with the expiry that it is to have.
    func newRecord(
        _ key: RawSpan, _ kind: UInt8, _ flags: Record.Flags, _ expiry: NewExpiry, inline: Int,
        at location: Location?
    ) -> Record {
        var time: Int64?
        switch expiry {
        case .clear: time = nil
        case .keep: time = location?.entry.expiry
        case .at(let milliseconds): time = milliseconds
        }
        let record = Record.allocate(
            key: key, kind: kind, flags: time == nil ? flags : flags.union(.hasExpiry),
            clock: location?.entry.clock ?? accessClock.initial, inline: inline)
        if let time { record.setExpiry(time) }
        return record
    }

    /// Puts a record into the selected database, in the place of the one at `location`.
    /// - Parameter isAnnounced: true when it was published already that the key is new.
    mutating func settle(
        _ record: Record, at location: Location?, hash: UInt64?, isAnnounced: Bool = false
    ) {
        let footprint = record.totalFootprint
        noteEntry(footprint, kind: record.kind)
        let marked = record.expiry != nil
        guard let location else {
            let hash = hash ?? keyspaces[selected].table.hash(of: record.key)
            insert(record, hash: hash, marked: marked, database: selected)
            noteSize(record, hash: hash, before: 0, after: footprint)
            if !isAnnounced { notify(.new, "new", record.key) }
            return
        }
        keyspaces[selected].table.replace(at: location.slot, with: record, marked: marked)
        let former = location.entry.totalFootprint
        noteEntry(-former, kind: location.entry.kind)
        noteSize(record, hash: location.hash, before: former, after: footprint)
        location.entry.freeValue()
        location.entry.free()
    }

    // MARK: Parts of strings

    /// Writes `bytes` into the string of `key` at `offset`, zeros before it where the string was
    /// shorter, and returns the new length. The value is reported as `raw` afterwards.
    mutating func splice(
        _ key: RawSpan, _ bytes: RawSpan, at offset: Int, _ location: Location?
    ) -> Int {
        guard let location else { return assignPadded(key, bytes, at: offset) }
        let entry = location.entry
        let end = max(offset + bytes.byteCount, entry.stringLength)
        if let blob = entry.blob {
            let former = blob.footprint
            let grown = blob.replacing(bytes, at: offset)
            noteEntry(grown.footprint - former, kind: entry.kind)
            entry.payload = grown.payload
            noteSize(entry, hash: location.hash, before: former, after: grown.footprint)
        } else if !entry.flags.contains(.hasPayload), end <= entry.inlineRoom {
            entry.spliceInlineValue(bytes, at: offset)
            entry.kind = Entry.kind(.string, .raw)
        } else {
            moveOut(location, bytes, at: offset)
        }
        changed(key)
        return end
    }

    /// Gives a new key `bytes` behind `offset` zeros, and returns the length of both.
    private mutating func assignPadded(
        _ key: RawSpan, _ bytes: RawSpan, at offset: Int
    ) -> Int {
        let length = offset + bytes.byteCount
        if length <= Entry.inlineLimit {
            let value = [UInt8](repeating: 0, count: offset) + bytes.copied()
            assignAnew(key, value.rawSpan, .raw, .clear, at: nil)
            return length
        }
        let record = newRecord(
            key, Entry.kind(.string, .raw), [.hasPayload], .clear, inline: 0, at: nil)
        let nothing: [UInt8] = []
        record.payload =
            Blob.allocate(nothing.rawSpan, capacity: length)
            .replacing(bytes, at: offset).payload
        settle(record, at: nil, hash: nil)
        changed(key)
        return length
    }

    /// Turns a value that is stored inside the record into a blob, changed as it moves.
    private mutating func moveOut(_ location: Location, _ bytes: RawSpan, at offset: Int) {
        let entry = location.entry
        let end = max(offset + bytes.byteCount, entry.stringLength)
        let old = entry.stringBytes
        let blob = Blob.allocate(old.rawSpan, capacity: end + end / 2)
            .replacing(bytes, at: offset)
        let record = newRecord(
            entry.key, Entry.kind(.string, .raw), [.hasPayload], .keep, inline: 0, at: location)
        record.payload = blob.payload
        settle(record, at: location, hash: location.hash)
    }

    // MARK: Keys

    /// Takes an entry out of the selected database for good.
    mutating func remove(_ location: Location) {
        changed(location.entry.key)
        takeOut(location, .deleted)
    }

    /// Takes an entry out, which is a change that was noted already.
    mutating func takeOut(_ location: Location, _ reason: Departure.Reason) {
        noteDeparture(location, reason)
        let record = keyspaces[selected].table.remove(at: location.slot, hash: location.hash)
        settleTable(selected)
        noteEntry(-record.totalFootprint, kind: record.kind)
        record.freeValue()
        record.free()
    }

    /// Takes out an entry whose time has come, which is no change that a save would wait for.
    mutating func expire(_ location: Location) {
        let key = location.entry.key
        noteExpired(key)
        takeOut(location, .expired)
        statistics.expired += 1
    }

    /// Takes out an entry to make room.
    mutating func evict(_ location: Location) {
        let key = location.entry.key
        noteEvicted(key)
        accessClock.noteEviction(among: keyspaces[selected].count)
        let began = settings.latencyThreshold > 0 ? stopwatch() : 0
        takeOut(location, .evicted)
        if settings.latencyThreshold > 0 {
            noteLatency(.evictionRemoval, stopwatch() &- began)
        }
        statistics.evicted += 1
    }

    /// Sets when an entry expires; nil takes the expiry away.
    mutating func setExpiry(_ location: Location, _ milliseconds: Int64?) {
        let entry = location.entry
        if entry.flags.contains(.hasExpiry) {
            entry.setExpiry(milliseconds)
            keyspaces[selected].table.setMark(at: location.slot, milliseconds != nil)
        } else if let milliseconds {
            let record = entry.rebuilt(key: entry.key, adding: .hasExpiry)
            record.setExpiry(milliseconds)
            noteEntry(record.footprint - entry.footprint, kind: record.kind)
            keyspaces[selected].table.replace(at: location.slot, with: record, marked: true)
            entry.free()
            return changed(record.key)
        }
        changed(entry.key)
    }

    private mutating func renewExpiry(_ location: Location, _ expiry: NewExpiry) {
        switch expiry {
        case .keep: return
        case .clear: location.entry.setExpiry(nil)
        case .at(let milliseconds): location.entry.setExpiry(milliseconds)
        }
        keyspaces[selected].table.setMark(
            at: location.slot, location.entry.expiry != nil)
    }

    /// Moves an entry out of its place to `key` in database `target`, where no such key stands.
    mutating func relocate(_ location: Location, to key: RawSpan, database target: Int) {
        if target == selected {
            noteDeparture(location, .renamed, target: key)
        } else {
            noteDeparture(location, .moved, target: Int64(target).decimalBytes.rawSpan)
        }
        let old = keyspaces[selected].table.remove(at: location.slot, hash: location.hash)
        settleTable(selected)
        noteEntry(-old.totalFootprint, kind: old.kind)
        let record = old.rebuilt(key: key, adding: [])
        insert(record, database: target)
        changed(old.key)
        noteModified(record.key, database: target)
        old.free()
    }

    /// Puts a copy of an entry under `key` into database `target`, where no such key stands.
    mutating func duplicate(_ location: Location, to key: RawSpan, database target: Int) {
        let record = location.entry.rebuilt(key: key, adding: [])
        record.clock = accessClock.initial
        if record.flags.contains(.hasPayload) { record.payload = location.entry.duplicateValue() }
        insert(record, database: target)
        noteModified(record.key, database: target)
        dirty += 1
    }

    /// Puts a record whose key is not there into the table of a database.
    @inline(__always)
    private mutating func insert(
        _ record: Record, hash: UInt64, marked: Bool, database: Int
    ) {
        if keyspaces[database].table.isFull { decideGrowth(of: database) }
        keyspaces[database].table.insert(record, hash: hash, marked: marked)
        settleTable(database)
    }

    private mutating func insert(_ record: Record, database target: Int) {
        let hash = keyspaces[target].table.hash(of: record.key)
        let size = record.totalFootprint
        ledger.noteEntry(size, kind: record.kind)
        keyspaces[target].entryBytes += size
        insert(record, hash: hash, marked: record.expiry != nil, database: target)
        if bigKeys.isOn { weigh(record, hash, target, 0, size) }
        notify(.new, "new", record.key, database: target)
        noteAppeared(record.key, record.type, database: target)
    }

    /// Empties a database. Its memory is given back at once, or by the ticks that follow.
    mutating func removeAll(database: Int, deferringRelease: Bool) {
        let count = keyspaces[database].count
        keyspaces[database].expiryCursor = 0
        keyspaces[database].averageTTL = 0
        if count == 0 { return }
        noteEmptied(database: database)
        noteDepartureOfAll(.flushed, database: database)
        dirty += count
        retired.append(RetiredTable(keyspaces[database].table.removeAll()))
        // What the emptied table takes stays in the account until it is freed.
        keyspaces[database].tableBytes = 0
        keyspaces[database].entryBytes = 0
        settleTable(database)
        if !deferringRelease { releaseLastRetired() }
    }

    /// Exchanges two databases.
    mutating func swapDatabases(_ first: Int, _ second: Int) {
        noteSwapping(first, second)
        if first != second {
            noteDepartureOfAll(.swapped, database: first, target: second)
            noteDepartureOfAll(.swapped, database: second, target: first)
        }
        keyspaces.swapAt(first, second)
        noteSwapped(first, second)
        dirty += 1
    }

    /// The end of every change.
    @inline(__always)
    mutating func changed(_ key: RawSpan) {
        dirty += 1
        noteModified(key, database: selected)
    }
}
