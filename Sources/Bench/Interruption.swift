import Client
import Glibc

/// Ctrl-C and SIGTERM during a run: the loops look here and throw, so that children end and
/// temporary files go on the ordinary way out.
enum Interruption {
    static var requested: Bool { StopSignals.wereSeen }

    static func watch() {
        StopSignals.watch()
        signal(SIGPIPE, SIG_IGN)
    }

    static func check() throws(BenchError) {
        if requested { throw BenchError("interrupted") }
    }
}
