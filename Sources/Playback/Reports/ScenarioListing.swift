/// The scenarios of a folder as people read them.
public enum ScenarioListing {
    /// A row for each scenario, and for each lesson that is still to be written.
    public static func text(_ folder: ScenarioFolder) -> String {
        var rows: [(order: Int, name: String, text: String)] = []
        var known: Set<String> = []
        for file in folder.files {
            let front = ScenarioFolder.load(file).scenario.front
            known.insert(front.id)
            let minutes = front.minutes > 0 ? "\(front.minutes) min" : ""
            let languages = folder.translations(of: file).map(\.language)
            let also = languages.isEmpty ? "" : " (also \(languages.joined(separator: ", ")))"
            rows.append((front.order, front.id, padded(minutes, 8) + front.title + also))
        }
        for lesson in Curriculum.lessons where !known.contains(lesson.id) {
            rows.append((lesson.order, lesson.id, padded("planned", 8) + lesson.topic))
        }
        rows.sort { ($0.order, $0.name) < ($1.order, $1.name) }
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            let number = row.order > 0 ? String(row.order) : ""
            let margin = String(repeating: " ", count: max(0, 3 - number.count))
            return "\(margin)\(number)  \(padded(row.name, width + 2))\(row.text)\n"
        }.joined()
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// A small scenario that passes, to begin with.
public struct ScenarioSkeleton {
    /// Where it goes.
    public let path: String
    /// What it says.
    public let text: String

    /// A skeleton for a name, `my-lesson` or `29-my-lesson`; nil when that can be no name.
    public init?(_ name: String, in folder: ScenarioFolder) {
        var name = name[...]
        if name.hasSuffix(".md") { name = name.dropLast(3) }
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        var order = Int(digits)
        var id = String(name)
        if !digits.isEmpty, name.dropFirst(digits.count).first == "-" {
            id = String(name.dropFirst(digits.count + 1))
        } else {
            order = nil
        }
        guard ScenarioParser.isName(id),
            id.allSatisfy({ $0 == "-" || $0.isLowercase || $0.isNumber })
        else { return nil }
        let taken = folder.files.map { Int(Paths.name(of: $0).prefix { $0.isNumber }) ?? 0 }
        let number = order ?? max(Curriculum.lessons.count, taken.max() ?? 0) + 1
        path = "\(folder.path)/\(number < 10 ? "0" : "")\(number)-\(id).md"
        text = """
            ---
            title: "What this lesson says in one line"
            id: \(id)
            order: \(number)
            minutes: 5
            level: 1
            seed: 1
            engine: { flavor: valkey }
            ---
            # What this lesson says in one line

            Say what the reader will know at the end.

            ## The first step

            ```redis type=learner
            > SET greeting hello
            OK
            > GET greeting
            "hello"
            ```

            ```check
            key("greeting").exists
            cmd.calls("set") == 1     because "one SET was typed"
            ```

            ```quiz #again
            What does `GET` say of a key that was never set?
            ( ) an error -- a missing key is no mistake
            (x) `(nil)`
            => A missing key is an ordinary answer.
            ```

            ## Exercise

            ```yaml exercise #farewell
            goal: Store the text `bye` under the key `farewell`.
            check:
              - key("farewell").value == "bye"
            hints:
              - "It is the command of the first step."
            solution: |
              > SET farewell bye
              OK
            ```

            """
    }
}
