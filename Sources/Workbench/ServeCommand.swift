import ArgumentParser
import Engine
import Server

/// `larder serve`: a node as a server, started like `redis-server`.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve a cache node over TCP or a Unix socket.")

    @Option var port = 6379

    func run() throws {
        try ServerMain.run(settings: Settings(), port: port)
    }
}
