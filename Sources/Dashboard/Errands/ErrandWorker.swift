import Bytes
import Client
import Server
import Wire

/// What the thread of ``KeyErrands`` holds: the endpoint, and how far it has come.
final class ErrandWorker {
    private let endpoint: Endpoint
    private let pace: Int
    private let report: (Finding) -> Void
    private let note: ([[UInt8]], String) -> Void
    /// Milliseconds that only rise.
    private let clock: () -> Int64
    /// Keys of a page.
    static let page = 50

    private var isIntroduced = false
    /// True where CLIENT NO-TOUCH keeps looks from being uses.
    private var isUntouching = false
    /// True where LARDER WHY answers.
    private var tellsWhy = true

    private var walk = -1
    private var database: Int?
    private var selected: Int?
    private var cursor = Array("0".utf8)
    private var total = 0
    /// When the next page may be asked for, and when the pass began, in milliseconds.
    private var pageDue: Int64 = 0
    private var passBegan: Int64 = 0

    private var key: [UInt8]?
    private var lookDue: Int64 = 0
    private var hasValue = false

    init(
        _ endpoint: Endpoint, pace: Int, report: @escaping (Finding) -> Void,
        note: @escaping ([[UInt8]], String) -> Void, clock: @escaping () -> Int64 = ErrandWorker.now
    ) {
        self.clock = clock
        self.endpoint = endpoint
        self.pace = max(pace, 1)
        self.report = report
        self.note = note
        endpoint.patience = 2000
        endpoint.onSend = { words, isOwn in if isOwn { note(words, Asker.entry) } }
    }

    func end() { endpoint.disconnect() }

    private struct Failure: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    static func now() -> Int64 { Int64(SystemClock.monotonicNanoseconds() / 1_000_000) }
    private static var wall: Int64 { SystemClock.tick().wall.milliseconds }

    /// Does what is due and returns how long to wait for the next, in milliseconds; nil is until
    /// something else is wanted.
    func turn(_ wanted: Errands) -> Int? {
        if wanted.key != key {
            key = wanted.key
            lookDue = 0
            hasValue = false
        }
        if wanted.walk != walk || wanted.database != database {
            walk = wanted.walk
            database = wanted.database
            cursor = Array("0".utf8)
            pageDue = 0
        }
        do throws(Failure) {
            if let key, clock() >= lookDue {
                try look(at: key)
                lookDue = clock() + 1000
            }
            if wanted.walks, clock() >= pageDue { try page(countsUse: wanted.countsUse) }
        } catch {
            isIntroduced = false
            if wanted.walks { report(.walkFailed(error.text)) }
            pageDue = clock() + 2000
            lookDue = pageDue
        }
        let next = [key == nil ? nil : lookDue, wanted.walks ? pageDue : nil].compactMap { $0 }
        return next.min().map { Int(max($0 - clock(), 1)) }
    }

    // MARK: Asking

    private func introduce() throws(Failure) {
        guard !isIntroduced || !endpoint.isConnected else { return }
        isIntroduced = true
        _ = try call(
            words(["CLIENT", "SETNAME", "larder-dashboard"]), "so that others know who it is")
        let reply = try call(
            words(["CLIENT", "NO-TOUCH", "ON"]), "so that looking is no use of a key")
        isUntouching = reply.errorText == nil
    }

    private func select() throws(Failure) {
        try introduce()
        if let database, database != selected {
            let reply = try call(words(["SELECT", "\(database)"]), "the database that is shown")
            if let error = reply.errorText { throw Failure(error.text) }
            selected = database
        }
    }

    private func words(_ text: [String]) -> [[UInt8]] { text.map { Array($0.utf8) } }

    private func call(_ words: [[UInt8]], _ purpose: String) throws(Failure) -> RESPValue {
        note(words, purpose)
        return try reply(endpoint.call(words))
    }

    private func reply(_ outcome: Endpoint.Outcome) throws(Failure) -> RESPValue {
        switch outcome {
        case .reply(let reply), .unblocked(let reply): return reply
        case .silence: throw Failure("no reply")
        case .interrupted: throw Failure("no answer within 2 s")
        case .failed(.cannotConnect(let reason)), .failed(.refused(let reason)),
            .failed(.lost(let reason)), .failed(.protocolError(let reason)):
            throw Failure(reason)
        }
    }

    /// Sends what the person has asked for.
    func run(_ words: [[UInt8]], _ purpose: String) {
        var text: String
        do throws(Failure) {
            try introduce()
            let reply = try call(words, purpose)
            text = reply.errorText?.text ?? String(decoding: reply.plainBytes ?? [], as: UTF8.self)
        } catch {
            isIntroduced = false
            text = error.text
        }
        report(.answer(words: words, text: text, wall: Self.wall))
    }

    // MARK: A key

    private func look(at key: [UInt8]) throws(Failure) {
        try select()
        // Where a look at the value counts as a use, it is taken once.
        let withValue = isUntouching || !hasValue
        let look = try KeyLook.look(at: key, withValue: withValue) { words throws(Failure) in
            try call(words, "the key that is looked at")
        }
        hasValue = true
        var reason = ""
        if look == nil, tellsWhy {
            let reply = try call(words(["LARDER", "WHY"]) + [key], "why the key is not there")
            if reply.errorText != nil { tellsWhy = false }
            reason = Self.reason(reply)
        }
        report(.look(key: key, look, reason: reason, wall: Self.wall))
    }

    private static func reason(_ reply: RESPValue) -> String {
        guard let departure = reply["departure"], let word = departure["reason"]?.bytes?.text
        else { return "" }
        if word == "evicted", let policy = departure["policy"]?.bytes?.text {
            return "evicted under \(policy)"
        }
        if let command = departure["command"]?.bytes?.text, word != "expired" {
            return "\(word) by \(command)"
        }
        return word
    }

    // MARK: The walk

    private func page(countsUse: Bool) throws(Failure) {
        try select()
        let began = clock()
        let isFirst = cursor == Array("0".utf8)
        if isFirst {
            passBegan = clock()
            total = try call(words(["DBSIZE"]), "how many keys there are").number ?? 0
        }
        let scan = try call(
            words(["SCAN"]) + [cursor] + words(["COUNT", "\(Self.page)"]),
            "the keys, page by page, while they are shown")
        guard let parts = scan.elements, parts.count == 2, let next = parts[0].plainBytes else {
            throw Failure(scan.errorText?.text ?? "SCAN cannot be read")
        }
        cursor = next
        var names: [[UInt8]] = []
        for name in parts[1].flattened where !names.contains(name) { names.append(name) }
        let keys = try facts(names, countsUse)
        let isLast = next == Array("0".utf8)
        report(
            .page(
                KeyPage(
                    walk: walk, isFirst: isFirst, isLast: isLast, keys: keys, total: total,
                    wall: Self.wall)))
        let took = clock() - began
        // An empty page has cost the server something as well.
        let share = Int64(max(names.count, Self.page / 4) * 1000 / pace)
        pageDue = clock() + max(share, took * 4)
        if isLast {
            // A short walk is soon made again, so that what it tells is not old.
            pageDue = clock() + min(5000 + (clock() - passBegan), 60_000)
        }
    }

    /// What there is to know of the keys of a page, in one turn of questions. None of them is a
    /// use of a key. Keys that have gone meanwhile are left out.
    private func facts(_ names: [[UInt8]], _ countsUse: Bool) throws(Failure) -> [SeenKey] {
        var questions: [[[UInt8]]] = []
        for name in names {
            questions.append(words(["TYPE"]) + [name])
            questions.append(words(["MEMORY", "USAGE"]) + [name])
            questions.append(words(["PTTL"]) + [name])
            if countsUse { questions.append(words(["OBJECT", "FREQ"]) + [name]) }
        }
        for question in questions { note(question, "of each key of a page, while they are shown") }
        let replies: [RESPValue]
        switch endpoint.callAll(questions) {
        case .success(let all): replies = all
        case .failure(let interrupted): replies = [try reply(interrupted.outcome)]
        }
        let width = countsUse ? 4 : 3
        return names.enumerated().compactMap { place, name in
            let answers = replies[place * width..<(place + 1) * width]
            let row = Array(answers)
            guard let type = row[0].plainBytes, let bytes = row[1].number else { return nil }
            return SeenKey(
                name: name, type: String(decoding: type, as: UTF8.self), bytes: bytes,
                left: row[2].number ?? -1, frequency: countsUse ? row[3].number : nil)
        }
    }
}
