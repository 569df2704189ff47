public import ClipriseWire

/// What a request says of the coding of its answer (RFC 9110 §12.5.3).
public struct AcceptEncoding: Sendable, Hashable {
    /// The weights in thousandths; nil for a coding that is not named.
    private var gzip: Int?
    private var identity: Int?
    private var others: Int?

    public init(_ fields: HeaderFields) {
        for index in 0..<fields.count where fields.isNamed("accept-encoding", at: index) {
            for part in fields.value(at: index).split(separator: UInt8(ascii: ",")) { read(part) }
        }
    }

    /// Whether an answer in gzip is welcome, and no less so than a plain one.
    public var prefersGzip: Bool {
        guard let weight = gzip ?? others, weight > 0 else { return false }
        return weight >= identity ?? 0
    }

    private mutating func read(_ part: ArraySlice<UInt8>) {
        let words = String(decoding: part, as: UTF8.self).lowercased().split(separator: ";").map {
            $0.filter { $0 != " " && $0 != "\t" }
        }
        guard let coding = words.first else { return }
        var weight = 1_000
        for parameter in words.dropFirst() where parameter.hasPrefix("q=") {
            // What is no weight asks for nothing.
            weight = Self.weight(parameter.dropFirst(2)) ?? 0
        }
        switch coding {
        case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
        case "identity": identity = weight
        case "*": others = weight
        default: return
        }
    }

    /// `0`, `1`, `0.5`, with at most three digits behind the point, in thousandths.
    private static func weight(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, whole == "0" || whole == "1" else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        let thousandths = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        let weight = whole == "1" ? 1_000 + thousandths : thousandths
        return weight <= 1_000 ? weight : nil
    }
}

extension ResponsePlan {
    /// The shortest body that is compressed; bytes.
    ///
    /// A shorter one fits into one packet as it is.
    public static let shortestCompressed = 1_024

    /// Whether the answer is JSON that may be sent in another coding: all there, long enough, and no file.
    public var mayBeCompressed: Bool {
        guard case .plain(let bytes) = body, bytes.count >= Self.shortestCompressed else { return false }
        switch contentType {
        case .json?, .problemJSON?: return !fields.contains { $0.name == "ETag" || $0.name == "Content-Encoding" }
        case .custom(let type)?: return type.hasPrefix("application/jsonl")
        default: return false
        }
    }
}
