import Bytes
import Grammar
import Wire

/// How a request tells when a key expires.
enum ExpiryForm {
    /// Seconds from now.
    case seconds
    /// Milliseconds from now.
    case milliseconds
    /// Seconds since 1970.
    case secondsAt
    /// Milliseconds since 1970.
    case millisecondsAt

    /// The wall time in milliseconds that a word stands for. `command` is named in the refusal of
    /// times that are not positive or do not fit.
    func time(
        _ word: RawSpan, _ command: StaticString, _ now: Tick
    ) throws(CommandError) -> Int64 {
        guard let number = word.canonicalInteger else { throw .notInteger }
        guard number > 0 else { throw .invalidExpiry("\(command)") }
        var time = number
        if self == .seconds || self == .secondsAt {
            let (product, overflow) = number.multipliedReportingOverflow(by: 1000)
            if overflow { throw .invalidExpiry("\(command)") }
            time = product
        }
        if self == .secondsAt || self == .millisecondsAt { return time }
        let (sum, overflow) = time.addingReportingOverflow(now.wall.milliseconds)
        if overflow { throw .invalidExpiry("\(command)") }
        return sum
    }
}

/// The options of SET and GETEX. One of the ways to give a lifetime excludes the others, but may
/// itself be repeated, and then the last counts.
struct SetOptions {
    /// What becomes of the expiry.
    enum Lifetime: Equatable {
        /// Nothing is said of it.
        case unsaid
        /// KEEPTTL.
        case keep
        /// PERSIST.
        case persist
        /// The word at `index` tells it.
        case given(ExpiryForm, index: Int)
    }

    /// Whether the key must (true) or must not (false) be there.
    private(set) var presence: Bool?
    /// True when the old value is the reply.
    private(set) var returnsOld = false
    /// What becomes of the expiry.
    private(set) var lifetime = Lifetime.unsaid

    /// The options of a SET.
    init(set call: borrowing Call) throws(CommandError) {
        var index = 3
        while index < call.count {
            let word = call[index]
            if word.matches("NX"), presence != true {
                presence = false
            } else if word.matches("XX"), presence != false {
                presence = true
            } else if word.matches("GET") {
                returnsOld = true
            } else if word.matches("KEEPTTL"), lifetime == .unsaid || lifetime == .keep {
                lifetime = .keep
            } else if takeTime(call, index) {
                index += 1
            } else {
                throw .syntax
            }
            index += 1
        }
    }

    /// The options of a GETEX.
    init(getex call: borrowing Call) throws(CommandError) {
        var index = 2
        while index < call.count {
            if call[index].matches("PERSIST"), lifetime == .unsaid || lifetime == .persist {
                lifetime = .persist
            } else if takeTime(call, index) {
                index += 1
            } else {
                throw .syntax
            }
            index += 1
        }
    }

    /// Takes the word at `index` and the one behind it if they tell when the key expires.
    private mutating func takeTime(_ call: borrowing Call, _ index: Int) -> Bool {
        let word = call[index]
        let form: ExpiryForm
        if word.matches("EX") {
            form = .seconds
        } else if word.matches("PX") {
            form = .milliseconds
        } else if word.matches("EXAT") {
            form = .secondsAt
        } else if word.matches("PXAT") {
            form = .millisecondsAt
        } else {
            return false
        }
        switch lifetime {
        case .unsaid: break
        case .given(form, _): break
        default: return false
        }
        lifetime = .given(form, index: index + 1)
        return index + 1 < call.count
    }

    /// What SET does to the expiry.
    func newExpiry(
        _ call: borrowing Call, _ command: StaticString, _ now: Tick
    ) throws(CommandError) -> NewExpiry {
        switch lifetime {
        case .keep: return .keep
        case .given(let form, let index): return .at(try form.time(call[index], command, now))
        case .unsaid, .persist: return .clear
        }
    }
}
