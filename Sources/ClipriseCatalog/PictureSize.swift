struct AspectRatio: Sendable, Hashable {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Reads `16:9`, `portrait`, `landscape_16_9` or `square_hd`; nil for all else, `auto` included.
    init?(_ text: String) {
        var text = text
        self.init(utf8: text.withUTF8 { Array($0.prefix(32)) })
    }

    private init?(utf8 text: [UInt8]) {
        if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            guard let width = Self.number(text[..<colon]), let height = Self.number(text[(colon + 1)...]) else {
                return nil
            }
            self.init(width: width, height: height)
            return
        }
        let parts = text.split(separator: UInt8(ascii: "_"))
        let numbers = parts.dropFirst().compactMap(Self.number)
        let sides: (short: Int, long: Int) =
            numbers.count == 2 ? (short: min(numbers[0], numbers[1]), long: max(numbers[0], numbers[1])) : (9, 16)
        switch String(decoding: parts.first ?? [], as: UTF8.self).lowercased() {
        case "square": self.init(width: 1, height: 1)
        case "portrait": self.init(width: sides.short, height: sides.long)
        case "landscape": self.init(width: sides.long, height: sides.short)
        default: return nil
        }
    }

    /// One to three digits that write 1 to 100.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...3).contains(digits.count) else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return (1...100).contains(number) ? number : nil
    }
}

/// How large a picture is, apart from its proportion.
enum PictureSize: Sendable, Hashable {
    /// `720p`: the shorter side in pixels.
    case shortSide(Int)
    /// A layout name: the longer side in pixels.
    case longSide(Int)
    /// `2K`: the area of a square of this side.
    case area(Int)
    /// `1024x1536`: width and height.
    case exact(Int, Int)

    /// Reads `720p`, `768P`, `2K`, `4k`, `1024x1536`, a layout name or a quality word; nil for all else.
    init?(_ text: String) {
        let text = text.lowercased()
        let digits = text.prefix { ("0"..."9").contains($0) }
        let rest = text.dropFirst(digits.count)
        if let number = Int(digits), (1...8_192).contains(number) {
            if rest == "p" || rest.isEmpty {
                self = .shortSide(number)
            } else if rest == "k", number <= 8 {
                self = .area(number * 1_024)
            } else if let mark = rest.first, mark == "x" || mark == "*", let height = Int(rest.dropFirst()),
                (1...8_192).contains(height)
            {
                self = .exact(number, height)
            } else {
                return nil
            }
            return
        }
        switch text {
        case "square": self = .longSide(512)
        case "basic": self = .area(2_048)
        case "high": self = .area(4_096)
        case _ where text.hasPrefix("square_") || text.hasPrefix("portrait_") || text.hasPrefix("landscape_"):
            self = .longSide(1_024)
        default: return nil
        }
    }

    /// Width and height: 64 to 8,192 pixels a side; for video even and at most 4,096.
    ///
    /// Within 1 % of the proportion when the shorter side has 100 pixels or more; a picture that would leave the limits
    /// is made smaller or larger as a whole.
    func pixels(_ ratio: AspectRatio, isVideo: Bool) -> (width: Int, height: Int) {
        let width: Double
        let height: Double
        let proportion = Double(ratio.width) / Double(ratio.height)
        switch self {
        case .exact(let exactWidth, let exactHeight):
            (width, height) = (Double(exactWidth), Double(exactHeight))
        case .shortSide(let side):
            (width, height) =
                proportion >= 1 ? (Double(side) * proportion, Double(side)) : (Double(side), Double(side) / proportion)
        case .longSide(let side):
            (width, height) =
                proportion >= 1 ? (Double(side), Double(side) / proportion) : (Double(side) * proportion, Double(side))
        case .area(let side) where isVideo:
            // 4K video counts lines: 2160 for 4K, as 1080 for 2K.
            let lines = Double(side) * 2_160 / 4_096
            (width, height) = proportion >= 1 ? (lines * proportion, lines) : (lines, lines / proportion)
        case .area(let side):
            let root = proportion.squareRoot()
            (width, height) = (Double(side) * root, Double(side) / root)
        }
        let sides = 64...(isVideo ? 4_096 : 8_192)
        var scale = max(1, Double(sides.lowerBound) / min(width, height))
        scale *= min(1, Double(sides.upperBound) / (max(width, height) * scale))
        func whole(_ value: Double) -> Int {
            let rounded = isVideo ? Int((value / 2).rounded()) * 2 : Int(value.rounded())
            return min(max(rounded, sides.lowerBound), sides.upperBound)
        }
        // The longer side follows the shorter one after rounding, so that only one of them is off.
        let isWide = width >= height
        let shorter = whole(min(width, height) * scale)
        let longer = whole(Double(shorter) * max(width, height) / min(width, height))
        return isWide ? (longer, shorter) : (shorter, longer)
    }
}
