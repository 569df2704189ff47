internal import ClipriseWire

extension Card {
    /// Lays out the picture of a task.
    ///
    /// Large pictures have colour bars on top, an emblem that differs with the seed, and a dark panel with the
    /// texts; small ones give the panel nearly everything. Edges in a video lie on macroblock borders (16 pixels),
    /// which costs nothing to look at and saves most of its bytes.
    ///
    /// - Parameter ordinal: Which file of the task, 1-based.
    init(_ spec: ResultSpec, ordinal: Int) {
        var hash = StableHash()
        hash.feed(spec.model)
        hash.feed(spec.prompt)
        let isVideo = spec.form == .mp4
        self.init(
            width: spec.width, height: spec.height,
            palette: Palette(seed: hash.value, isTransparent: spec.isTransparent && spec.form == .png))
        let frame = CardFrame(width: width, height: height, grid: isVideo ? 16 : 1)
        addBars(frame)
        addEmblem(frame, seed: hash.value &+ UInt64(ordinal))
        fills.append(Fill(x: frame.panelX, y: frame.panelY, ink: .panel))
        var textY = frame.textY
        if isVideo {
            textY = textY.lowerBound..<max(textY.lowerBound, addPlayer(frame, seconds: spec.seconds))
        }
        lines += TextBlock(spec, ordinal: ordinal)
            .lines(x: frame.textX, y: textY, maxScale: max(1, (min(width, height) + 160) / 240))
    }

    private mutating func addBars(_ frame: CardFrame) {
        let inks: [Ink] = [.bar1, .bar2, .bar3, .bar4, .bar5, .bar6, .bar7]
        for (index, ink) in inks.enumerated() {
            let start = frame.snap(width * index / inks.count)
            let end = index + 1 == inks.count ? width : frame.snap(width * (index + 1) / inks.count)
            if start < end { fills.append(Fill(x: start..<end, y: 0..<frame.barHeight, ink: ink)) }
        }
    }

    /// Five by five cells, the left half mirrored: easy to tell apart at a glance.
    private mutating func addEmblem(_ frame: CardFrame, seed: UInt64) {
        let cell = frame.emblemCell
        guard cell > 0 else { return }
        var seeds = SeedStream(seed: seed)
        for row in 0..<5 {
            let y = frame.emblemY + row * cell
            for column in 0..<3 {
                let ink: Ink? =
                    switch seeds.next(below: 5) {
                    case 0, 1: .accent
                    case 2: .shade
                    default: nil
                    }
                guard let ink else { continue }
                for column in column == 2 ? [2] : [column, 4 - column] {
                    let x = frame.emblemX + column * cell
                    fills.append(Fill(x: x..<x + cell, y: y..<y + cell, ink: ink))
                }
            }
        }
    }

    /// Adds the clock and the progress bar at the bottom of the panel; returns where the text above must end.
    private mutating func addPlayer(_ frame: CardFrame, seconds: Int) -> Int {
        let side = min(width, height)
        // A digit that fills whole macroblocks costs the fewest bytes each second.
        let scale = side < 160 ? 1 : side < 400 ? 2 : side < 1600 ? 4 : 8
        let cell = scale == 1 ? Font.advance : 8 * scale
        let y = scale == 1 ? frame.textY.upperBound - 8 : frame.snap(frame.textY.upperBound) - cell
        let x = frame.textX.lowerBound
        let clock = Line(x: x, y: y, scale: scale, ink: .text, glyphs: Self.clockGlyphs(seconds: 0), advance: cell)
        let total = Line(
            x: x + 5 * cell, y: y, scale: scale, ink: .muted,
            glyphs: GlyphText("/").glyphs + Self.clockGlyphs(seconds: seconds), advance: cell)
        if total.x + total.glyphs.count * cell <= frame.textX.upperBound { lines.append(total) }
        fills.append(Fill(x: 0..<width, y: frame.progressY, ink: .shade))
        player = Player(
            clock: clock, barX: 0..<width, barY: frame.progressY, barStep: scale == 1 ? 1 : 16)
        return y - scale
    }

    /// `mm:ss`; up to 60 minutes.
    static func clockGlyphs(seconds: Int) -> [UInt8] {
        let zero = UInt8(ascii: "0") - UInt8(Font.firstScalar)
        let colon = UInt8(ascii: ":") - UInt8(Font.firstScalar)
        func digit(_ value: Int) -> UInt8 { zero + UInt8(value % 10) }
        let minutes = seconds / 60
        return [digit(minutes / 10), digit(minutes), colon, digit(seconds % 60 / 10), digit(seconds % 60)]
    }
}

/// Where the parts of a picture go, in pixels.
struct CardFrame {
    let grid: Int
    let barHeight: Int
    /// 0 for no emblem.
    private(set) var emblemCell = 0
    private(set) var emblemX = 0
    private(set) var emblemY = 0
    private(set) var panelX: Range<Int>
    private(set) var panelY: Range<Int>
    let progressY: Range<Int>
    private let padding: Int

    var textX: Range<Int> {
        panelX.lowerBound + padding..<max(panelX.lowerBound + padding, panelX.upperBound - padding)
    }
    var textY: Range<Int> {
        panelY.lowerBound + padding..<max(panelY.lowerBound + padding, panelY.upperBound - padding)
    }

    init(width: Int, height: Int, grid: Int) {
        self.grid = grid
        let side = min(width, height)
        guard side >= 160 else {
            barHeight = min(3, height)
            padding = 1
            progressY = grid == 1 ? height..<height : height - 3..<height
            panelX = 1..<width - 1
            panelY = barHeight..<max(barHeight, progressY.lowerBound - 1)
            return
        }
        func snap(_ value: Int) -> Int { value / grid * grid }
        // The last macroblock row may be cropped to a few pixels, too few for a bar.
        let progressTop = (height - 6) / 16 * 16
        progressY = grid == 1 ? height..<height : progressTop..<height
        padding = grid == 1 ? max(2, side / 40) : max(grid, snap(side / 40 + grid / 2))
        barHeight = max(grid, snap(side / 12))
        let gap = max(grid, snap(side / 16))
        let content = (x: gap..<snap(width - gap), y: barHeight + gap..<snap(progressY.lowerBound - gap))
        if width * 10 >= height * 13 {
            let split = gap + snap(content.x.count * 6 / 10)
            panelX = content.x.lowerBound..<split
            panelY = content.y
            placeEmblem(x: split + gap..<content.x.upperBound, y: content.y)
        } else {
            let split = content.y.lowerBound + snap(content.y.count * 35 / 100)
            panelX = content.x
            panelY = split..<content.y.upperBound
            placeEmblem(x: content.x, y: content.y.lowerBound..<split - gap)
        }
    }

    func snap(_ value: Int) -> Int { value / grid * grid }

    private mutating func placeEmblem(x: Range<Int>, y: Range<Int>) {
        emblemCell = snap(min(x.count, y.count) / 5)
        emblemX = x.lowerBound + snap((x.count - 5 * emblemCell) / 2)
        emblemY = y.lowerBound + snap((y.count - 5 * emblemCell) / 2)
    }
}
