public import Terminal

/// The dashboard where there is no screen for it: once, or line by line.
public enum DashboardReport {
    /// Prints the figures once, after two samples: rates need two.
    public static func once(
        _ source: Source, sampler: any Sampler, announcements: Descriptor, form: ReportForm,
        output: Descriptor = .output
    ) -> Bool {
        var dashboard = Dashboard(source)
        let isReached = take(2, &dashboard, sampler, announcements)
        if !isReached, form == .plain {
            let reason = dashboard.history.newest?.problem ?? "no answer"
            Descriptor.error.write("larder: \(reason)\n")
            return false
        }
        output.write(PlainReport(form).whole(dashboard.view()))
        return isReached
    }

    /// Prints what changes, a second at a time, until nobody reads it, the person interrupts, or
    /// the server does not answer at the start.
    public static func follow(
        _ source: Source, sampler: any Sampler, announcements: Descriptor,
        guardian: TerminalGuard?, output: Descriptor = .output
    ) -> Bool {
        var dashboard = Dashboard(source)
        guard take(1, &dashboard, sampler, announcements) else {
            let reason = dashboard.history.newest?.problem ?? "no answer"
            Descriptor.error.write("larder: \(reason)\n")
            return false
        }
        guardian?.noteInterrupts(true)
        var report = PlainReport(.plain)
        let wake = guardian?.wakeDescriptor
        while true {
            _ = Descriptor.wait(
                for: [announcements] + (wake.map { [$0] } ?? []), milliseconds: nil)
            if guardian?.takeSignals().contains(.interrupted) == true { return true }
            let samples = sampler.take()
            if samples.isEmpty { continue }
            for sample in samples { dashboard.take(sample) }
            let text = report.changes(dashboard.view())
            if !text.isEmpty, !output.write(text) { return true }
        }
    }

    private static func take(
        _ count: Int, _ dashboard: inout Dashboard, _ sampler: any Sampler,
        _ announcements: Descriptor
    ) -> Bool {
        var good = 0
        while good < count {
            if case .timeout = Descriptor.wait(for: [announcements], milliseconds: 5000) {
                return false
            }
            for sample in sampler.take() {
                dashboard.take(sample)
                if sample.problem != nil { return false }
                good += 1
            }
        }
        return true
    }
}
