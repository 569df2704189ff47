internal import ArgumentParser
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseServer
internal import ClipriseWire
internal import Glibc

/// A form that a report is written in.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, junit, markdown, github
    /// The journal itself, as JSON Lines or as HAR.
    case journal, har

    func bytes(
        _ report: Report, _ journals: [JournalView], style: ReportStyle = ReportStyle(), explains: Bool = false
    ) -> [UInt8] {
        switch self {
        case .text: Array(report.text(colour: style.colour, width: style.width, explains: explains).utf8)
        case .json: report.json
        case .junit: Array(report.junit.utf8)
        case .markdown: Array(report.markdown.utf8)
        case .github: Array(report.gitHubAnnotations.utf8)
        case .journal: JournalLines.write(journals)
        case .har: HAR.write(journals, version: Service.version)
        }
    }
}

/// `FORMAT=FILE`; the file `-` is standard output.
struct ReportTarget: ExpressibleByArgument {
    var format: ReportFormat
    var file: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let format = ReportFormat(rawValue: String(parts[0])) else { return nil }
        self.format = format
        file = String(parts[1])
    }
}

/// A file for a report, opened before the run so that a long one does not end in vain.
struct OpenReport {
    private let target: ReportTarget
    private let descriptor: Int32

    /// Opens all reports of a command.
    ///
    /// - Parameter others: The other files that it writes.
    static func all(_ targets: [ReportTarget], beside others: [String?] = []) throws -> [OpenReport] {
        try checkApart(targets.map(\.file) + others.compactMap(\.self))
        return try targets.map { try OpenReport($0) }
    }

    private init(_ target: ReportTarget) throws {
        self.target = target
        guard target.file != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = OutputPath.open(target.file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(target.file, errno) }
    }

    /// Whether what was opened is a file that has left its place meanwhile, as a command that cleans its folder makes it.
    private var wasRemoved: Bool {
        var (opened, named) = (stat(), stat())
        guard descriptor != STDOUT_FILENO, fstat(descriptor, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG else {
            return false
        }
        return stat(target.file, &named) != 0 || named.st_ino != opened.st_ino || named.st_dev != opened.st_dev
    }

    private static func failure(_ file: String, _ number: Int32) -> Failure {
        Failure.usage("\(file): the report cannot be written there: \(OutputPath.problem(number))")
    }

    /// Writes the report in the place of what the file held.
    ///
    /// - Parameter journals: What goes into a journal or a HAR; nil for all.
    func write(_ report: Report, _ views: [JournalView], journals: [JournalView]? = nil) throws {
        let bytes = target.format.bytes(report, journals ?? views)
        let descriptor = wasRemoved ? try OpenReport(target).descriptor : descriptor
        // A pipe or a device has no length.
        if descriptor != STDOUT_FILENO { ftruncate(descriptor, 0) }
        if let number = OutputPath.write(bytes[...], to: descriptor) { throw Self.failure(target.file, number) }
        if descriptor != STDOUT_FILENO, close(descriptor) != 0 { throw Self.failure(target.file, errno) }
    }
}
