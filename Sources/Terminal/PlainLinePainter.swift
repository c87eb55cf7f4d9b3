/// The plainest face of the editor: a prompt and the text, the search in its place while one is
/// going on. Whoever wants colours, ghosts and menus makes frames of their own for ``RowPainter``.
public struct PlainLinePainter {
    /// Draws the frames.
    public let painter: RowPainter
    /// Stands before the first row.
    public var prompt: Text
    /// Stands before the other rows of a text.
    public var continuation: Text

    /// A plain face.
    public init(_ painter: RowPainter, prompt: Text, continuation: Text = "...> ") {
        self.painter = painter
        self.prompt = prompt
        self.continuation = continuation
    }

    /// The frame of a state.
    public func frame(_ state: EditorState) -> LineFrame {
        var frame = LineFrame(
            prompt: prompt, continuation: continuation, body: Text(state.text),
            cursor: state.cursor)
        if let search = state.search {
            let label = search.match == nil && !search.pattern.isEmpty ? "no match" : "search"
            frame.prompt = Text("(\(label)) \(search.pattern): ")
            if let match = search.match {
                frame.body = Text(runs: [
                    Text.Run(String(state.scalars[..<match.lowerBound]), .plain),
                    Text.Run(String(state.scalars[match]), Style(underline: true)),
                    Text.Run(String(state.scalars[match.upperBound...]), .plain),
                ])
            }
        }
        return frame
    }

    /// Draws a state; the last one of a line stays on the screen, with `^C` behind it when it was
    /// given up.
    public func paint(_ state: EditorState) {
        var frame = frame(state)
        switch state.phase {
        case .editing: painter.paint(frame)
        case .submitted, .ended: painter.finish(frame)
        case .setAside: painter.erase()
        case .cancelled:
            frame.body.append("^C")
            painter.finish(frame)
        }
    }
}
