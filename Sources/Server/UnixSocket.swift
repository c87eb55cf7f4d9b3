import Glibc
import NIOCore

/// Binds a Unix socket that nobody else can reach before it has its permissions.
enum UnixSocket {
    /// A socket bound to `path`, with exactly these permissions. A socket that stands there
    /// already is replaced.
    ///
    /// The permissions are those of the descriptor, which the new file takes over: changing the
    /// mask of the process would also change what other threads make at that moment.
    static func bind(_ path: String, mode: UInt32) throws -> Int32 {
        let address = try SocketAddress(unixDomainSocketPath: path)
        removeOld(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket") }
        // Safe: the address is only read, during the call.
        let result = unsafe address.withSockAddr { pointer, size in
            guard fchmod(descriptor, mode_t(mode)) == 0 else { return Int32(-1) }
            return unsafe Glibc.bind(descriptor, pointer, socklen_t(size))
        }
        // The mask has taken bits away; those that were asked for are given back.
        // Safe: the string is passed as a terminated copy for the length of the call.
        guard result == 0, unsafe chmod(path, mode_t(mode)) == 0 else {
            defer { Glibc.close(descriptor) }
            throw failure("bind")
        }
        return descriptor
    }

    /// Removes a socket that an earlier server has left; other files stay.
    private static func removeOld(_ path: String) {
        // Safe: the string is passed as a terminated copy, and the result is a local value.
        var facts = stat()
        guard unsafe stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFSOCK else { return }
        unsafe unlink(path)
    }

    private static func failure(_ reason: String) -> IOError {
        IOError(errnoCode: errno, reason: reason)
    }
}
