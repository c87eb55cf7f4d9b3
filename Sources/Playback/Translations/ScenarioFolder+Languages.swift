import Client

// Translations lie in folders named by their language, each under the name of its source:
// `de/05-cache-aside.md`.

extension ScenarioFolder {
    /// The languages of which there is a folder.
    public var languages: [String] {
        FileNames.beginning(path + "/", home: nil).compactMap { entry in
            guard entry.hasSuffix("/") else { return nil }
            let name = Paths.name(of: String(entry.dropLast()))
            return Language.isCode(name) ? name : nil
        }
    }

    /// The translations, by language and then by name.
    public var translations: [String] {
        languages.flatMap { ScenarioFolder("\(path)/\($0)").files }
    }

    /// The translations of a file of this folder.
    public func translations(of file: String) -> [(language: String, path: String)] {
        guard Paths.folder(of: file) == path else { return [] }
        return languages.compactMap { language in
            let path = "\(self.path)/\(language)/\(Paths.name(of: file))"
            return Self.read(path) == nil ? nil : (language, path)
        }
    }

    /// A file in a language: the file itself, when that is its own; nil when it is not translated.
    public func file(_ file: String, in language: String) -> String? {
        if Self.load(file).scenario.front.language == language { return file }
        return translations(of: file).first { $0.language == language }?.path
    }

    /// A file in the first of some languages that it has, or else as it is.
    public func file(_ file: String, preferring languages: [String]) -> String {
        languages.lazy.compactMap { self.file(file, in: $0) }.first ?? file
    }

    /// The translations that `de/cache-aside` or `de/*` names.
    func translations(named name: String) -> [String] {
        guard let slash = name.firstIndex(of: "/"), languages.contains(String(name[..<slash]))
        else { return [] }
        let folder = ScenarioFolder("\(path)/\(name[..<slash])")
        return folder.files(named: [String(name[name.index(after: slash)...])]).flatMap(\.files)
    }
}
