import Glibc

// Safe: the buffer is local, and its own count bounds what the system writes.

/// Where this program lies.
enum ProgramPath {
    /// The path of the file that runs; empty when the system does not tell.
    static var own: String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe readlink(
                "/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }
}
