internal import ClipriseFiles
internal import ClipriseWire

/// The page at `/__admin/`: a document, its script and its style, all from this server and from nowhere else.
public enum AdminPage {
    public enum File: Sendable, Hashable {
        case html, script, style
    }

    /// The files that are built into the binary.
    private static let files: [File: [UInt8]] = {
        var files: [File: [UInt8]] = [:]
        for file in BuiltInFiles.page {
            switch file.name {
            case "index.html": files[.html] = Array(file.bytes)
            case "app.js": files[.script] = Array(file.bytes)
            case "app.css": files[.style] = Array(file.bytes)
            default: continue
            }
        }
        return files
    }()

    /// Nothing but this server's own files and answers may be loaded, run, or framed.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    static func plan(_ file: File) -> ResponsePlan {
        let type: ResponsePlan.ContentType =
            switch file {
            case .html: .html
            case .script: .custom("text/javascript; charset=utf-8")
            case .style: .custom("text/css; charset=utf-8")
            }
        return ResponsePlan(
            status: 200, contentType: type,
            fields: [
                .init("Content-Security-Policy", policy), .init("X-Content-Type-Options", "nosniff"),
                .init("Referrer-Policy", "no-referrer"), .init("Cache-Control", "no-store"),
            ], body: .plain(files[file] ?? []))
    }
}
