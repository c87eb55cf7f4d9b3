import Simulation

// The figures of a world in the units of checks.

/// Reads figures of a world.
enum WorldFigures {
    /// What a figure is at this moment.
    static func read(_ call: FigureCall, _ arguments: [Value], _ world: World) -> Reading {
        guard let declaration = World.declaration(call.name) else {
            return Reading(.missing("there is no figure '\(call.name)'"), .measured)
        }
        if let reason = declaration.missing { return Reading(.missing(reason), .measured) }
        let origin = origin(declaration.origin)
        let words = arguments.map(word)
        guard let figure = world.figure(call.name, words, window: window(call.window)) else {
            return Reading(.missing("nothing to tell yet"), origin)
        }
        return Reading(value(figure), self.origin(figure.origin))
    }

    private static func window(_ window: FigureCall.Window) -> FigureWindow {
        switch window {
        case .step: .step
        case .run: .run
        case .last(let nanoseconds): .last(nanoseconds)
        }
    }

    private static func origin(_ origin: Figure.Origin) -> Origin {
        origin == .modelled ? .modelled : .measured
    }

    /// An argument as the world takes it: a share of 40 % is 0.4.
    static func word(_ value: Value) -> String {
        switch value {
        case .number(let base, _, _):
            base == base.rounded() && abs(base) < 1e15 ? String(Int64(base)) : "\(base)"
        case .text(let text): text
        case .truth(let truth): truth ? "true" : "false"
        case .missing: ""
        }
    }

    static func value(_ figure: Figure) -> Value {
        switch figure.value {
        case .text(let text): return .text(text)
        case .truth(let truth): return .truth(truth)
        case .number(let number):
            guard case .number(let dimension, let unit) = kind(figure.unit) else {
                return .number(number, .none, nil)
            }
            return .number(figure.unit == .nanoseconds ? number / 1e9 : number, dimension, unit)
        }
    }

    /// What a unit of the world is in checks.
    static func kind(_ unit: Figure.Unit) -> FigureSignature.Kind {
        switch unit {
        case .count: .number(.none, nil)
        case .share: .number(.none, .percent)
        case .nanoseconds: .number(.time, .seconds)
        case .bytes: .number(.size, .bytes)
        case .perSecond: .number(.rate, .perSecond)
        case .factor: .number(.none, .times)
        case .text: .text
        case .truth: .truth
        }
    }
}

extension FigureTable {
    /// What the world tells of itself.
    static let worldFigures: [FigureSignature] = World.figures.map { figure in
        FigureSignature(
            name: figure.name, arguments: figure.arguments.map(\.rawValue),
            optional: figure.optionalArguments, kind: WorldFigures.kind(figure.unit),
            help: figure.help, missing: figure.missing)
    }
}

extension WorldFigures {
    /// The unit of a figure as the world counts it: `nanoseconds`, `share`, `count`.
    static func unitName(of figure: String) -> String {
        World.declaration(figure)?.unit.rawValue ?? "count"
    }
}
