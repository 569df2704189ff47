internal import CZip

/// Collects files and writes them as a zip archive, stored, in order, all dated 1 January 1980.
struct ZipArchive {
    private struct Entry {
        var name: String
        var range: Range<Int>
    }

    /// All files one after another, so that libzip can read them in place.
    private var contents: [UInt8] = []
    private var entries: [Entry] = []

    mutating func append(_ file: [UInt8], name: String) throws(MediaError) {
        let total = contents.count + file.count
        guard total <= MediaLimits.archiveBytes else {
            throw .resultTooLarge(byteCount: total, limit: MediaLimits.archiveBytes)
        }
        entries.append(Entry(name: name, range: contents.count..<total))
        contents += file
    }

    consuming func finish() throws(MediaError) -> [UInt8] {
        let memory = try ArchiveMemory()
        try contents.withUnsafeBufferPointer { contents throws(MediaError) in
            try memory.write(entries.map { ($0.name, UnsafeBufferPointer(rebasing: contents[$0.range])) })
        }
        contents = []
        return try memory.read()
    }
}

/// A libzip source that keeps the archive in memory.
private struct ArchiveMemory: ~Copyable {
    /// One reference is ours; `zip_open_from_source` takes one more, which `zip_close` or `zip_discard` gives back.
    private let source: OpaquePointer

    init() throws(MediaError) {
        var error = zip_error_t()
        guard let source = zip_source_buffer_create(nil, 0, 0, &error) else {
            throw .libraryRefused(step: "zip_source_buffer_create", code: Int(error.zip_err))
        }
        self.source = source
    }

    deinit {
        zip_source_free(source)
    }

    /// Writes the archive; the contents are only read during the call.
    func write(_ files: [(name: String, content: UnsafeBufferPointer<UInt8>)]) throws(MediaError) {
        var error = zip_error_t()
        zip_source_keep(source)
        guard let archive = zip_open_from_source(source, ZIP_TRUNCATE, &error) else {
            zip_source_free(source)
            throw .libraryRefused(step: "zip_open_from_source", code: Int(error.zip_err))
        }
        do throws(MediaError) {
            for file in files { try Self.add(file.name, file.content, to: archive) }
        } catch {
            zip_discard(archive)
            throw error
        }
        guard zip_close(archive) == 0 else {
            let code = zip_error_code_zip(zip_get_error(archive))
            zip_discard(archive)
            throw .libraryRefused(step: "zip_close", code: Int(code))
        }
    }

    private static func add(
        _ name: String, _ content: UnsafeBufferPointer<UInt8>, to archive: OpaquePointer
    ) throws(MediaError) {
        guard let file = zip_source_buffer(archive, content.baseAddress, UInt64(content.count), 0) else {
            throw .libraryRefused(step: "zip_source_buffer", code: -1)
        }
        let index = zip_file_add(archive, name, file, zip_flags_t(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(file)
            throw .libraryRefused(step: "zip_file_add", code: Int(index))
        }
        // A time in seconds would be turned into local time; the fields of DOS are written as they are.
        let firstDay: UInt16 = 1 << 5 | 1
        let stored = zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0)
        let dated = zip_file_set_dostime(archive, UInt64(index), 0, firstDay, 0)
        guard stored == 0, dated == 0 else {
            throw .libraryRefused(step: "zip_file_set_dostime", code: Int(min(stored, dated)))
        }
    }

    func read() throws(MediaError) -> [UInt8] {
        var status = zip_stat_t()
        guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
            throw .libraryRefused(step: "zip_source_open", code: -1)
        }
        defer { zip_source_close(source) }
        let size = Int(status.size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
            count = Int(max(0, zip_source_read(source, bytes.baseAddress, UInt64(size))))
        }
        guard bytes.count == size else { throw .libraryRefused(step: "zip_source_read", code: bytes.count) }
        return bytes
    }
}
