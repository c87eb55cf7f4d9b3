import Bytes
import Grammar
import Wire

// Passwords in requests, which neither MONITOR nor the slow log may show.

/// What is shown in the place of a secret.
enum Redaction {
    static let sign = ByteString("(redacted)")
}

extension Store {
    /// True when the word at `index` of a request is a password, or a user's name before one.
    func isSecret(_ index: Int, _ number: Int, _ call: borrowing Call) -> Bool {
        guard index > 0, traits[number].contains(.isSecret) else { return false }
        if call[0].matches("AUTH") { return true }
        if call[0].matches("ACL") { return index > 1 }
        if call[0].matches("CONFIG") {
            guard index > 2, index % 2 == 1 else { return false }
            return AllSettings.find(ByteString(call[index - 1]), settings.flavour)?.isSecret == true
        }
        // HELLO and MIGRATE name what follows.
        let isAfter = index > 1 && call[index - 1].matches("AUTH")
        let isAfterUser = index > 2 && call[index - 2].matches("AUTH")
        if call[0].matches("HELLO") { return isAfter || isAfterUser }
        return isAfter || index > 1 && call[index - 1].matches("AUTH2")
            || index > 2 && call[index - 2].matches("AUTH2")
    }
}
