package import ClipriseHTTP
internal import ClipriseWire

/// A host as a URL or `--callback-allow` names it.
package enum CallbackHost: Sendable, Hashable {
    /// In lower case, without a final dot.
    case name(String)
    case address(IPAddress)

    /// Reads a host, without scheme, port or path.
    ///
    /// A version 6 address may stand in brackets. A final dot of a name is dropped.
    package init(_ text: String) throws(CallbackRefusal) {
        guard !text.isEmpty else { throw .noHost }
        if text.utf8.first == UInt8(ascii: "[") {
            guard text.utf8.last == UInt8(ascii: "]"),
                case .v6(let high, let low)? = IPAddress(String(text.dropFirst().dropLast()))
            else { throw .badHost(Self.beginning(of: text)) }
            self = .address(.v6(high: high, low: low))
        } else if let address = IPAddress(text) {
            self = .address(address)
        } else {
            self = .name(try Self.name(text))
        }
    }

    private static func name(_ text: String) throws(CallbackRefusal) -> String {
        var bytes = text.utf8.map(\.asciiLowercased)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...253).contains(bytes.count), parts.allSatisfy({ (1...63).contains($0.count) }),
            parts.allSatisfy({ $0.allSatisfy(isNameByte) && $0.first != UInt8(ascii: "-") })
        else { throw .badHost(beginning(of: text)) }
        // inet_aton, and with it getaddrinfo, reads any name whose parts are numbers as an address; browsers do so as
        // soon as the last part is one (WHATWG URL, "ends in a number"). No top-level domain is a number.
        guard let last = parts.last, !isNumber(last) else { throw .oddAddress(beginning(of: text)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Digits alone, or `0x` with nothing but hexadecimal digits after it.
    private static func isNumber(_ part: ArraySlice<UInt8>) -> Bool {
        part.allSatisfy(\.isASCIIDigit)
            || part.starts(with: "0x".utf8) && part.dropFirst(2).allSatisfy { hexValue($0) != nil }
    }

    /// Enough of a faulty host to find it by.
    private static func beginning(of text: String) -> String {
        let cut = text.unicodeScalars.prefix(64)
        return cut.count < text.unicodeScalars.count ? String(String.UnicodeScalarView(cut)) + "…" : text
    }
}

extension CallbackHost: CustomStringConvertible {
    /// As it stands in a URL: an address of version 6 in brackets.
    package var description: String {
        switch self {
        case .name(let name): name
        case .address(let address): address.inURL
        }
    }
}
