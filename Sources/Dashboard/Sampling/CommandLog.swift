import Bytes
import Server

/// The commands that a dashboard has sent, each kind once with how often; the newest stay.
struct CommandLog: Sendable {
    /// So many kinds are kept.
    static let limit = 100
    /// What was sent, in the order in which each kind was sent first.
    private(set) var commands: [LoggedCommand] = []

    /// Takes note of a command that is sent now, and what it is for.
    mutating func note(_ text: String, _ purpose: String) {
        let wall = SystemClock.tick().wall.milliseconds
        if let index = commands.firstIndex(where: { $0.text == text }) {
            commands[index].wall = wall
            commands[index].count += 1
            return
        }
        commands.append(LoggedCommand(wall: wall, text: text, count: 1, purpose: purpose))
        if commands.count > Self.limit { commands.removeFirst() }
    }
}
