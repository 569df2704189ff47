internal import Glibc

/// An address of the internet protocol, without a port or a zone.
package enum IPAddress: Sendable, Hashable {
    /// Version 4, its first byte highest.
    case v4(UInt32)
    /// Version 6, its first byte highest.
    case v6(high: UInt64, low: UInt64)

    /// Reads the one full spelling of version 4 (`127.0.0.1`), or a version 6 address without brackets and zone.
    ///
    /// Nil for anything else, among it the short, octal and hexadecimal spellings of version 4 that some resolvers
    /// take (`127.1`, `0177.0.0.1`, `0x7f.1`, `2130706433`).
    package init?(_ text: String) {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4)
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self.init(v6)
    }

    /// Reads the address of a socket; nil for one of another family.
    init?(family: Int32, at pointer: UnsafeRawPointer) {
        switch family {
        case AF_INET: self.init(pointer.loadUnaligned(as: sockaddr_in.self).sin_addr)
        case AF_INET6: self.init(pointer.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: return nil
        }
    }

    init(_ address: in_addr) {
        self = .v4(UInt32(bigEndian: address.s_addr))
    }

    init(_ address: in6_addr) {
        self = withUnsafeBytes(of: address) { bytes in
            .v6(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    /// The version 4 address that a mapped version 6 address stands for (`::ffff:0:0/96`, RFC 4291 §2.5.5.2), else itself.
    package var unmapped: IPAddress {
        guard case .v6(high: 0, let low) = self, low >> 32 == 0xFFFF else { return self }
        return .v4(UInt32(truncatingIfNeeded: low))
    }

    /// Whether a packet to it cannot leave this machine: `127.0.0.0/8`, `::1`, or a mapped address of the former.
    ///
    /// `0.0.0.0` and `::` reach this machine on Linux as well, but nothing promises that.
    package var isLoopback: Bool {
        switch unmapped {
        case .v4(let address): address >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let address):
            var address = in_addr(s_addr: address.bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        case .v6(let high, let low):
            var halves = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &halves, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// As it stands in a URL: version 6 in brackets.
    package var inURL: String {
        if case .v6 = self { return "[\(self)]" }
        return description
    }
}
