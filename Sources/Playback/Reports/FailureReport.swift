import Client

/// Failures as people read them.
public enum FailureReport {
    /// What failed, where, what was instead, and how to see it again.
    public static func text(_ failure: Failure, of performance: Performance) -> String {
        var text = "\(failure.file):\(failure.place.line):\(failure.place.column): "
        text += "FAIL \(failure.kind.rawValue)  \(failure.title)\n"
        let place = performance.options.place
        let time = clock(failure.time)
        let when =
            "seed \(performance.seed), "
            + (place.map { "t=\(time) at \($0.target.name)" } ?? "virtual t=\(time)")
        for (number, line) in failure.details.enumerated() {
            text +=
                "    \(line)" + (number == 0 && failure.kind != .expectation ? "   \(when)" : "")
            text += "\n"
        }
        if failure.details.isEmpty || failure.kind == .expectation { text += "    \(when)\n" }
        var command = "larder scenario test \(performance.scenario.commandName)"
        command += " --seed \(performance.seed)"
        if !failure.step.isEmpty { command += " --from \(failure.step)" }
        if let place {
            command += " --target \(place.target.address)"
            if place.allowsDestructive { command += " --allow-destructive" }
        }
        return text + "    reproduce: \(command)\n"
    }

    /// Virtual time as `01:02.000`, minutes first, hours where there are some.
    static func clock(_ nanoseconds: UInt64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        func digits(_ number: UInt64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let minutes = milliseconds / 60_000
        let hours = minutes >= 60 ? "\(minutes / 60):" : ""
        return "\(hours)\(digits(minutes % 60, 2)):\(digits(milliseconds / 1000 % 60, 2))"
            + ".\(digits(milliseconds % 1000, 3))"
    }
}

extension Scenario {
    /// What the command line calls it: `05-cache-aside`, or `de/05-cache-aside`.
    var commandName: String {
        front.translates == nil ? fileStem : "\(front.language)/\(fileStem)"
    }

    /// The name of the file without folder and ending: `05-cache-aside`.
    public var fileStem: String {
        let file = Paths.name(of: name)
        return file.hasSuffix(".md") ? String(file.dropLast(3)) : file
    }
}
