import Bytes
import Client
import Wire

// Commands that cost as much as there are keys or members are not asked about, only remarked on,
// and only where there is much of it. How much that is, the server tells at once.

extension Console {
    /// From how many elements on a remark is worth its row.
    private static let many = 10_000

    /// What tells the size that a command's cost grows with, and what does the same in steps.
    private static let costly: [String: (size: String, instead: String)] = [
        "KEYS": ("DBSIZE", ":keys PATTERN"), "SMEMBERS": ("SCARD", "SSCAN"),
        "HGETALL": ("HLEN", "HSCAN"), "HKEYS": ("HLEN", "HSCAN"), "HVALS": ("HLEN", "HSCAN"),
    ]

    /// Remarks on a command that will be slow.
    func remarkIfSlow(_ words: [[UInt8]]) {
        guard isInteractive, endpoint.state.queued == nil, words.count == 2 else { return }
        let name = String(decoding: words[0], as: UTF8.self).uppercased()
        guard let cost = Self.costly[name] else { return }
        let key = cost.size == "DBSIZE" ? [] : [words[1]]
        guard case .reply(.integer(let count)) = endpoint.call([Array(cost.size.utf8)] + key),
            count > Self.many
        else { return }
        let what = cost.size == "DBSIZE" ? "keys" : "elements"
        remark("\(name) goes through all \(count) \(what) at once; \(cost.instead) takes steps.")
    }
}
