import Bytes

/// A key of a numbered database: what sessions watch and wait for.
struct DatabaseKey: Hashable {
    let database: Int
    let key: ByteString
}
