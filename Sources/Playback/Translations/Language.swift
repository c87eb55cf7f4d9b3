/// Languages as files and environments name them.
public enum Language {
    /// True for a code such as `de` or `pt-BR`, which is also what a folder of translations is
    /// called.
    public static func isCode(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, 2...3 ~= first.count,
            first.allSatisfy({ $0.isASCII && $0.isLowercase })
        else { return false }
        return parts.dropFirst().allSatisfy { part in
            2...8 ~= part.count && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }

    /// The codes that a locale such as `de_AT.UTF-8` asks for, the nearest first; none for `C`.
    public static func codes(ofLocale locale: String) -> [String] {
        let name = locale.prefix { $0 != "." && $0 != "@" }
        let code = name.map { $0 == "_" ? "-" : String($0) }.joined()
        guard isCode(code) else { return [] }
        let language = String(code.prefix { $0 != "-" })
        return code == language ? [code] : [code, language]
    }

    /// The codes that an environment asks for: of `LC_ALL`, `LC_MESSAGES` and `LANG` the first
    /// that says anything counts.
    public static func preferred(_ variable: (String) -> String?) -> [String] {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = variable(name), !value.isEmpty { return codes(ofLocale: value) }
        }
        return []
    }
}
