import Bytes
import Grammar

// What follows from settings elsewhere in the store, and the counters' new start.

extension Store {
    /// Brings the parts that keep a copy of a setting in step with the settings.
    mutating func applySettings() {
        accessClock.countsFrequency = settings.evictionPolicy.countsFrequency
        accessClock.logFactor = settings.frequencyLogFactor
        accessClock.decayMinutes = settings.frequencyDecayMinutes
        departures.setCapacity(settings.departures, at: now.wall)
    }

    /// Starts the counters again, as CONFIG RESETSTAT does.
    mutating func resetStatistics() {
        statistics.reset()
        traffic = TrafficMeter()
    }
}
