internal import CClipriseData
internal import ClipriseWire

/// The page at `/__admin/`: a document, its script and its style, all from this server and from nowhere else.
package enum AdminPage {
    package enum File: Sendable, Hashable {
        case html, script, style
    }

    /// The files that are built into the binary.
    private static let files: [File: [UInt8]] = {
        var files: [File: [UInt8]] = [:]
        for index in 0..<cdata_page_count() {
            let file = cdata_page_file(index)
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
            switch String(cString: file.name) {
            case "index.html": files[.html] = bytes
            case "app.js": files[.script] = bytes
            case "app.css": files[.style] = bytes
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
