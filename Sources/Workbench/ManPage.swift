import ArgumentParser

/// The manual page `larder(1)`, made from the same text as `larder --help`, so that there is one
/// place to change. Packagers get it from the hidden option `--generate-man`.
enum ManPage {
    /// The page as roff.
    static func text(_ configuration: CommandConfiguration, version: String) -> String {
        let synopsis = (configuration.usage ?? "").split(separator: "\n")
            .map { escaped($0) + "\n.br\n" }.joined()
        var text = ".TH LARDER 1 \"\" \"larder \(version)\" \"User Commands\"\n"
        text += ".SH NAME\nlarder \\- \(escaped(configuration.abstract))\n"
        text += ".SH SYNOPSIS\n.nf\n\(synopsis).fi\n"
        text += ".SH DESCRIPTION\n.nf\n"
        for line in configuration.discussion.split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            text += escaped(line) + "\n"
        }
        text += ".fi\n.SH FILES\n"
        let files = [
            ("$XDG_CONFIG_HOME/larder/config", "settings of the prompt, as :set takes them"),
            ("$XDG_STATE_HOME/larder/history", "what was typed at the prompt"),
        ]
        for (path, purpose) in files { text += ".TP\n\(escaped(path))\n\(escaped(purpose))\n" }
        return text + ".SH SEE ALSO\nredis\\-cli(1), redis\\-server(1)\n"
    }

    /// A row whose backslashes, hyphens and first characters mean nothing to roff.
    static func escaped(_ row: some StringProtocol) -> String {
        var result = ""
        for character in row {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "…": result += "\\[u2026]"
            default: result.append(character)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }
}
