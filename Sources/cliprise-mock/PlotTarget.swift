internal import ClipriseCharts
internal import ClipriseSimulator
internal import ClipriseWire

/// The file that charts go to; its ending says what it is.
struct PlotTarget {
    private enum Form { case page, picture }

    private let path: String
    private let form: Form

    /// Finds out before a run whether its report can be written, so that no long run is lost.
    init(_ path: String) throws {
        let lower = path.lowercased()
        if lower.hasSuffix(".html") || lower.hasSuffix(".htm") {
            form = .page
        } else if lower.hasSuffix(".svg") {
            form = .picture
        } else {
            throw Failure.usage(
                "--plot \(path.printable): give a file that ends in .html (a page) or .svg (one picture)")
        }
        self.path = path
        try checkWritable(path)
    }

    func write(_ comparison: Comparison) throws {
        try write(page: comparison.html, picture: comparison.svg)
    }

    func write(page: @autoclosure () -> String, picture: @autoclosure () -> String) throws {
        try writeFile(Array((form == .page ? page() : picture()).utf8), to: path)
    }
}
