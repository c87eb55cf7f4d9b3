import Terminal

// Going from step to step. Forward is playing what lies between without showing it; back is a new
// world in which everything is done again up to the beginning of the step.

/// The list of steps on the screen, and the search in it.
struct StepList: Equatable, Sendable {
    /// The part of a title that is looked for.
    var filter = LineBox()
    /// Which of the steps that fit is chosen.
    var place = 0
    /// Whether letters are a search, and no keys.
    var isSearch: Bool

    /// The steps that fit, by number from 1.
    func matches(_ steps: [LessonStep]) -> [Int] {
        let wanted = filter.text.lowercased()
        return steps.indices.filter {
            wanted.isEmpty || steps[$0].title.lowercased().contains(wanted)
        }.map { $0 + 1 }
    }
}

extension Player {
    /// Goes to the beginning of a step; 0 is the beginning of the lesson.
    func go(toStep number: Int) {
        exercise = nil
        interrupted = nil
        predictions = []
        answers = [:]
        line.clear()
        isHidden = false
        let here = step
        if number > here || number > 0 && number == here && marks[number] == nil {
            goForward(to: steps[number - 1].beat)
        } else {
            guard goBack(to: marks[number] ?? start) else { return }
            marks = marks.filter { $0.key < number }
            position = number > 0 ? steps[number - 1].beat : 0
            step = number
            // A step brings its own blank row.
            if number == 0 { show(.blank) }
        }
        activity = .running
        proceed()
    }

    /// Puts the world back to a mark; false when that fails, which is
    /// told.
    func goBack(to mark: HostMark) -> Bool {
        do throws(HostFailure) {
            try host.rewind(to: mark)
        } catch {
            show(.aside(error.text))
            return false
        }
        samples.rewind(to: host.now)
        return true
    }

    /// Plays up to a beat without showing it.
    func goForward(to beat: Int) {
        finishSilently()
        isSilent = true
        activity = .running
        var turns = 0
        while position < beat, position < beats.count, turns < 100_000 {
            activity = .running
            step = blocks.step[position]
            play(beats[position])
            turns += 1
        }
        isSilent = false
        activity = .running
        shownLines = 0
    }

    /// Ends what is under way in the middle of a beat.
    private func finishSilently() {
        isSilent = true
        defer { isSilent = false }
        switch activity {
        case .typing: if exercise == nil { finishTyping() }
        case .loading: completeLoad()
        case .learner(let task):
            if case .command(let command, _) = beats[position].kind {
                perform(command, task.text)
            }
        case .quiz: finishBeat()
        case .exercise: solve()
        default: break
        }
        if exercise != nil { solve() }
    }

    func previousStep() {
        go(toStep: max(step - 1, 0))
    }

    func nextStep() {
        guard step < steps.count else {
            finishSilently()
            goForward(to: beats.count)
            return proceed()
        }
        go(toStep: step + 1)
    }

    // MARK: The list

    func openList(isSearch: Bool) {
        guard !steps.isEmpty else { return }
        list = StepList(place: max(step - 1, 0), isSearch: isSearch)
        if isSearch { list?.place = 0 }
    }

    func press(_ key: Key, in list: StepList) {
        var list = list
        let matches = list.matches(steps)
        switch key {
        case .escape, .control(3): return self.list = nil
        case .special(.up, _), .control(16): list.place = max(list.place - 1, 0)
        case .special(.down, _), .control(14):
            list.place = min(list.place + 1, max(matches.count - 1, 0))
        case .enter, .control(10):
            self.list = nil
            guard matches.indices.contains(list.place) else { return }
            return go(toStep: matches[list.place])
        case .character("q") where !list.isSearch: return self.list = nil
        case .character("k") where !list.isSearch: list.place = max(list.place - 1, 0)
        case .character("j") where !list.isSearch:
            list.place = min(list.place + 1, max(matches.count - 1, 0))
        case .character("/") where !list.isSearch: list.isSearch = true
        case .character(let scalar) where !list.isSearch:
            guard let number = Int(String(scalar)), matches.contains(number) else { break }
            self.list = nil
            return go(toStep: number)
        default:
            guard list.isSearch, list.filter.take(key) else { break }
            list.place = 0
        }
        self.list = list
    }
}
