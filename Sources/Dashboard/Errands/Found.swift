import Bytes
import Client

// What errands have brought, kept for the panels. All of it is bounded.

/// What was found out besides samples.
public struct Found: Equatable, Sendable {
    /// Something that happened to the key that is followed.
    struct Note: Equatable, Sendable {
        var wall: Int64
        var text: String
    }

    /// Something that the person has sent, and what came of it.
    struct Posted: Equatable, Sendable {
        var wall: Int64
        var words: [[UInt8]]
        var answer: String
    }

    /// The last walk that has seen all keys.
    private(set) var whole: KeySurvey?
    /// The walk that is under way.
    private(set) var walk: KeySurvey?
    /// Why there is none.
    private(set) var walkProblem: String?
    /// Which walk pages are taken from.
    private var number = 0

    /// The key that was looked at.
    private(set) var key: [UInt8]?
    /// What it is; nil when it is not there.
    private(set) var look: KeyLook?
    /// Why it is not there.
    private(set) var absence = ""
    /// When it was looked at, in milliseconds since 1970.
    private(set) var lookWall: Int64 = 0
    /// What has happened to it since, the newest last.
    private(set) var notes: [Note] = []

    /// What was heard.
    var tail = ChannelTail()
    /// What was sent, the newest last.
    private(set) var posted: [Posted] = []

    /// Nothing was found out.
    public init() {}

    /// The keys as they are known: all of them, else those that were seen so far.
    var survey: KeySurvey? { whole ?? walk }

    /// Forgets the keys, before another walk.
    mutating func begin(walk number: Int) {
        self.number = number
        whole = nil
        walk = nil
        walkProblem = nil
    }

    /// Takes what an errand has brought.
    mutating func take(_ finding: Finding) {
        switch finding {
        case .page(let page) where page.walk == number: take(page)
        case .page: break
        case .walkFailed(let reason): walkProblem = reason
        case .look(let key, let look, let reason, let wall): take(key, look, reason, wall)
        case .messages(let lines, let counts, let wall):
            tail.isOn = true
            tail.take(lines, counts, wall: wall)
        case .listening(let problem):
            tail.problem = problem
            tail.isOn = problem == nil
        case .answer(let words, let text, let wall):
            posted.append(Posted(wall: wall, words: words, answer: text))
            if posted.count > 50 { posted.removeFirst() }
        }
    }

    private mutating func take(_ page: KeyPage) {
        walkProblem = nil
        var survey = page.isFirst ? KeySurvey() : walk ?? KeySurvey()
        survey.take(page)
        walk = survey
        if page.isLast { whole = survey }
    }

    private mutating func take(
        _ key: [UInt8], _ look: KeyLook?, _ reason: String, _ wall: Int64
    ) {
        var look = look
        if key == self.key, let before = self.look, before.type == look?.type,
            look?.count == nil, look?.ends.isEmpty == true
        {
            // A look that has left the value alone says nothing of it.
            look?.count = before.count
            look?.ends = before.ends
        }
        defer {
            self.key = key
            self.look = look
            absence = reason
            lookWall = wall
        }
        guard key == self.key else { return notes = [] }
        func note(_ text: String) { notes.append(Note(wall: wall, text: text)) }
        if notes.count > 40 { notes.removeFirst(notes.count - 40) }
        switch (self.look, look) {
        case (let before?, let after?):
            if before.type != after.type { note("became a \(after.type)") }
            if let old = before.count, let new = after.count, old != new {
                let change = new > old ? "+\(new - old)" : "\(new - old)"
                note("\(Amount.count(Double(new))) \(after.noun(new)) (\(change))")
            } else if before.ends != after.ends {
                note("its value changed")
            }
            if let old = before.left, let new = after.left,
                new > old + 1500 || (old < 0) != (new < 0)
            {
                note(
                    new < 0
                        ? "expires no more" : "expires in \(Amount.duration(Double(new) / 1000))")
            }
        case (_?, nil): note(reason.isEmpty ? "gone" : "gone: \(reason)")
        case (nil, let after?): note("is there: a \(after.type)")
        case (nil, nil): break
        }
    }

    /// How often a channel was heard, a second; nil when it was not.
    func rate(of channel: [UInt8], at wall: Int64) -> Double? {
        tail.meters[ByteString(channel)]?.rate(at: wall / 1000)
    }
}

/// Stops a walk over the keys while the server is slower than before it.
struct WalkGate: Equatable, Sendable {
    /// True while the walk is stopped.
    private(set) var isHeld = false
    /// The percentile before the walk, in microseconds.
    private(set) var usual: Double?
    private var since: Int64?

    /// A rise by less than this is noise, in microseconds.
    static let noise = 100.0

    init() {}

    /// Takes the time that 99 of 100 commands of others took, at an instant in milliseconds.
    mutating func take(_ percentile: Double?, at instant: Int64, isWalking: Bool) {
        guard let percentile else { return }
        guard let usual else { return usual = percentile }
        if !isWalking || isHeld {
            // What has become usual without the walk is not its fault. While the walk is held
            // this goes slowly, so that a burst does not become usual.
            self.usual = usual + (percentile - usual) * (isHeld ? 0.02 : 0.1)
        }
        let isSlow = percentile > 2 * usual && percentile > usual + Self.noise
        guard isSlow != isHeld, isWalking || isHeld else { return since = nil }
        if since == nil { since = instant }
        guard let since, instant - since >= (isHeld ? 5000 : 2000) else { return }
        isHeld.toggle()
        self.since = nil
    }
}
