/// Text of others within XML 1.0, HTML or SVG, and within an attribute in double quotes.
public enum Markup {
    /// Escapes what markup is made of, and shows as `Printable` does what nobody sees.
    ///
    /// Scalar by scalar: a quote with an accent on it is one `Character`, and still ends an attribute.
    ///
    /// - Parameter keepsLines: Whether line ends and tabs stay as they are, as in the text of an element. As references
    ///   they survive in an attribute too.
    public static func escape(_ text: String, keepsLines: Bool = false) -> String {
        var escaped = ""
        for scalar in Printable.escaping(text, keeping: ["\n", "\r", "\t"]).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r":
                if keepsLines { escaped.unicodeScalars.append(scalar) } else { escaped += "&#\(scalar.value);" }
            // XML 1.0 has no way to write these (section 2.2), nor what is shown as an escape.
            case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
