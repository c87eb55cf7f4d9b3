public import Glibc
import Synchronization

/// Ctrl-C and its like during work that has to be tidied up: whoever works looks here now and
/// then and ends in the ordinary way. The second signal ends the process at once.
public enum StopSignals {
    private static let flag = Atomic<Bool>(false)

    /// True when one has come that was watched for.
    public static var wereSeen: Bool { flag.load(ordering: .relaxed) }

    /// Has these signals noted from now on.
    public static func watch(_ numbers: [Int32] = [SIGINT, SIGTERM, SIGHUP]) {
        for number in numbers {
            // A handler may only do what is safe between any two instructions: one atomic store,
            // and calls that the system names as safe.
            signal(number) { number in
                StopSignals.flag.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }
}
