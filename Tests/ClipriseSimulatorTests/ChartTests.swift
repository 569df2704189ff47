import Foundation
import Testing

@testable import ClipriseCharts
@testable import ClipriseSimulator

@Suite struct ChartTests {
    @Test func `eight names at one place stand apart within the frame, and a far one stays where its line ends`() {
        let places = ChartLabels.spread([250, 250, 250, 20, 250, 250, 250, 250, 250], within: 16...266, gap: 17)
        #expect(places[3] == 20)
        #expect(places.allSatisfy { (16...266).contains($0) })
        let sorted = places.sorted()
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 > 16.999 })
        // Pushed no further than the frame demands.
        #expect(sorted.last == 266)
    }

    @Test func `names that crowd inside the frame stand around the place of their lines`() {
        #expect(ChartLabels.spread([100, 100, 100], within: 0...200, gap: 10) == [90, 100, 110])
    }

    @Test func `where the frame is too small for all names, they stand closer`() {
        #expect(ChartLabels.spread([50, 50, 50, 50, 50], within: 0...40, gap: 17) == [0, 10, 20, 30, 40])
    }

    @Test func `a name too long for its place is cut in the middle, by the width of its letters`() {
        #expect(ChartLabels.fitting("aws-standard-2026", 168) == "aws-standard-2026")
        #expect(ChartLabels.fitting("a-policy-with-a-long-name-1", 168) == "a-policy-wit…ame-1")
        #expect(ChartLabels.fitting("指数バックオフ", 80) == "指数バ…フ")
        #expect(ChartLabels.fitting("WWWWWWWWWWWW", 80) == "WWW…W")
        #expect(ChartLabels.fitting("iiiiiiiiiiii", 80) == "iiiiiiiiiiii")
    }

    @Test(arguments: ["W", "m", "a", "指"])
    func `the keys of long names stand beside each other`(letter: String) throws {
        var sheet = ChartSheet(title: "t", name: String(repeating: letter, count: 200))
        sheet.add(keys: (1...3).map { String(repeating: letter, count: 30) + "\($0)" })
        let texts = sheet.document(origin: "").matches(
            of: /<text x="([0-9.]+)" y="([0-9.]+)"[^>]*>(?:<title>[^<]*<.title>)?([^<]*)</)
        let places: [(x: Double, y: String, text: String)] = texts.map {
            (Double($0.1) ?? 0, String($0.2), String($0.3))
        }
        try #require(places.count >= 4)
        // A letter as wide as DejaVu Sans Bold has it, at 24 and at 13 pixels.
        let widths: [String: Double] = ["W": 1.103, "m": 1.042, "a": 0.675, "指": 1]
        let width = try #require(widths[letter])
        let title: Double = places[0].x + Double(places[0].text.count) * width * 24
        #expect(title < 1_048)
        for (left, right) in zip(places.dropFirst(), places.dropFirst(2)) where left.y == right.y {
            let end: Double = left.x + Double(left.text.count) * width * 13
            #expect(end < right.x - 34)
        }
        let names = Set(places[1...3].map(\.text))
        #expect(names.count == 3, "\(names)")
    }

    @Test func `a plane without a mark has an axis of time that can be read`() {
        let point = ParetoChart.Point(name: "a", x: Estimate([3]), y: Estimate([nil]), isOnFront: false)
        let text = ParetoChart(goals: (.waste, .p95), points: [point]).chart.drawing.text
        for label in ["0 s", "0.5 s", "1 s"] {
            #expect(text.components(separatedBy: ">\(label)</text>").count == 2, "\(text)")
        }
    }

    static let axes: [(end: Double, labels: [String])] = [
        (0.9, ["0 ms", "100 ms", "900 ms"]), (90, ["0 s", "10 s", "90 s"]), (210, ["0 s", "90 s", "150 s", "210 s"]),
        (600, ["0 min", "1 min", "10 min"]), (14_400, ["0 h", "0.5 h", "4 h"]),
    ]

    @Test(arguments: axes)
    func `an axis of time has one unit`(end: Double, labels: [String]) {
        var svg = SVG(height: 100, label: "")
        let frame = ChartFrame(
            x: ChartFrame.xScale(.linear, 0, end), y: ChartScale(.linear, 0, 1, start: 66, end: 10), top: 10,
            bottom: 66)
        frame.drawTimes(&svg)
        let texts = svg.text.matches(of: /<text[^>]*>([^<]*)</).map { String($0.1) }
        #expect(Set(texts.compactMap { $0.split(separator: " ").last }).count == 1)
        #expect(Set(labels).isSubset(of: texts), "\(texts)")
    }

    @Test func `credits held from the first second on are drawn from the left edge, in steps`() {
        let frame = ChartFrame(
            x: ChartScale(.linear, 0, 4, start: 0, end: 40), y: ChartScale(.linear, 0, 12_000, start: 120, end: 0),
            top: 0, bottom: 120)
        let points = Comparison.stairs([12_000, 12_000, 4_000, 0], frame)
        #expect(points.map(\.x) == [0, 20, 20, 30, 30, 40])
        #expect(points.map(\.y) == [0, 0, 80, 80, 120, 120])
    }

    // MARK: Colours

    /// What people see of a linear colour: all of it, or as with one kind of cones missing (Machado, Oliveira and
    /// Fernandes 2009, severity 1.0).
    static let visions: [(name: String, rows: [[Double]])] = [
        ("full", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        (
            "protan",
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
        ),
        (
            "deutan",
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
        ),
        (
            "tritan",
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
        ),
    ]

    private static func linear(_ hex: String) -> [Double] {
        let number = Int(hex.dropFirst(), radix: 16) ?? 0
        return [16, 8, 0].map { shift in
            let part = Double(number >> shift & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
    }

    private static func product(_ rows: [[Double]], _ column: [Double]) -> [Double] {
        rows.map { row in zip(row, column).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// Lightness and two axes of hue (Ottosson's Oklab), in hundredths.
    private static func perceived(_ colour: [Double]) -> [Double] {
        let cones = product(
            [
                [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ], colour.map { min(max($0, 0), 1) }
        ).map { 100 * cbrt($0) }
        return product(
            [
                [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ], cones)
    }

    private static func luminance(_ hex: String) -> Double { product([[0.2126, 0.7152, 0.0722]], linear(hex))[0] }

    @Test(arguments: [ReportStyle.light, ReportStyle.dark], visions.indices)
    func `any two policies differ in colour for every kind of vision, and each from the page`(
        style: ReportStyle, vision: Int
    ) {
        let colours = style.policies.map { Self.perceived(Self.product(Self.visions[vision].rows, Self.linear($0))) }
        for (index, colour) in colours.enumerated() {
            for other in 0..<index {
                let distance = zip(colour, colours[other]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                #expect(distance > 9, "\(style.policies[index]) and \(style.policies[other])")
            }
        }
        for colour in style.policies {
            // WCAG 2.2, success criterion 1.4.11: 3 to 1 for graphics.
            let lights = [Self.luminance(colour), Self.luminance(style.back)].sorted()
            #expect((lights[1] + 0.05) / (lights[0] + 0.05) >= 3, "\(colour)")
        }
    }

    @Test func `no two policies share a mark or dashes`() {
        #expect(Set(PolicyInk.dashes).count == Comparison.policyLimit)
        let marks = (0..<Comparison.policyLimit).map { index in
            let mark = PolicyInk.mark(index, x: 0, y: 0)
            return "\(mark.points) \(mark.isFilled)"
        }
        #expect(Set(marks).count == Comparison.policyLimit)
    }
}
