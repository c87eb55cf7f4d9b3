/// Something that goes wrong in a world, until it ends or is healed.
public enum Fault: Equatable, Sendable {
    /// The way to the node and back takes so many nanoseconds longer, for one session or for all.
    case linkDelay(session: String?, nanoseconds: UInt64)
    /// A share of what is sent is lost and must be sent again, 0 to 1.
    case linkLoss(session: String?, share: Double)
    /// A session, or all, cannot reach its node; connections end.
    case cut(session: String?)
    /// A node does nothing, and all that arrives waits for it.
    case pause(node: String)
    /// A node's process is killed: what was in it is gone. It is started again, empty, when the
    /// fault ends.
    case kill(node: String)
    /// The wall clock of a node's machine is ahead by so many milliseconds; behind when negative.
    case clockSkew(node: String, milliseconds: Int64)
    /// Queries take so many times as long.
    case slowDatabase(factor: Double)

    /// The longest skew, in milliseconds: ten years, beyond which nobody's clock goes wrong.
    public static let longestSkew: Int64 = 315_360_000_000

    /// True for a cut between this session and its node.
    func cuts(_ link: Link) -> Bool {
        guard case .cut(let session) = self else { return false }
        return session == nil || session == (link.route ?? link).name
    }
}

/// A fault that is under way.
struct ActiveFault: Equatable {
    let number: Int
    let fault: Fault
}

extension World {
    /// Lets something go wrong now.
    /// - Parameter duration: nanoseconds after which it is over; nil lasts until it is healed.
    /// - Returns: its number, for ``heal(_:)``.
    @discardableResult
    public func inject(
        _ fault: Fault, for duration: UInt64? = nil
    ) throws(WorldError) -> Int {
        switch fault {
        case .pause(let name):
            try node(name).pauses += 1
        case .kill(let name):
            try node(name).kill(at: now)
        case .clockSkew(_, let milliseconds) where milliseconds.magnitude > Fault.longestSkew:
            throw WorldError("a clock goes wrong by ten years at most")
        case .clockSkew(let name, let milliseconds):
            try node(name).skew += milliseconds
        case .cut(let session):
            for link in links + programs where session == nil || fault.cuts(link) {
                link.node.disconnect(link, at: now)
            }
        case .linkLoss(_, let share) where !(0...1).contains(share):
            throw WorldError("a share is between 0 and 1, not \(share)")
        case .slowDatabase(let factor) where !(factor > 0):
            throw WorldError("a factor is above 0, not \(factor)")
        case .linkDelay, .linkLoss, .slowDatabase:
            break
        }
        let number = nextFault
        nextFault += 1
        faults.append(ActiveFault(number: number, fault: fault))
        if let duration { queue.plan(.endFault(number), at: now &+ duration) }
        return number
    }

    /// Ends one fault before its time; one that is over already stays so.
    public func heal(_ number: Int) { endFault(number) }

    /// Ends all faults.
    public func heal() {
        for active in faults { endFault(active.number) }
    }

    /// Starts a node that is down. One that runs is killed first, so it is empty afterwards.
    public func restart(node name: String) throws(WorldError) {
        let node = try node(name)
        faults.removeAll { $0.fault == .kill(node: name) }
        node.kill(at: now)
        node.restart(at: now)
    }

    /// What is wrong at present.
    public var activeFaults: [Fault] { faults.map(\.fault) }

    func endFault(_ number: Int) {
        guard let index = faults.firstIndex(where: { $0.number == number }) else { return }
        let fault = faults.remove(at: index).fault
        switch fault {
        case .pause(let name):
            guard let node = nodes.first(where: { $0.name == name }) else { return }
            node.pauses -= 1
            if node.pauses == 0 { release(node) }
        case .kill(let name):
            guard !faults.contains(where: { $0.fault == fault }) else { return }
            nodes.first { $0.name == name }?.restart(at: now)
        case .clockSkew(let name, let milliseconds):
            nodes.first { $0.name == name }?.skew -= milliseconds
        case .cut, .linkDelay, .linkLoss, .slowDatabase:
            break
        }
    }

    /// Lets a node do what arrived while it was held still.
    private func release(_ node: SimulatedNode) {
        let backlog = node.backlog
        node.backlog = []
        for held in backlog {
            switch held {
            case .foreground(let requests, let link):
                if link.isOpen { _ = node.run(requests, link, at: now) { note($0, $1) } }
            case .bytes(let bytes, let link):
                if link.isOpen { _ = node.run(bytes: bytes, link, at: now) { note($0, $1) } }
            case .delivery(let delivery):
                arrive(delivery)
            }
        }
    }
}
