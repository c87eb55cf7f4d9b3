import Client
import Dashboard
import Playback
import Repl
import Server
import Synchronization
import Terminal

// A lesson and a dashboard side by side. The dashboard has the terminal and its thread; in each of
// its turns the lesson gets the time that has passed and what the person wants of it, and the
// dashboard what the lesson's node tells of itself. Neither knows of the other.

/// Shows the dashboard on the world of a lesson.
final class LessonDashboard {
    private let player: Player
    private let twin: WorldTwin
    private let board: LessonBoard
    private let reader: LessonReader
    private var last = SystemClock.monotonicNanoseconds()
    private var moments: [WorldTwin.Moment] = []

    private init(_ player: Player, _ twin: WorldTwin, _ board: LessonBoard, _ reader: LessonReader)
    {
        (self.player, self.twin, self.board, self.reader) = (player, twin, board, reader)
    }

    /// Shows it until the person goes back to the lesson.
    static func show(
        _ player: Player, _ guardian: TerminalGuard, color: TerminalEnvironment.ColorChoice,
        isASCII: Bool, lessons: LessonShelf
    ) -> DashboardEnd {
        guard let board = LessonBoard(lessons, playing: player) else {
            return .impossible("the system has no descriptors left")
        }
        var options = DashboardOptions()
        options.color = color
        options.isASCII = isASCII
        options.settings = DashboardSettings.load()
        options.lessons = board
        options.lines = player.dashboardStart
        options.focusesLesson = true
        if let place = player.place { return show(place, player, board, guardian, options) }
        guard let twin = WorldTwin(player), let sampler = LessonSampler() else {
            return .impossible("the lesson's world cannot be looked at")
        }
        let reader = LessonReader(
            sampler, endpoint: Endpoint(connecting: { twin.connect() }))
        let driver = LessonDashboard(player, twin, board, reader)
        let errands = KeyErrands(pace: KeyErrands.embeddedPace) {
            Endpoint(connecting: { twin.connect() })
        }
        defer { errands?.stop() }
        var source = Source(name: "lesson \(player.id)", isEmbedded: true)
        source.isLesson = true
        // What is sent from here would be sent to the twin, and the lesson would not know.
        source.isReadOnly = true
        driver.turn()
        return run(source, sampler, errands, guardian, options) { driver.turn() }
    }

    /// The same at a real server: it is watched as any other.
    private static func show(
        _ place: RemotePlace, _ player: Player, _ board: LessonBoard, _ guardian: TerminalGuard,
        _ options: DashboardOptions
    ) -> DashboardEnd {
        let target = place.target
        let connect: @Sendable () -> Endpoint = {
            Endpoint(target, embedded: { throw Endpoint.Failure.cannotConnect("") })
        }
        guard let sampler = RemoteSampler(interval: 1000, connect: connect) else {
            return .impossible("the system has no descriptors left")
        }
        defer { sampler.stop() }
        let errands = KeyErrands(pace: KeyErrands.remotePace, connect: connect)
        defer { errands?.stop() }
        var source = Source(name: target.name)
        source.isReadOnly = true
        return run(source, sampler, errands, guardian, options) {
            for order in board.takeOrders() { player.perform(order) }
            board.put(player.picture)
        }
    }

    private static func run(
        _ source: Source, _ sampler: any Sampler, _ errands: KeyErrands?,
        _ guardian: TerminalGuard, _ options: DashboardOptions, onTurn: @escaping () -> Void
    ) -> DashboardEnd {
        do {
            let session = try DashboardSession(
                source, sampler: sampler, announcements: sampler.descriptor, errands: errands,
                guardian: guardian, options: options)
            session.onTurn = onTurn
            return session.run() == .hungUp ? .hungUp : .left
        } catch {
            return .impossible(FullScreenWords.reason(error))
        }
    }

    /// Gives the lesson its time and its orders, and the dashboard what has come of them.
    private func turn() {
        let now = SystemClock.monotonicNanoseconds()
        let milliseconds = (now - last) / 1_000_000
        last += milliseconds * 1_000_000
        // A machine that was asleep has not been playing.
        if player.isWorldMoving { player.tickWorld(Int(min(milliseconds, 500))) }
        for order in board.takeOrders() { player.perform(order) }
        let fresh = twin.follow(player)
        if let newest = fresh.last { moments = [newest] }
        for (place, moment) in fresh.enumerated() { take(moment, isLast: place == fresh.count - 1) }
        // A board that was asked for is read although nothing has happened.
        if fresh.isEmpty, reader.isAsked, var moment = moments.last {
            moment.isBeginning = false
            take(moment, isLast: true)
        }
        board.put(player.picture)
    }

    private func take(_ moment: WorldTwin.Moment, isLast: Bool) {
        reader.take(
            now: moment.now, wall: moment.wall, moment.observation,
            isBeginning: moment.isBeginning, isLast: isLast)
    }
}

/// What a dashboard is told of lessons: the list of them, and the one that is played, if any.
final class LessonBoard: LessonSource {
    private struct State {
        var picture: LessonPicture?
        var orders: [LessonOrder] = []
    }

    /// Never readable: a picture is put and taken in the same turn.
    let descriptor: Descriptor
    private let other: Descriptor
    private let shelf: LessonShelf
    /// The record of the lesson that is played, which the file may not have yet.
    private let own: Progress?
    private let state: Mutex<State>

    /// For a dashboard beside which no lesson is played.
    static var alone: LessonBoard? {
        guard let folder = ScenarioPlace.standard else { return nil }
        return LessonBoard(LessonShelf(folder))
    }

    /// Of the lessons of a shelf. Nil when the system has no descriptors left.
    init?(_ shelf: LessonShelf, playing player: Player? = nil) {
        guard let ends = Descriptor.pipe() else { return nil }
        (descriptor, other) = (ends.reading, ends.writing)
        self.shelf = shelf
        own = player.map { player in
            var own = Progress()
            own.lessons[player.id] = player.record
            return own
        }
        state = Mutex(State(picture: player?.picture))
    }

    deinit {
        descriptor.close()
        other.close()
    }

    var list: [LessonPicture.Lesson] {
        let kept = (try? ProgressFile.standard?.read()) ?? Progress()
        return LessonList.pictures(
            shelf.list, progress: own.map { kept.merged(with: $0) } ?? kept)
    }

    var picture: LessonPicture? { state.withLock { $0.picture } }

    func put(_ picture: LessonPicture) { state.withLock { $0.picture = picture } }

    func perform(_ order: LessonOrder) -> String? {
        if own != nil {
            state.withLock { $0.orders.append(order) }
            return nil
        }
        if case .open(let name) = order {
            return "At the prompt :play \(name) plays it, at the shell larder play \(name)."
        }
        return "No lesson is played here; :play NAME plays one at the prompt."
    }

    func takeOrders() -> [LessonOrder] {
        state.withLock { state in
            defer { state.orders = [] }
            return state.orders
        }
    }
}
