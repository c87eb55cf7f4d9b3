import Glibc
import Synchronization

/// Ctrl-C and SIGTERM during a run: the loops look here and throw, so that children end and
/// temporary files go on the ordinary way out.
enum Interruption {
    private static let flag = Atomic<Bool>(false)

    static var requested: Bool { flag.load(ordering: .relaxed) }

    static func watch() {
        flag.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // A handler may only do what is safe between any two instructions: one atomic store.
            signal(number) { _ in Interruption.flag.store(true, ordering: .relaxed) }
        }
        signal(SIGPIPE, SIG_IGN)
    }

    static func check() throws(BenchError) {
        if requested { throw BenchError("interrupted") }
    }
}
