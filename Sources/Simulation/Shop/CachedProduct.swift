import Bytes

/// A product as it stands in the cache: JSON, with what the shop needs to know of it.
struct CachedProduct {
    /// The version; 0 when the value does not say, because somebody else has put it there.
    var version: Int
    /// When it is going to expire, by the wall clock in milliseconds, where that was noted.
    var until: Int64?

    init(version: Int, until: Int64?) {
        self.version = version
        self.until = until
    }

    /// What a reply to GET holds; nil when there is nothing.
    init?(reply: [UInt8]) {
        guard reply.count > 2, reply[0] == UInt8(ascii: "$"), reply[1] != UInt8(ascii: "-") else {
            return nil
        }
        version = Int(CachedProduct.number(after: CachedProduct.versionField, in: reply) ?? 0)
        until = CachedProduct.number(after: CachedProduct.untilField, in: reply)
    }

    /// The JSON.
    func text(of product: Int, atLeast length: Int) -> String {
        let name = CachedProduct.names[product % CachedProduct.names.count]
        var text = "{\"id\":\(product),\"name\":\"\(name)\",\"version\":\(version)"
        if let until { text += ",\"until\":\(until)" }
        let missing = length - text.utf8.count - 1
        if missing > 9 {
            text += ",\"text\":\"\(String(repeating: "x", count: missing - 10))\""
        }
        return text + "}"
    }

    private static let versionField = Array("\"version\":".utf8)
    private static let untilField = Array("\"until\":".utf8)

    private static func number(after field: [UInt8], in bytes: [UInt8]) -> Int64? {
        guard bytes.count >= field.count else { return nil }
        for start in 0...(bytes.count - field.count)
        where bytes[start] == field[0] && bytes[start..<start + field.count].elementsEqual(field) {
            var value: Int64 = 0
            for byte in bytes[(start + field.count)...] {
                guard byte.isASCIIDigit, value < 1 << 52 else { break }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        return nil
    }

    private static let names = [
        "Kettle", "Lamp", "Chair", "Table", "Clock", "Mug", "Shelf", "Rug", "Mirror", "Vase",
        "Candle", "Basket", "Pillow", "Blanket", "Frame", "Stool", "Desk", "Bowl", "Jar", "Tray",
    ]
}
