import Bytes

/// Patterns of text.
enum GlobText {
    /// True when a pattern with `*` and `?` is the whole text.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        Glob.matches(Array(pattern.utf8), Array(text.utf8))
    }
}
