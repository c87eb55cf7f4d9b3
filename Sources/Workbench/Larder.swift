import ArgumentParser

@main
struct Larder: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "larder", subcommands: [ServeCommand.self, BenchCommand.self])
}
