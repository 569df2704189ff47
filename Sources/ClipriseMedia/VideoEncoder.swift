/// Encodes a card that plays its clock as H.264.
///
/// Lossless and small by the nature of the picture: the first frame holds macroblocks of plain samples (I_PCM) where
/// there is text, and elsewhere macroblocks that only copy a neighbour's edge (Intra16x16 without residual). All
/// later frames skip every macroblock but those of a changed digit or of the tip of the progress bar.
struct VideoEncoder {
    private let format: VideoFormat
    private let card: Card
    private let player: Player
    private let frameCount: Int
    /// One ink for each pixel, in whole macroblocks; always what the decoder shows.
    private var plane: [UInt8]
    private let stride: Int
    private let lumas: [UInt8]
    private let bluenesses: [UInt8]
    private let rednesses: [UInt8]
    /// For each macroblock the frame that last coded it as I_PCM, or -1.
    private var sampledIn: [Int32]
    private var frame = 0
    private var clockGlyphs: [UInt8]
    private var barEnd: Int

    init(card: Card, player: Player, format: VideoFormat, frameCount: Int) {
        self.card = card
        self.player = player
        self.format = format
        self.frameCount = frameCount
        stride = format.columns * 16
        plane = Array(repeating: 0, count: stride * format.rows * 16)
        let colours = card.palette.colours.map(\.studio)
        lumas = colours.map(\.luma)
        bluenesses = colours.map(\.blueness)
        rednesses = colours.map(\.redness)
        sampledIn = Array(repeating: -1, count: format.columns * format.rows)
        clockGlyphs = player.clock.glyphs.map { _ in 0 }
        barEnd = player.barX.lowerBound
    }

    /// Appends the slice of the next frame, without its length.
    mutating func appendFrame(to writer: inout NALWriter) {
        if frame == 0 {
            paintCard()
            _ = advancePlayer()
            appendFirst(to: &writer)
        } else {
            appendChanges(advancePlayer(), to: &writer)
        }
        frame += 1
    }

    // MARK: Pictures

    private mutating func paintCard() {
        let edges = card.bandEdges
        let width = card.width
        let stride = stride
        let codedHeight = format.rows * 16
        plane.withUnsafeMutableBufferPointer { plane in
            for (start, end) in zip(edges, edges.dropFirst()) {
                let row = UnsafeMutableBufferPointer(rebasing: plane[start * stride..<start * stride + stride])
                card.paint(row: start, into: UnsafeMutableBufferPointer(rebasing: row[..<width]))
                // What will be cropped repeats the edge.
                row[width...].update(repeating: row[width - 1])
                for y in start + 1..<max(start + 1, end == card.height ? codedHeight : end) {
                    _ = UnsafeMutableBufferPointer(rebasing: plane[y * stride..<y * stride + stride]).update(from: row)
                }
            }
        }
    }

    /// Paints the clock and bar of the current frame; returns the macroblocks touched, ascending.
    private mutating func advancePlayer() -> [Int] {
        var touched: [Int] = []
        let clock = player.clock
        let glyphs = Card.clockGlyphs(seconds: frame / VideoFormat.framesPerSecond)
        for index in glyphs.indices where glyphs[index] != clockGlyphs[index] {
            let x = clock.x + index * clock.advance
            paint(.panel, x: x..<x + Font.glyphWidth * clock.scale, y: clock.y..<clock.y + clock.height, &touched)
            paintGlyph(glyphs[index], x: x)
        }
        clockGlyphs = glyphs
        let step = player.barStep
        let share = player.barX.count * (frame + 1) / frameCount
        let end = frame + 1 == frameCount ? player.barX.upperBound : player.barX.lowerBound + share / step * step
        if end > barEnd {
            // The cropped part of the last macroblock is filled too, so that it stays flat.
            let right = end == card.width ? stride : end
            let bottom = player.barY.upperBound == card.height ? format.rows * 16 : player.barY.upperBound
            paint(.accent, x: barEnd..<right, y: player.barY.lowerBound..<bottom, &touched)
            barEnd = end
        }
        touched.sort()
        return touched
    }

    private mutating func paint(_ ink: Card.Ink, x: Range<Int>, y: Range<Int>, _ touched: inout [Int]) {
        for y in y {
            for x in x { plane[y * stride + x] = ink.rawValue }
        }
        for row in y.lowerBound / 16...(y.upperBound - 1) / 16 {
            for column in x.lowerBound / 16...(x.upperBound - 1) / 16 {
                let block = row * format.columns + column
                if !touched.contains(block) { touched.append(block) }
            }
        }
    }

    private mutating func paintGlyph(_ glyph: UInt8, x: Int) {
        let clock = player.clock
        for y in 0..<clock.height {
            let bits = Font.row(y / clock.scale, of: glyph)
            for offset in 0..<Font.glyphWidth * clock.scale
            where bits >> UInt8(Font.glyphWidth - 1 - offset / clock.scale) & 1 == 1 {
                plane[(clock.y + y) * stride + x + offset] = clock.ink.rawValue
            }
        }
    }

    // MARK: Slices (7.3.3)

    private mutating func appendFirst(to writer: inout NALWriter) {
        writer.begin(header: 0x65)
        appendSliceHead(sliceType: 7, to: &writer)
        for block in 0..<format.columns * format.rows { appendBlock(block, typeOffset: 0, to: &writer) }
        writer.finish()
    }

    private mutating func appendChanges(_ touched: [Int], to writer: inout NALWriter) {
        writer.begin(header: 0x41)
        appendSliceHead(sliceType: 5, to: &writer)
        var next = 0
        for block in touched {
            writer.putGolomb(block - next)
            // In a P slice the intra types follow five inter types.
            appendBlock(block, typeOffset: 5, to: &writer)
            next = block + 1
        }
        let left = format.columns * format.rows - next
        if left > 0 { writer.putGolomb(left) }
        writer.finish()
    }

    private func appendSliceHead(sliceType: Int, to writer: inout NALWriter) {
        let isFirst = frame == 0
        writer.putGolomb(0)  // from the first macroblock
        writer.putGolomb(sliceType)
        writer.putGolomb(0)  // picture parameter set
        let modulus = 1 << VideoFormat.frameNumberBits
        writer.put(UInt32(frame % modulus), bits: VideoFormat.frameNumberBits)
        if isFirst {
            writer.putGolomb(0)  // idr_pic_id
            writer.put(false)
            writer.put(false)  // not a long-term reference
        } else {
            writer.put(false)  // the usual number of references
            writer.put(false)  // in the usual order
            writer.put(false)  // kept in the usual way
        }
        writer.putGolomb(0)  // quantizer as in the parameter set
        writer.putGolomb(1)  // no deblocking
    }

    // MARK: Macroblocks (7.3.5)

    private enum Prediction: Int {
        case vertical = 0
        case horizontal = 1

        /// `intra_chroma_pred_mode` numbers the same directions differently.
        var chromaMode: Int {
            switch self {
            case .vertical: 2
            case .horizontal: 1
            }
        }
    }

    private mutating func appendBlock(_ block: Int, typeOffset: Int, to writer: inout NALWriter) {
        guard let prediction = prediction(of: block) else {
            sampledIn[block] = Int32(frame)
            writer.putGolomb(typeOffset + 25)
            writer.align()
            appendSamples(of: block, to: &writer)
            return
        }
        writer.putGolomb(typeOffset + 1 + prediction.rawValue)
        writer.putGolomb(prediction.chromaMode)
        writer.putGolomb(0)  // same quantizer
        // The code for "no coefficients" depends on the neighbours' number of them (9.2.1): 16 for I_PCM, here else 0.
        let hasSampledNeighbour =
            block % format.columns > 0 && sampledIn[block - 1] == Int32(frame)
            || block >= format.columns && sampledIn[block - format.columns] == Int32(frame)
        writer.put(hasSampledNeighbour ? 0b000011 : 1, bits: hasSampledNeighbour ? 6 : 1)
    }

    /// How a flat macroblock can be copied from the edge of a neighbour; nil when it cannot.
    private func prediction(of block: Int) -> Prediction? {
        let corner = block / format.columns * 16 * stride + block % format.columns * 16
        let ink = plane[corner]
        return plane.withUnsafeBufferPointer { plane in
            func isFlat(from start: Int, columns: Int, rows: Int) -> Bool {
                for row in 0..<rows {
                    for column in 0..<columns where plane[start + row * stride + column] != ink { return false }
                }
                return true
            }
            guard isFlat(from: corner, columns: 16, rows: 16) else { return nil }
            // Two pixels deep, for a colour sample is the mean of two by two.
            if block % format.columns > 0, isFlat(from: corner - 2, columns: 2, rows: 16) { return .horizontal }
            if block >= format.columns, isFlat(from: corner - 2 * stride, columns: 16, rows: 2) { return .vertical }
            return nil
        }
    }

    private func appendSamples(of block: Int, to writer: inout NALWriter) {
        let corner = block / format.columns * 16 * stride + block % format.columns * 16
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 384) { samples in
            for y in 0..<16 {
                for x in 0..<16 { samples[y * 16 + x] = lumas[Int(plane[corner + y * stride + x])] }
            }
            for y in 0..<8 {
                for x in 0..<8 {
                    let at = corner + 2 * y * stride + 2 * x
                    let inks = (plane[at], plane[at + 1], plane[at + stride], plane[at + stride + 1])
                    samples[256 + y * 8 + x] = mean(of: inks, in: bluenesses)
                    samples[320 + y * 8 + x] = mean(of: inks, in: rednesses)
                }
            }
            writer.append(samples: UnsafeRawBufferPointer(samples))
        }
    }

    private func mean(of inks: (UInt8, UInt8, UInt8, UInt8), in table: [UInt8]) -> UInt8 {
        let sum =
            UInt16(table[Int(inks.0)]) + UInt16(table[Int(inks.1)]) + UInt16(table[Int(inks.2)])
            + UInt16(table[Int(inks.3)])
        return UInt8((sum + 2) >> 2)
    }
}
