/// Results as JUnit's XML, which build servers read.
public enum JUnitReport {
    /// The file for some results.
    public static func text(_ results: [ScenarioResult]) -> String {
        let failed = results.count { $0.verdict == .failed }
        let errors = results.count { [.refused, .timedOut, .interrupted].contains($0.verdict) }
        let skipped = results.count { $0.verdict == .skipped }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuite name=\"scenarios\" tests=\"\(results.count)\" failures=\"\(failed)\" "
        text += "errors=\"\(errors)\" skipped=\"\(skipped)\">\n"
        for result in results {
            text += "  <testcase classname=\"scenarios\" name=\"\(escaped(result.file))\" "
            // The time is the virtual one: that of the wall says nothing of a scenario.
            text += "time=\"\(Double(result.time / 1_000_000) / 1000)\""
            switch result.verdict {
            case .passed: text += "/>\n"
            case .skipped:
                text += ">\n    <skipped message=\"\(escaped(result.report))\"/>\n  </testcase>\n"
            case .failed:
                text +=
                    ">\n    <failure message=\"\(escaped(result.failures.first?.title ?? ""))\">"
                text += "\(escaped(result.report))</failure>\n  </testcase>\n"
            case .refused, .timedOut, .interrupted:
                text += ">\n    <error message=\"\(result.verdict.rawValue)\">"
                text += "\(escaped(result.report))</error>\n  </testcase>\n"
            }
        }
        return text + "</testsuite>\n"
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "\n": output += "\n"
            case _ where scalar.value < 0x20: output += " "
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
