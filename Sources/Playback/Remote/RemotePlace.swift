import Bytes
public import Client
import Wire

/// A real server at which lessons are played.
public struct RemotePlace: Sendable {
    /// Why lessons cannot be played there.
    public struct Refusal: Error, Equatable, Sendable {
        /// The kinds of reasons.
        public enum Kind: Sendable {
            /// Nobody answers there.
            case unreachable
            /// The server does not let us in.
            case notAllowed
            /// It is no server for lessons.
            case unfit
        }

        /// The reason, for a person.
        public let text: String
        /// Which kind of reason it is.
        public let kind: Kind
    }

    /// Where it is.
    public let target: Target
    /// Whether commands may be sent that change more than the lessons' own keys.
    public let allowsDestructive: Bool
    /// What it is, as scenarios name it: `redis` or `valkey`.
    public let backend: String
    /// Its version, as it says.
    public let version: String

    /// A server, after asking it what it is.
    public init(_ target: Target, allowsDestructive: Bool = false) throws(Refusal) {
        self.target = target
        self.allowsDestructive = allowsDestructive
        let endpoint = Endpoint(target, embedded: { throw Endpoint.Failure.cannotConnect("") })
        endpoint.patience = 10_000
        var info: [String: String] = [:]
        switch endpoint.call(["INFO"]) {
        case .reply(let reply):
            if let error = reply.errorText {
                throw Refusal(text: "\(target.name): \(error.text)", kind: .notAllowed)
            }
            for line in (reply.bytes?.text ?? "").split(whereSeparator: \.isNewline) {
                guard let colon = line.firstIndex(of: ":") else { continue }
                info[String(line[..<colon])] = String(line[line.index(after: colon)...])
            }
        case .failed(.refused(let reason)):
            throw Refusal(text: "\(target.name): \(reason)", kind: .notAllowed)
        case .failed(let failure): throw Refusal(text: failure.reason, kind: .unreachable)
        default: throw Refusal(text: "\(target.name) does not answer", kind: .unreachable)
        }
        guard info["cluster_enabled"] != "1" else {
            throw Refusal(
                text: "\(target.name) is a node of a cluster; lessons need a server by itself",
                kind: .unfit)
        }
        guard info["role"] != "slave" else {
            throw Refusal(
                text: "\(target.name) is a replica, which takes no writes; name its primary",
                kind: .unfit)
        }
        let isValkey = info["server_name"] == "valkey" || info["valkey_version"] != nil
        backend = isValkey ? "valkey" : "redis"
        version = info["valkey_version"] ?? info["redis_version"] ?? ""
    }

    /// Why a scenario cannot be played here; nil when nothing in its front matter is against it.
    func missing(_ scenario: Scenario) -> String? {
        let front = scenario.front
        if !front.backends.contains(backend) {
            let names = front.backends.map { $0 == "embedded" ? "the embedded engine" : $0 }
            return "it is for \(names.joined(separator: ", ")), not for \(backend)"
        }
        let lacking = front.needs.map(\.value).filter { $0 != "embedded" }
        if !lacking.isEmpty {
            return "it needs \(lacking.joined(separator: " and ")), which a real server has not"
        }
        let settings = front.engine.map(\.name.value).filter {
            !["flavor", "flavour"].contains($0)
        }
        if !settings.isEmpty {
            return "it needs settings that belong to the server: "
                + settings.joined(separator: ", ")
        }
        if !front.fixtures.isEmpty { return "it needs the simulated shop" }
        return nil
    }
}
