internal import ArgumentParser
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseServer
internal import Glibc

/// A form that a report is written in.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, junit, markdown, github
    /// The journal itself, as JSON Lines or as HAR.
    case journal, har

    func bytes(_ report: Report, _ journals: [JournalView], colour: Bool = false) -> [UInt8] {
        switch self {
        case .text: Array(report.text(colour: colour, width: colour ? terminalWidth() : 100).utf8)
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

    func write(_ report: Report, _ journals: [JournalView]) throws {
        let bytes = format.bytes(report, journals)
        guard file != "-" else { return cliprise_mock.write(String(decoding: bytes, as: UTF8.self), to: STDOUT_FILENO) }
        try writeFile(bytes, to: file, problem: "the report cannot be written there")
    }
}
