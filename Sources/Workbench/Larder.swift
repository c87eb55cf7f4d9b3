import ArgumentParser

@main
struct Larder: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "larder")
}
