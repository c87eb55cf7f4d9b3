import Bytes
import Client
import Engine
import Glibc
import Server
import Terminal
import Testing
import Wire

/// Endpoints at a node of this process, inside and over a Unix socket.
@Suite struct EndpointTests {
    private final class Remarks {
        var texts: [String] = []
    }

    private func socketPath(_ name: String) -> String { "/tmp/larder-test-\(getpid())-\(name)" }

    private func value(_ outcome: Endpoint.Outcome) -> RESPValue? {
        if case .reply(let value) = outcome { value } else { nil }
    }

    @Test func commandsInsideTheProcess() throws {
        let node = try HostedNode(settings: Settings())
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node })
        #expect(!endpoint.isConnected)
        #expect(endpoint.call(["SET", "a", "1"]) == .reply(.simple("OK")))
        #expect(endpoint.call(["GET", "a"]) == .reply(.bulk("1")))
        let long = String(repeating: "x", count: 3_000_000)
        #expect(endpoint.call(["SET", "long", long]) == .reply(.simple("OK")))
        #expect(endpoint.call(["GET", "long"]) == .reply(.bulk(text: long)))
        #expect(value(endpoint.call(["NOSUCH"]))?.errorCode == "ERR")
        #expect(endpoint.call(["CLIENT", "REPLY", "SKIP"]) == .silence)
        #expect(endpoint.call(["GET", "a"]) == .silence)
        #expect(endpoint.call(["GET", "a"]) == .reply(.bulk("1")))
    }

    @Test func aConnectionThatIsGoneIsReplacedInItsState() throws {
        let node = try HostedNode(settings: Settings())
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node }, version: .three)
        #expect(endpoint.call(["SELECT", "7"]) == .reply(.simple("OK")))
        #expect(endpoint.call(["CLIENT", "SETNAME", "me"]) == .reply(.simple("OK")))
        let first = value(endpoint.call(["CLIENT", "ID"]))
        endpoint.disconnect()
        let second = value(endpoint.call(["CLIENT", "ID"]))
        #expect(first != nil && second != nil && first != second)
        #expect(endpoint.call(["CLIENT", "GETNAME"]) == .reply(.bulk("me")))
        let info = value(endpoint.call(["CLIENT", "INFO"]))?.bytes?.text ?? ""
        #expect(info.contains(" db=7 "))
        #expect(info.contains(" resp=3"))
    }

    @Test func commandsOverASocket() throws {
        let path = socketPath("endpoint")
        var settings = Settings()
        settings.password = "pw"
        let node = try HostedNode(settings: settings)
        let listener = try node.listen(on: .unix(path: path, mode: 0o600))
        defer { node.shutDown([listener]) }

        let stranger = Endpoint(try Target(parsing: "unix:\(path)"), embedded: { node })
        #expect(value(stranger.call(["GET", "a"]))?.errorCode == "NOAUTH")

        let wrong = Endpoint(
            .remote(RemoteTarget(.unix(path: path), password: "no")), embedded: { node })
        guard case .failed(.refused(let reason)) = wrong.call(["PING"]) else {
            Issue.record("a wrong password was taken")
            return
        }
        #expect(reason.hasPrefix("WRONGPASS"))

        let remarks = Remarks()
        let endpoint = Endpoint(
            .remote(RemoteTarget(.unix(path: path), password: "pw", database: 99)),
            embedded: { node })
        endpoint.onNotice = { remarks.texts.append($0) }
        #expect(endpoint.call(["SET", "a", "1"]) == .reply(.simple("OK")))
        #expect(remarks.texts == ["SELECT: ERR DB index is out of range"])
        #expect(endpoint.state.database == 0)
        let id = value(endpoint.call(["CLIENT", "ID"]))?.integer ?? 0
        let other = Endpoint(
            .remote(RemoteTarget(.unix(path: path), password: "pw")), embedded: { node })
        #expect(other.call(["CLIENT", "KILL", "ID", String(id)]) == .reply(.integer(1)))
        // The end is found out before the command is sent or while its reply is awaited; after
        // that there is another connection.
        _ = endpoint.call(["PING"])
        #expect(endpoint.call(["GET", "a"]) == .reply(.bulk("1")))
    }

    @Test func questionsAreAskedInTheBackground() throws {
        let path = socketPath("inquirer")
        let node = try HostedNode(settings: Settings())
        let listener = try node.listen(on: .unix(path: path, mode: 0o600))
        defer { node.shutDown([listener]) }
        let endpoint = Endpoint(.remote(RemoteTarget(.unix(path: path))), embedded: { node })
        let inquirer = try #require(Inquirer(endpoint.blueprint))
        defer { inquirer.close() }
        let question = ["DBSIZE"].map { Array($0.utf8) }
        // Without waiting there is no answer yet; it announces itself.
        #expect(inquirer.answer(to: question, within: 0) == .pending)
        _ = Descriptor.wait(for: [inquirer.descriptor], milliseconds: 20_000)
        inquirer.take()
        #expect(inquirer.answer(to: question, within: 0) == .reply(.integer(0)))
        #expect(Descriptor.wait(for: [inquirer.descriptor], milliseconds: 0) == .timeout)
        // The same question has the same answer until it is forgotten.
        #expect(endpoint.call(["SET", "a", "1"]) == .reply(.simple("OK")))
        #expect(inquirer.answer(to: question, within: 0) == .reply(.integer(0)))
        inquirer.forget(but: [])
        #expect(inquirer.answer(to: question, within: 20_000) == .reply(.integer(1)))
        inquirer.forget(but: [question])
        #expect(inquirer.answer(to: question, within: 0) == .reply(.integer(1)))
        let wrong = ["NOPE"].map { Array($0.utf8) }
        #expect(inquirer.answer(to: wrong, within: 20_000) == .unknown)
    }

    @Test func theEnginesShareOfTheTimeIsKnown() throws {
        let node = try HostedNode(settings: Settings())
        defer { node.shutDown([]) }
        let endpoint = Endpoint(.embedded, embedded: { node })
        _ = endpoint.call(["PING"])
        #expect(endpoint.takeWork() > 0)
        #expect(endpoint.takeWork() == 0)
    }

    @Test func aServerThatIsNotThereIsNamed() throws {
        let path = socketPath("nobody")
        let endpoint = Endpoint(.remote(RemoteTarget(.unix(path: path))), embedded: { throw End() })
        #expect(
            endpoint.call(["PING"])
                == .failed(
                    .cannotConnect("could not connect to \(path): No such file or directory")))
        #expect(!endpoint.isReachable)
        #expect(endpoint.call(["SHUTDOWN"]) != .silence)
    }

    private struct End: Error {}
}
