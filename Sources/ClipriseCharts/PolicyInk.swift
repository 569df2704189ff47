/// How the lines of policies differ: by colour, and for eyes and printers without colours by dashes and marks.
enum PolicyInk {
    /// Any two are told apart by people with any colour vision, and each from a white page.
    static let onLight = [
        "#0c4aa7", "#cf2e11", "#068266", "#e955b0", "#b78c00", "#3c94ea", "#000000", "#6e2c10",
    ]
    static let onDark = [
        "#4f80ff", "#e24817", "#31c76e", "#d283c2", "#fad81f", "#4bd9ff", "#f2f2f2", "#9c7c70",
    ]
    static let dashes = ["", "9 4", "2 3", "12 3 2 3", "5 2", "18 5", "12 3 2 3 2 3", "6 3 6 8"]

    static func line(_ index: Int) -> String {
        let dash = dashes[index].isEmpty ? "" : " stroke-dasharray=\"\(dashes[index])\""
        return "class=\"p\(index)\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\""
            + " stroke-linejoin=\"round\"\(dash)"
    }

    /// The outline of a mark around a point, and whether it is filled.
    static func mark(_ index: Int, x: Double, y: Double) -> (points: [(x: Double, y: Double)], isFilled: Bool) {
        let outline: [(x: Double, y: Double)]
        switch index % 4 {
        case 0: outline = [(-3, -3), (3, -3), (3, 3), (-3, 3)]
        case 1: outline = [(0, -4.5), (4, 3), (-4, 3)]
        case 2: outline = [(0, -4.5), (4.5, 0), (0, 4.5), (-4.5, 0)]
        default: outline = [(-4, -3), (4, -3), (0, 4.5)]
        }
        return (outline.map { (x + $0.x, y + $0.y) }, index < 4)
    }
}
