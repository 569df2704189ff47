/// The warnings of one body, capped: a hostile body must not make the journal grow or the check slow.
struct WarningList {
    private(set) var all: [Warning] = []

    /// Adds a warning; the one that fills the list says that more were left out.
    ///
    /// - Parameter make: Not called any more once the list is full.
    mutating func add(_ make: @autoclosure () -> Warning) {
        guard all.count < Order.warningLimit else { return }
        if all.count == Order.warningLimit - 1 {
            all.append(
                Warning(
                    key: "body", problem: "has more to warn of; the first \(all.count) are kept", from: .assumed))
        } else {
            all.append(make())
        }
    }

    var isFull: Bool { all.count >= Order.warningLimit }
}

/// The most Unicode scalars of a client's text that a message repeats.
let quotedTextLimit = 80

extension String {
    /// The beginning of a client's text for a message: at most `quotedTextLimit` scalars, control characters replaced.
    ///
    /// Cut by scalars: a single `Character` can be a megabyte long.
    init(quoting bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.count <= quotedTextLimit, bytes.allSatisfy({ $0 &- 0x20 < 0x5F }) {
            self.init(decoding: bytes, as: UTF8.self)
            return
        }
        self.init(quoting: String(decoding: bytes.prefix(quotedTextLimit * 4), as: UTF8.self))
    }

    init(quoting text: String) {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(quotedTextLimit) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            kept.append(isControl ? "\u{FFFD}" : scalar)
        }
        self.init(kept)
    }
}
