import ArgumentParser
import Engine
import Server

@main
struct Larder: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "larder")

    @Option var port = 7379

    func run() throws {
        try ServerMain.run(settings: Settings(), port: port)
    }
}
