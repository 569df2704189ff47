internal import ClipriseJSON
internal import ClipriseWire

extension ModelCheck {
    /// The measures of the result that these values ask for; every one of them is assumed where no text says.
    func shape(_ values: [Effective], quote: PriceCheck.Quote, hasReferences: Bool) -> ResultShape {
        var form = model.result.value
        for index in formatAt {
            switch values[index].text {
            case "png": form = .png
            case "jpg", "jpeg": form = .jpeg
            default: continue
            }
        }
        var shape = ResultShape(form: form, width: 0, height: 0, seconds: 0, count: 1, hasSound: false)
        shape.count = count(values, hasReferences: hasReferences)
        switch form {
        case .png, .jpeg:
            (shape.width, shape.height) = pixels(values, isVideo: false)
        case .mp4:
            (shape.width, shape.height) = pixels(values, isVideo: true)
            shape.seconds = seconds(values, quote)
            shape.hasSound = soundAt.first.map { values[$0].isTrue } ?? model.sound?.value ?? false
        case .mp3, .transcript:
            shape.seconds = seconds(values, quote)
        }
        return shape
    }

    private func count(_ values: [Effective], hasReferences: Bool) -> Int {
        for index in countAt {
            if let number = values[index].number, (1...16).contains(number) { return Int(number) }
        }
        if hasReferences, let count = model.countWithReferences { return count.value }
        return model.count?.value ?? 1
    }

    private func seconds(_ values: [Effective], _ quote: PriceCheck.Quote) -> Int {
        switch model.price.unit {
        case .second: return Int(quote.multiplier)
        // Speech runs at about 15 characters a second.
        case .block(let key, _):
            let length = model.parameters.firstIndex { $0.key == key }.flatMap { index -> Int? in
                guard case .given(let json) = values[index] else { return nil }
                return json.utf8?.characterCount
            }
            return min(max((length ?? 15) / 15, 1), 600)
        case .task: break
        }
        for index in secondsAt {
            if case .given(let json) = values[index], let key = model.parameters[index].itemsSum?.value.key {
                let sum = json.sum(of: key)
                if sum >= 1 { return Int(min(sum, 3_600)) }
            } else if let number = values[index].number, number >= 0.5 {
                return Int(min(number.rounded(.up), 3_600))
            }
        }
        return model.seconds?.value ?? 5
    }

    private func pixels(_ values: [Effective], isVideo: Bool) -> (width: Int, height: Int) {
        var ratio =
            model.ratio.flatMap { AspectRatio($0.value) }
            ?? AspectRatio(width: isVideo ? 16 : 1, height: isVideo ? 9 : 1)
        var size = model.resolution.flatMap { PictureSize($0.value) } ?? (isVideo ? .shortSide(720) : .area(1024))
        for index in resolutionAt {
            if let text = values[index].text, let given = PictureSize(text) { size = given }
        }
        for index in ratioAt + sizeAt {
            guard let text = values[index].text else { continue }
            if let given = AspectRatio(text) {
                ratio = given
                if sizeAt.contains(index), let layout = PictureSize(text) { size = layout }
            } else if let given = PictureSize(text) {
                size = given
            }
        }
        return size.pixels(ratio, isVideo: isVideo)
    }
}

/// The proportion of a picture.
struct AspectRatio: Sendable, Hashable {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Reads `16:9`, `portrait`, `landscape_16_9` or `square_hd`; nil for all else, `auto` included.
    init?(_ text: String) {
        let text = text.lowercased()
        if let colon = text.firstIndex(of: ":") {
            guard let width = Int(text[..<colon]), let height = Int(text[text.index(after: colon)...]),
                (1...100).contains(width), (1...100).contains(height)
            else { return nil }
            self.init(width: width, height: height)
            return
        }
        let parts = text.split(separator: "_")
        let numbers = parts.compactMap { Int($0) }.filter { (1...100).contains($0) }
        switch parts.first {
        case "square": self.init(width: 1, height: 1)
        case "portrait":
            let (short, long) = numbers.count == 2 ? (numbers.min() ?? 9, numbers.max() ?? 16) : (9, 16)
            self.init(width: short, height: long)
        case "landscape":
            let (short, long) = numbers.count == 2 ? (numbers.min() ?? 9, numbers.max() ?? 16) : (9, 16)
            self.init(width: long, height: short)
        default: return nil
        }
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

extension Effective {
    var text: String? { scalar.map(\.description) }

    var isTrue: Bool {
        if case .boolean(let value)? = scalar { return value }
        return false
    }
}
