public import Bytes
import Structures

// Which keys are asked for most, without looking at any but those that are asked for.
//
// Each database has a table of 1,024 names with a count (Space-Saving by Metwally, Agrawal and
// El Abbadi, 2005, in sets of eight): a key that has no place takes that of the key with the
// lowest count in its set, and inherits the count as its possible error. So a count is never too
// low, and too high by at most the error that stands beside it; what is reported is the count
// less the error, which is never too high.
//
// Counts fade: one from twenty seconds ago is worth half. Instead of shrinking all counts, each
// new one weighs more than the last (forward decay), and what is reported is divided by the
// present weight. The mean age of what is counted is half a minute, as in a window of one minute.
//
// Under load only about every sixteenth lookup is counted, sixteenfold. The distances are drawn
// by chance, so that no pattern of a pipeline falls into step with them. While there are few
// lookups all are counted, so that somebody who tries it out by hand sees what they typed.

/// A key that is asked for much.
public struct HotKey: Sendable, Equatable {
    /// The key; of a very long one its beginning.
    public var key: ByteString
    /// Lookups a second, at least; over about the last minute.
    public var rate: Double
    /// How many more a second it may have been.
    public var error: Double
    /// Its share of all lookups of the database, 0 to 1.
    public var share: Double

    /// A key with its figures.
    public init(key: ByteString, rate: Double, error: Double, share: Double) {
        self.key = key
        self.rate = rate
        self.error = error
        self.share = share
    }
}

/// Decides which lookups are counted, and counts them.
struct HotKeys: Sendable {
    /// The mean distance between lookups that are counted under load; a power of two.
    static let stride = 16
    /// Lookups between two ticks that are all counted.
    static let fullLimit = 200
    /// Seconds after which a lookup is worth half.
    static let halfLife = 20.0

    /// Lookups until the next that is counted; without end while nothing is.
    var countdown = Int.max
    private(set) var isOn = false
    private var distance = 1
    private var counted = 0
    private var dice: UInt64
    private var weight = 1.0
    private var began = Instant(nanoseconds: 0)
    private var halvings = 0.0
    private var sketches: [HotKeySketch?] = []

    init(seed: UInt64) { dice = seed | 1 }

    mutating func set(_ isOn: Bool, databases: Int, at time: Instant) {
        guard isOn != self.isOn else { return }
        self = HotKeys(seed: dice)
        self.isOn = isOn
        guard isOn else { return }
        countdown = 1
        began = time
        sketches = Array(repeating: nil, count: databases)
    }

    // MARK: Counting

    /// Counts the lookup at which the countdown has ended, and starts it again.
    mutating func count(_ key: RawSpan, hash: UInt64, database: Int, at time: Instant) {
        guard isOn else {
            countdown = .max
            return
        }
        if sketches[database] == nil { sketches[database] = HotKeySketch(at: seconds(time)) }
        sketches[database]?.note(key, hash: hash, weight: weight * Double(distance))
        counted += 1
        if counted > HotKeys.fullLimit { distance = HotKeys.stride }
        countdown = distance == 1 ? 1 : nextDistance()
    }

    /// A distance from one to twice the mean less one, each as likely.
    private mutating func nextDistance() -> Int {
        dice ^= dice &<< 13
        dice ^= dice &>> 7
        dice ^= dice &<< 17
        let span = UInt64(2 * HotKeys.stride - 1)
        return 1 + Int((dice >> 32 &* span) >> 32)
    }

    /// Lets the counts fade; called by each tick.
    mutating func tick(at time: Instant) {
        guard isOn else { return }
        distance = counted * distance > 2 * HotKeys.fullLimit ? HotKeys.stride : 1
        counted = 0
        halvings = seconds(time) / HotKeys.halfLife
        let shift = rebase(halvings)
        weight = HotKeys.powerOfTwo(halvings - shift)
    }

    /// Hours of growing weights are taken back before a number becomes too large for them.
    private var base: Double = 0
    private mutating func rebase(_ halvings: Double) -> Double {
        while halvings - base > 400 {
            let factor = Double(sign: .plus, exponent: -400, significand: 1)
            for database in sketches.indices { sketches[database]?.scale(factor) }
            base += 400
        }
        return base
    }

    private func seconds(_ time: Instant) -> Double {
        Double(time.nanoseconds &- began.nanoseconds) / 1e9
    }

    /// 2 to the power of a number that is not negative, right to less than half a per cent.
    static func powerOfTwo(_ exponent: Double) -> Double {
        let whole = exponent.rounded(.down)
        let part = exponent - whole
        let mantissa = 1 + part * (0.6565 + part * 0.3435)
        return Double(sign: .plus, exponent: Int(whole), significand: mantissa)
    }

    // MARK: Asking

    /// The keys of a database that are asked for most, those first.
    func top(_ count: Int, database: Int, at time: Instant) -> [HotKey] {
        guard database < sketches.count, let sketch = sketches[database], count > 0 else {
            return []
        }
        // The lookups of a steady rate come to this many times the rate.
        let age = max(seconds(time) - sketch.began, 0.1)
        let mean = HotKeys.halfLife / 0.693_147_180_559_945
        let length = mean * (1 - 1 / HotKeys.powerOfTwo(age / HotKeys.halfLife))
        return sketch.top(count).map { entry in
            HotKey(
                key: entry.key, rate: entry.count / weight / length,
                error: entry.error / weight / length, share: entry.count / sketch.total)
        }
    }

    /// Bytes that the tables take.
    var footprint: Int { sketches.reduce(0) { $0 + ($1 == nil ? 0 : HotKeySketch.footprint) } }
}

/// The counts of one database.
struct HotKeySketch: Sendable {
    /// Keys in a set, and sets.
    static let ways = 8
    static let sets = 128
    /// Bytes of a name that stand in the table, and that are kept at all.
    static let nameRoom = 64
    static let nameLimit = 1024

    /// When counting began, in seconds.
    let began: Double
    /// The weights of all lookups.
    private(set) var total = 0.0
    private var hashes = [UInt64](repeating: 0, count: ways * sets)
    private var counts = [Double](repeating: 0, count: ways * sets)
    private var errors = [Double](repeating: 0, count: ways * sets)
    private var lengths = [Int32](repeating: 0, count: ways * sets)
    private var names = [UInt64](repeating: 0, count: ways * sets * nameRoom / 8)
    private var longNames: [Int: ByteString] = [:]

    init(at seconds: Double) { began = seconds }

    /// Bytes that the table takes, without long names.
    static var footprint: Int { ways * sets * (8 + 8 + 8 + 4 + nameRoom) }

    mutating func note(_ key: RawSpan, hash: UInt64, weight: Double) {
        total += weight
        let first = Int(truncatingIfNeeded: hash >> 24) & (HotKeySketch.sets - 1)
        var lowest = first * HotKeySketch.ways
        for place in lowest..<lowest + HotKeySketch.ways {
            if hashes[place] == hash {
                counts[place] += weight
                return
            }
            if counts[place] < counts[lowest] { lowest = place }
        }
        errors[lowest] = counts[lowest]
        counts[lowest] += weight
        hashes[lowest] = hash
        name(lowest, key)
    }

    private mutating func name(_ place: Int, _ key: RawSpan) {
        if lengths[place] > HotKeySketch.nameRoom { longNames[place] = nil }
        let length = min(key.byteCount, HotKeySketch.nameLimit)
        lengths[place] = Int32(length)
        if length > HotKeySketch.nameRoom {
            longNames[place] = ByteString(key.extracting(0..<length))
            return
        }
        var word = place * HotKeySketch.nameRoom / 8
        var offset = 0
        while offset + 8 <= length {
            names[word] = key.word(at: offset)
            word += 1
            offset += 8
        }
        if offset == length { return }
        var last: UInt64 = 0
        for index in offset..<length { last |= UInt64(key[index]) << UInt64((index - offset) * 8) }
        names[word] = last
    }

    private func name(_ place: Int) -> ByteString {
        let length = Int(lengths[place])
        if length > HotKeySketch.nameRoom { return longNames[place] ?? "" }
        let start = place * HotKeySketch.nameRoom / 8
        return ByteString(
            (0..<length).map { index in
                UInt8(truncatingIfNeeded: names[start + index / 8] >> UInt64(index % 8 * 8))
            })
    }

    mutating func scale(_ factor: Double) {
        total *= factor
        for place in counts.indices {
            counts[place] *= factor
            errors[place] *= factor
        }
    }

    /// The keys with the highest counts that are certain.
    func top(_ count: Int) -> [(key: ByteString, count: Double, error: Double)] {
        let certain = counts.indices.filter { counts[$0] > 0 }.map { place in
            (place: place, count: counts[place] - errors[place])
        }
        let best = certain.sorted {
            $0.count == $1.count ? hashes[$0.place] < hashes[$1.place] : $0.count > $1.count
        }
        return best.prefix(count).map { (name($0.place), $0.count, errors[$0.place]) }
    }
}

extension Store {
    /// Counts a lookup as one of those that are counted.
    @inline(never)
    mutating func countAccess(_ key: RawSpan, hash: UInt64) {
        hotKeys.count(key, hash: hash, database: selected, at: now.monotonic)
    }

    /// The keys of a database that are asked for most, those first; none while that is not
    /// counted (setting `larder-hot-keys`).
    public func hottestKeys(_ count: Int, database: Int) -> [HotKey] {
        hotKeys.top(count, database: database, at: now.monotonic)
    }
}
