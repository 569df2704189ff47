// The only file that knows libyaml.
//
// Pointers: the parser and the copy of the text that it reads belong to a `YAMLEvents` and end with it. libyaml
// allocates for each event; all that is needed is copied out, and the event is freed, before `next` returns.

internal import CYAML

/// One step through a YAML text.
struct YAMLEvent {
    enum Kind {
        case document
        /// An unquoted word is plain.
        case scalar(String, isPlain: Bool)
        case alias(String)
        case listStart, listEnd
        case objectStart, objectEnd
        case end
    }

    var kind: Kind
    /// The name `&name` that a value is given for aliases.
    var anchor: String?
    /// Whether a value says by `!type` what it is to be taken for.
    var hasTag = false
    /// Columns count Unicode scalars, as libyaml does; a line ends as YAML 1.1 says, also at U+0085, U+2028 and U+2029.
    var place: Place
}

/// The events of a YAML text, one by one: nothing is built that a short text could blow up.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    /// - Parameter bytes: UTF-8 without a byte order mark.
    init(_ bytes: [UInt8]) throws(TextProblem) {
        parser = .allocate(capacity: 1)
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            // What `deinit` would have done: it does not run for a value that never was.
            parser.deallocate()
            text.deallocate()
            throw TextProblem(place: Place(line: 1, column: 1), text: "no YAML can be made of it")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// The next event; nothing may be asked for after `end` or an error.
    mutating func next() throws(TextProblem) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
            defer { yaml_event_delete(&event) }
            let place = Place(event.start_mark)
            switch event.type {
            case YAML_DOCUMENT_START_EVENT:
                return YAMLEvent(kind: .document, place: place)
            case YAML_SCALAR_EVENT:
                let scalar = event.data.scalar
                let value = String(
                    decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
                return YAMLEvent(
                    kind: .scalar(value, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
                    anchor: string(scalar.anchor), hasTag: scalar.tag != nil, place: place)
            case YAML_ALIAS_EVENT:
                return YAMLEvent(kind: .alias(string(event.data.alias.anchor) ?? ""), place: place)
            case YAML_SEQUENCE_START_EVENT:
                let start = event.data.sequence_start
                return YAMLEvent(
                    kind: .listStart, anchor: string(start.anchor), hasTag: start.tag != nil, place: place)
            case YAML_SEQUENCE_END_EVENT:
                return YAMLEvent(kind: .listEnd, place: place)
            case YAML_MAPPING_START_EVENT:
                let start = event.data.mapping_start
                return YAMLEvent(
                    kind: .objectStart, anchor: string(start.anchor), hasTag: start.tag != nil, place: place)
            case YAML_MAPPING_END_EVENT:
                return YAMLEvent(kind: .objectEnd, place: place)
            case YAML_STREAM_END_EVENT, YAML_NO_EVENT:
                return YAMLEvent(kind: .end, place: place)
            default:
                // The start of the stream and the end of a document say nothing.
                continue
            }
        }
    }

    private func string(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
        text.map { String(decodingCString: $0, as: UTF8.self) }
    }

    /// Why the parser stopped.
    private func problem() -> TextProblem {
        let text = parser.pointee.problem.map { String(cString: $0) } ?? "no YAML can be made of it"
        switch parser.pointee.error {
        case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
            let place = Place(parser.pointee.problem_mark)
            return OddBlank.problem(near: place, in: self.text) ?? TextProblem(place: place, text: text)
        case YAML_READER_ERROR:
            return TextProblem(at: Int(parser.pointee.problem_offset), in: self.text, text)
        default:
            return TextProblem(place: Place(line: 1, column: 1), text: "no YAML can be made of it")
        }
    }
}

extension Place {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}
