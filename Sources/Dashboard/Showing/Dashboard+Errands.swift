import Bytes
import Client
import Engine
import Terminal

// What the person looks at decides what is found out, and rows can be chosen that something is
// found out about.

extension Dashboard {
    /// Takes what an errand has brought.
    public mutating func take(_ finding: Finding) {
        found.take(finding)
        if case .page = finding, state.unfolded.isEmpty, state.chosen[.browser] == nil,
            let tree = found.survey?.tree, tree.root.children.count == 1,
            let only = tree.root.children.values.first, tree.nodes[only].isPrefix
        {
            // A prefix that holds everything tells nothing while it is folded.
            state.unfolded = [ByteString(tree.nodes[only].name)]
        }
        if case .answer(let words, let text, _) = finding, let name = words.first {
            let shown = String(decoding: name, as: UTF8.self)
            if ErrorCards.card(reply: text) != nil {
                state.failed = ErrorReply(text: text, command: shown)
            }
            state.message =
                shown == "PUBLISH" && Int(text) != nil
                ? "heard by \(text)"
                : "\(shown): \(CellText.shown(Array(text.utf8), ascii: state.isASCII))"
        }
    }

    /// Looks at something of its own accord while nobody has chosen anything: the busiest key on
    /// the screen of keys, and a sorted set that the server has told of.
    mutating func suggest(_ snapshot: Snapshot) {
        if state.screen == .keys, state.key == nil, let first = snapshot.hotKeys?.first {
            state.key = first.key.bytes
        }
        guard !state.hasPinned, state.boards.isEmpty else { return }
        let hot = (snapshot.hotKeys ?? []).first { $0.type == "zset" }?.key
        let big = (snapshot.bigKeys ?? []).first { $0.type == "zset" }?.key
        if let board = hot ?? big { state.boards = [board.bytes] }
    }

    /// What is to be found out for what is on the screen.
    public var errands: Errands {
        var errands = Errands()
        // A pause stops everything at one instant, and what is sent as well.
        guard state.pausedAt == nil else {
            errands.pattern = state.pattern
            return errands
        }
        errands.walks = wantsWalk && !gate.isHeld
        errands.walk = state.walk
        errands.database = state.database
        errands.countsUse = history.newest?.texts["maxmemory_policy"]?.hasSuffix("lfu") == true
        if state.screen == .keys { errands.key = state.key }
        errands.pattern = state.pattern
        return errands
    }

    /// True while a panel is on the screen that needs a walk over the keys.
    var wantsWalk: Bool {
        state.pausedAt == nil && (state.screen == .keys || state.screen == .memory)
    }

    /// The panel that keys go to.
    var focused: PanelID {
        let panels = state.screen.panels(state)
        return panels[min(state.focus, panels.count - 1)]
    }

    /// What that panel says.
    var focusedModel: PanelModel {
        focused == .board ? view().board(focusedBoard) : view().panel(focused)
    }

    /// Which of the watched sorted sets that panel shows.
    private var focusedBoard: Int { state.screen == .boards ? state.focus : 0 }

    /// The table of the focused panel, if its rows can be chosen.
    private var choice: TableModel? {
        for case .table(let table) in focusedModel.blocks where !table.subjects.isEmpty {
            return table
        }
        return nil
    }

    /// Chooses another row, or scrolls where none can be chosen.
    mutating func step(_ rows: Int) {
        if state.overlay == .help {
            let count = HelpPanel.actions(state).count
            state.helpRow = min(max(state.helpRow.map { $0 + rows } ?? 0, 0), max(count - 1, 0))
            return
        }
        guard state.overlay == nil, let table = choice else {
            state.scroll = max(state.scroll + rows, 0)
            return
        }
        let last = table.subjects.count - 1
        let next = table.chosen.map { min(max($0 + rows, 0), last) } ?? 0
        guard !table.subjects[next].isEmpty else {
            // A row that stands for others is passed over.
            let beyond = min(max(next + (rows > 0 ? 1 : -1), 0), last)
            if !table.subjects[beyond].isEmpty { choose(table.subjects[beyond]) }
            return
        }
        choose(table.subjects[next])
    }

    /// Chooses the row that is about something.
    mutating func choose(_ subject: [UInt8]) {
        let panel = focused
        if panel == .board {
            guard focusedBoard < state.boards.count else { return }
            let key = ByteString(state.boards[focusedBoard])
            state.chosenMembers[key] = subject
            // Who goes through the members looks at others than the followed one.
            return
        }
        state.chosen[panel] = subject
        guard !state.isFollowing else { return }
        switch panel {
        case .hotKeys: state.key = subject
        case .browser: if !isPrefix(subject) { state.key = subject }
        default: break
        }
    }

    private func isPrefix(_ subject: [UInt8]) -> Bool {
        guard let tree = found.survey?.tree else { return false }
        return tree.nodes.contains { $0.isPrefix && $0.name == subject }
    }

    /// Unfolds the chosen prefix, or folds it. False where no prefix is chosen.
    mutating func unfold() -> Bool {
        guard state.overlay == nil, focused == .browser, state.filter.isEmpty,
            let table = choice, let row = table.chosen, isPrefix(table.subjects[row])
        else { return false }
        state.chosen[.browser] = table.subjects[row]
        let name = ByteString(table.subjects[row])
        if state.unfolded.remove(name) == nil { state.unfolded.insert(name) }
        return true
    }

    // MARK: Following

    mutating func follow(_ words: [String]) {
        let name = Array(words.joined(separator: " ").utf8)
        if focused == .board, focusedBoard < state.boards.count { return follow(member: name) }
        if state.screen == .pubsub {
            let channel = name.isEmpty ? state.chosen[.pubsub] : name
            guard let channel else {
                state.message = "choose a channel with Up and Down first"
                return
            }
            // A pattern in which every sign stands for itself.
            state.pattern = channel.flatMap { byte -> [UInt8] in
                "*?[]\\".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
            }
            return
        }
        if !name.isEmpty {
            state.key = name
            state.isFollowing = true
            if state.screen != .keys { perform("screen 3") }
            return
        }
        guard state.isFollowing || state.key != nil else {
            state.message = "choose a key with Up and Down first"
            return
        }
        state.isFollowing.toggle()
        state.message = state.isFollowing ? "followed until f is pressed again" : "followed no more"
    }

    /// Follows a member of the focused sorted set by name, or the chosen one; again: no more.
    private mutating func follow(member name: [UInt8]) {
        let key = ByteString(state.boards[focusedBoard])
        let followed = state.followedMembers[key]
        guard let member = name.isEmpty ? state.chosenMembers[key] ?? followed : name else {
            state.message = "choose a member with Up and Down first, or type  :follow MEMBER"
            return
        }
        let shown = CellText.shown(member, ascii: state.isASCII)
        guard member != followed else {
            state.followedMembers[key] = nil
            state.chosenMembers[key] = nil
            state.message = "\(shown) is followed no more"
            return
        }
        state.followedMembers[key] = member
        state.chosenMembers[key] = member
        state.message = "\(shown) is followed until f is pressed again"
    }

    mutating func choose(database number: Int?) {
        let known = (history.newest?.databases ?? []).map(\.number).sorted()
        guard let next = number ?? known.first(where: { $0 > state.database ?? 0 }) ?? known.first
        else {
            state.message = "no database has keys"
            return
        }
        guard 0...99_999 ~= next else {
            state.message = "databases have numbers from 0 on"
            return
        }
        state.database = next
        state.message = "database \(next)"
        beginWalk()
    }

    mutating func beginWalk() {
        state.walk += 1
        state.unfolded = []
        state.chosen[.browser] = nil
        state.key = nil
        state.isFollowing = false
        found.begin(walk: state.walk)
    }

    // MARK: Channels

    /// What `l` suggests: the chosen channel, or all.
    var listenable: String {
        state.chosen[.pubsub].map { String(decoding: $0, as: UTF8.self) } ?? "*"
    }

    /// What `u` begins with: the chosen channel.
    var publishable: String {
        state.chosen[.pubsub].map { String(decoding: $0, as: UTF8.self) + " " } ?? ""
    }

    mutating func listen(_ words: [String]) {
        guard !words.isEmpty else {
            state.message = "a pattern is missing, such as news:* or *"
            return
        }
        state.pattern = Array(words.joined(separator: " ").utf8)
        if state.screen != .pubsub { perform("screen 6") }
    }

    /// Publishes what stands behind the first two words, as it was typed.
    mutating func publish(_ line: some StringProtocol) {
        guard !source.isReadOnly else {
            state.message = "read only: nothing is published"
            return
        }
        let text = Substring(String(line)).drop { $0 == " " }
        let rest = text.drop { $0 != " " }.drop { $0 == " " }
        let channel = rest.prefix { $0 != " " }
        let message = rest.dropFirst(channel.count + 1)
        guard !channel.isEmpty, !message.isEmpty else {
            state.message = "a channel and a text are missing"
            return
        }
        requests.append(
            .send([Array("PUBLISH".utf8), Array(channel.utf8), Array(message.utf8)]))
    }
}
