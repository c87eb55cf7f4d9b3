import ArgumentParser
import Server
import Terminal

/// `larder serve`: a node as a server, started like `redis-server`.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a cache node to redis-cli, applications and dashboards.",
        usage: "larder serve [CONFIG-FILE] [--port 6379] [--any-setting value …]",
        discussion: """
            Starts like redis-server: an optional configuration file in its format (- reads \
            standard input), then any setting as --name value, which wins over the file. \
            Listens on this machine's loopback addresses, port 6379, unless told otherwise.

              larder serve                                 port 6379, loopback only
              larder serve --port 0 --unixsocket /tmp/l.sock
              larder serve my.conf --maxclients 200
              larder serve --requirepass secret --bind '*'
              larder serve --flavour redis-7.0             behave and report as Redis 7.0

            'CONFIG GET *' at a prompt lists all settings with their values. SIGTERM, Ctrl-C and \
            SHUTDOWN end the server after open replies have been sent. Data is kept in memory \
            only: saving to disk comes with a later version.
            """)

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var words: [String] = []

    func run() throws {
        let configuration: ServeConfiguration
        do {
            configuration = try ServeConfiguration(words: words)
        } catch {
            try fail(error.description, code: 2)
        }
        do {
            let code = try ServerMain.run(configuration)
            if code != 0 { throw ExitCode(code) }
        } catch let failure as ServeConfiguration.Failure {
            try fail(failure.description, code: 1)
        } catch let failure as Listener.Failure {
            try fail(failure.description, code: 1)
        }
    }

    /// Says why the server cannot run, and ends with a code from the table in `larder --help`.
    private func fail(_ reason: String, code: Int32) throws -> Never {
        Descriptor.error.write("larder serve: \(reason)\n")
        throw ExitCode(code)
    }
}
