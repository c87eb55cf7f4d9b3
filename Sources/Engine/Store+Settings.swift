import Bytes
import Grammar
import Structures

// What follows from settings elsewhere in the store, and the counters' new start.

extension Store {
    /// Brings the parts that keep a copy of a setting in step with the settings.
    mutating func applySettings() {
        noteworthyDuration = Store.noteworthyDuration(settings)
        accessClock.countsFrequency = settings.evictionPolicy.countsFrequency
        accessClock.logFactor = settings.frequencyLogFactor
        accessClock.decayMinutes = settings.frequencyDecayMinutes
        departures.setCapacity(settings.departures, at: now.wall)
        hotKeys.set(settings.watchesHotKeys, databases: keyspaces.count, at: now.monotonic)
        bigKeys.set(settings.watchesBigKeys)
        applyMemorySettings()
    }

    /// Starts the counters again, as CONFIG RESETSTAT does.
    mutating func resetStatistics() {
        statistics.reset()
        meters.reset()
        traffic = TrafficMeter()
        windows = ActivityWindows(statistics, at: now.monotonic)
    }
}
