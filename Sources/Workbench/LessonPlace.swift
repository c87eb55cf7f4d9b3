import ArgumentParser
import Client
import Playback
import Repl
import Terminal

/// Where lessons happen: in a world of their own, or at a real server.
struct LessonPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Play at a real server, such as redis://localhost:6379, under a prefix of its own.",
            valueName: "target"))
    var target: String?

    @Flag(help: "Let lessons at a real server change more than their own keys.")
    var allowDestructive = false

    /// The server; nil for a world of their own.
    func server() throws -> RemotePlace? {
        guard let target else {
            guard !allowDestructive else {
                throw complaint("--allow-destructive is for a real server: --target names one")
            }
            return nil
        }
        let parsed: Target
        do throws(TargetError) {
            parsed = try Target(parsing: target)
        } catch {
            throw complaint("--target: \(error.description)")
        }
        if parsed == .embedded { return nil }
        let place = try PasswordSource.signIn(parsed, asks: false)
        do throws(RemotePlace.Refusal) {
            return try RemotePlace(place, allowsDestructive: allowDestructive)
        } catch {
            _ = complaint(error.text)
            let status: ExitStatus =
                switch error.kind {
                case .unreachable: .noConnection
                case .notAllowed: .notAllowed
                case .unfit: .usage
                }
            throw ExitCode(status.rawValue)
        }
    }
}
