import Glibc

// A terminal must survive a crash of the program, and that can only be shown by crashing. So the
// program crashes at Tab where LARDER_PLANTED_CRASH says how. Nothing else reads that variable,
// and nothing at the prompt can set it.

/// A crash that a test asks for.
public enum PlantedCrash {
    private static let kind = TerminalEnvironment.variable("LARDER_PLANTED_CRASH")

    /// Crashes if that was asked for.
    public static func happen() {
        switch kind {
        case nil: return
        case "trap": fatalError("this crash was asked for")
        case "abort": abort()
        case "stack": Descriptor.error.write("\(deepen(1))")
        default: return
        }
    }

    /// Recursion without an end, with something to do after each return so that it is none of
    /// the kind that becomes a loop.
    private static func deepen(_ depth: Int) -> Int {
        let below = depth == 0 ? 0 : deepen(depth + 1)
        Descriptor.error.write([UInt8](repeating: 0, count: below))
        return below
    }
}
