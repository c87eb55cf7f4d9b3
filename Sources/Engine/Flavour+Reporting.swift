public import Grammar

// What a node says it is. Clients look at these words to decide what they may ask for, so they
// are those of the server that the flavour stands for.

extension Flavour {
    /// The server's name as `HELLO` gives it.
    public var serverName: String {
        switch self {
        case .redis70, .redis72: "redis"
        case .valkey80: "valkey"
        }
    }

    /// The version of the server itself.
    public var version: String {
        switch self {
        case .redis70: "7.0.15"
        case .redis72: "7.2.4"
        case .valkey80: "8.0.1"
        }
    }

    /// The Redis version that clients may count on: Valkey 8 reports the one that it grew from.
    public var redisVersion: String {
        switch self {
        case .redis70: "7.0.15"
        case .redis72, .valkey80: "7.2.4"
        }
    }

    /// The product's name as it is written in a sentence.
    public var productName: String {
        switch self {
        case .redis70, .redis72: "Redis"
        case .valkey80: "Valkey"
        }
    }
}
