/// Text of others for terminals, logs and reports.
///
/// What moves a cursor, turns the direction of reading, is not seen, or ends a line where none ends is shown as an
/// escape such as `\u001b`: C0 and C1 controls, DEL, the separators U+2028 and U+2029, and all format characters but the
/// joiners U+200C and U+200D, which some scripts and emoji need. So no text can clear a screen, rename a window, pass for
/// other text, or begin a line that a CI system reads as a command.
public enum Printable {
    /// One line: line ends and tabs are shown as `\n`, `\r` and `\t`.
    ///
    /// What a CI log would take for a command of its own, at the line's start `::` and anywhere `##[`, loses its first
    /// character to an escape.
    public static func line(_ text: String) -> String {
        var text = text
        guard !text.withUTF8(isPlainLine), needsWork(text, keeping: []) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars { append(scalar, to: &shown, keeping: []) }
        return withoutCommand(shown)
    }

    private static func withoutCommand(_ line: some StringProtocol) -> String {
        var shown = String(line)
        if shown.drop(while: { $0 == " " || $0 == "\t" }).hasPrefix("::"), let colon = shown.firstIndex(of: ":") {
            shown.replaceSubrange(colon...colon, with: "\\u003a")
        }
        return shown.split(separator: "##[", omittingEmptySubsequences: false).joined(separator: "\\u0023#[")
    }

    /// A sentence in lines of at most `width` characters; a longer word stands alone.
    public static func wrapped(_ sentence: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var current = ""
        for word in line(sentence).split(separator: " ") {
            if !current.isEmpty, current.count + 1 + word.count > width {
                lines.append(current)
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + word
        }
        return current.isEmpty ? lines : lines + [current]
    }

    /// Whether a text is shown as it is, as most are: what can be told byte by byte.
    public static func isPlainLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // Without a way out of the loop, and a choice within it, the compiler looks at sixteen bytes at once.
        var found: UInt8 = 0
        for byte in bytes { found |= (byte &- 0x20 >= 0x5F ? 1 : 0) | (byte == UInt8(ascii: "#") ? 1 : 0) }
        return found == 0 && bytes.first { $0 != 0x20 } != UInt8(ascii: ":")
    }

    /// Several lines, each as one: but line feeds and tabs stay as they are.
    public static func lines(_ text: String) -> String {
        let kept: Set<Unicode.Scalar> = ["\n", "\t"]
        guard needsWork(text, keeping: kept) else { return text }
        let shown = text.unicodeScalars.reduce(into: "") { append($1, to: &$0, keeping: kept) }
        return shown.split(separator: "\n", omittingEmptySubsequences: false).map(withoutCommand).joined(
            separator: "\n")
    }

    /// Each scalar by itself, with those of `kept` as they are.
    public static func escaping(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
        text.unicodeScalars.reduce(into: "") { append($1, to: &$0, keeping: kept) }
    }

    /// Whether a scalar is shown as it is.
    public static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F: return true
        case ..<0xA0: return false
        case 0x200C, 0x200D: return true
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: return false
            default: return true
            }
        }
    }

    private static func needsWork(_ text: String, keeping kept: Set<Unicode.Scalar>) -> Bool {
        text.unicodeScalars.contains { scalar in
            !isPlain(scalar) && !kept.contains(scalar) || scalar == ":" || scalar == "#"
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to shown: inout String, keeping kept: Set<Unicode.Scalar>) {
        if isPlain(scalar) || kept.contains(scalar) {
            shown.unicodeScalars.append(scalar)
            return
        }
        shown += escaped(scalar)
    }

    /// A scalar as JSON escapes it: beyond U+FFFF two halves of a pair.
    static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            return String(scalar).utf16.reduce(into: "") { shown, unit in
                let digits = String(unit, radix: 16)
                shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }
}

extension String {
    /// The text as one line that is safe to show (`Printable.line`).
    public var printable: String { Printable.line(self) }
}
