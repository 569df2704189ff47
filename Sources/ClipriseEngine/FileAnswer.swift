internal import ClipriseJournal
public import ClipriseWire

/// Plans the answer that carries a file, whole or in part (contract, STA-5 and STA-8; RFC 9110 §14).
public enum FileAnswer {
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - fileName: For `Content-Disposition`; letters, digits, `-`, `_` and `.` only.
    ///   - entityTag: Names these bytes, without quotes.
    ///   - request: Its `If-Match`, `If-None-Match` (RFC 9110 §13.1) and, if it is a GET, `Range` and `If-Range` are read: for
    ///     HEAD the last two mean nothing (§14.2).
    public static func plan(
        _ bytes: [UInt8], contentType: ResponsePlan.ContentType, fileName: String, entityTag: String,
        for request: Request
    ) -> ResponsePlan {
        let common = [
            ResponsePlan.Field("Accept-Ranges", "bytes"),
            ResponsePlan.Field("Content-Disposition", "attachment; filename=\"\(fileName)\""),
            ResponsePlan.Field("ETag", "\"\(entityTag)\""),
        ]
        let whole = ResponsePlan(status: 200, contentType: contentType, fields: common, body: .plain(bytes))
        if names("if-match", entityTag, request.fields, isStrong: true) == false { return ResponsePlan(status: 412) }
        if names("if-none-match", entityTag, request.fields, isStrong: false) == true {
            return ResponsePlan(status: 304, fields: [ResponsePlan.Field("ETag", "\"\(entityTag)\"")])
        }
        guard request.method == .get, let range = request.fields.first("range") else { return whole }
        if let condition = request.fields.first("if-range"), !condition.elementsEqual("\"\(entityTag)\"".utf8) {
            return whole
        }
        switch ByteRange(range, length: bytes.count) {
        case .ignored: return whole
        case .unsatisfiable:
            return ResponsePlan(
                status: 416, fields: common + [ResponsePlan.Field("Content-Range", "bytes */\(bytes.count)")])
        case .part(let part):
            let field = ResponsePlan.Field(
                "Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(bytes.count)")
            return ResponsePlan(
                status: 206, contentType: contentType, fields: common + [field], body: .plain(Array(bytes[part])))
        }
    }

    /// Whether the fields of a name list this entity tag, or are `*`; nil without such a field.
    ///
    /// - Parameter isStrong: Whether a tag that is marked as weak is never this one (RFC 9110 §8.8.3.2).
    private static func names(
        _ name: StaticString, _ entityTag: String, _ fields: HeaderFields, isStrong: Bool
    ) -> Bool? {
        var isFound: Bool?
        for index in 0..<fields.count where fields.isNamed(name, at: index) {
            let tags = String(decoding: fields.value(at: index), as: UTF8.self).split(separator: ",").map {
                $0.filter { $0 != " " && $0 != "\t" }
            }
            let isHere = tags.contains {
                $0 == "*" || $0 == "\"\(entityTag)\"" || !isStrong && $0 == "W/\"\(entityTag)\""
            }
            isFound = isFound ?? false || isHere
        }
        return isFound
    }

    /// What of its file a planned answer carries; nil when it carries none of it.
    static func part(of plan: ResponsePlan) -> FilePart? {
        func value(_ name: String) -> String? { plan.fields.first { $0.name == name }?.value }
        guard plan.status == 200 || plan.status == 206, let tag = value("ETag") else { return nil }
        var part = FilePart(entity: Draw.mix(0x6574_6167, tag.utf8), start: 0, size: plan.byteCount, isSound: true)
        guard plan.status == 206 else { return part }
        // `bytes 0-99/300`, as `plan` writes it.
        let numbers = (value("Content-Range") ?? "").split { !$0.isASCIIDigit }.compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        part.start = numbers[0]
        part.size = numbers[2]
        return part
    }

    /// A `Range` field against a file.
    enum ByteRange: Equatable {
        /// Another unit, several ranges or bad syntax: the field counts as absent.
        case ignored
        case unsatisfiable
        case part(Range<Int>)

        init(_ value: ArraySlice<UInt8>, length: Int) {
            let text = String(decoding: value, as: UTF8.self).filter { $0 != " " }
            guard text.lowercased().hasPrefix("bytes=") else {
                self = .ignored
                return
            }
            let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }) else {
                self = .ignored
                return
            }
            // A number too long for `Int` lies behind every file.
            let first = ends[0].isEmpty ? nil : Int(ends[0]) ?? .max
            let last = ends[1].isEmpty ? nil : Int(ends[1]) ?? .max
            switch (first, last) {
            case (nil, nil): self = .ignored
            case (nil, let count?):
                self = count == 0 || length == 0 ? .unsatisfiable : .part(max(0, length - count)..<length)
            case (let start?, let end?) where end < start: self = .ignored
            case (let start?, let end):
                self = start >= length ? .unsatisfiable : .part(start..<(min(end ?? .max, length - 1) + 1))
            }
        }
    }
}

extension ResultSpec {
    /// Names the bytes of the file: after a reset a task id may come again with another prompt.
    public var entityTag: String {
        var hash = Draw.mix(0, model.utf8)
        hash = Draw.mix(hash, prompt.utf8)
        for measure in [width, height, seconds, count] { hash = Draw.mix(hash, UInt64(measure)) }
        return "\(taskID)-\(String(hash, radix: 16))"
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && ("0"..."9").contains(self) }
}
