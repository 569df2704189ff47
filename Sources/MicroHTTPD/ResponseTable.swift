// Bodies that libmicrohttpd sends from where they lie, without a copy.
//
// Unsafe: a response points into the memory of an array. That memory stays where it is, and as it is, for as long as
// anybody holds the array: whoever changes an array that others hold, changes a copy. So each response holds its array.

internal import CMicroHTTPD
internal import ClipriseWire

/// Holds the memory of a body for a response.
private final class HeldBody {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// A response that sends the bytes of an array from its memory, and holds it until it is destroyed.
func responseHolding(_ bytes: [UInt8]) -> OpaquePointer? {
    let body = Unmanaged.passRetained(HeldBody(bytes))
    let response = bytes.withUnsafeBytes { memory in
        MHD_create_response_from_buffer_with_free_callback_cls(
            memory.count, UnsafeMutableRawPointer(mutating: memory.baseAddress),
            { if let body = $0 { Unmanaged<HeldBody>.fromOpaque(body).release() } }, body.toOpaque())
    }
    if response == nil { body.release() }
    return response
}

/// Responses that are made once and sent many times; of one loop.
///
/// Most answers are the same few bytes: "processing", and the refusals. They are known by where they lie in memory, which
/// no other bytes can while this table holds them.
final class ResponseTable {
    /// The longest body that is kept, in bytes.
    static let bodyLimit = 4 << 10

    private struct Entry {
        var body: [UInt8] = []
        var type: ResponsePlan.ContentType?
        /// Nil until the body comes the second time.
        var response: OpaquePointer?
        /// What its `Date` says; seconds since 1970.
        var date: Int64 = .min
        /// How many strangers it outlives.
        var credit = 0
    }

    private static let size = 16
    /// In memory of its own: an array would be asked at each answer whether somebody else holds it.
    private let entries = UnsafeMutableBufferPointer<Entry>.allocate(capacity: size)
    private var strangers = 0

    init() { entries.initialize(repeating: Entry()) }

    deinit {
        for entry in entries { if let response = entry.response { MHD_destroy_response(response) } }
        entries.deinitialize()
        entries.deallocate()
    }

    /// A response that stays the table's; nil when the body has not come often enough.
    ///
    /// - Parameters:
    ///   - date: Seconds since 1970, for its `Date`.
    ///   - make: Makes the response for a body that comes again, with that date.
    ///   - redate: Gives a response that has a date that one.
    func response(
        _ body: [UInt8], _ type: ResponsePlan.ContentType?, date: Int64, make: () -> OpaquePointer?,
        redate: (OpaquePointer) -> Bool
    ) -> OpaquePointer? {
        guard body.count <= Self.bodyLimit, let place = Self.place(of: body) else { return nil }
        let index = (place >> 4 ^ place >> 9) & (Self.size - 1)
        guard Self.place(of: entries[index].body) == place, entries[index].body.count == body.count,
            entries[index].type == type
        else {
            takeIn(body, type, at: index)
            return nil
        }
        entries[index].credit = min(entries[index].credit + 2, 64)
        if let response = entries[index].response {
            guard entries[index].date != date else { return response }
            guard redate(response) else { return nil }
        } else {
            entries[index].response = make()
        }
        entries[index].date = date
        return entries[index].response
    }

    /// Remembers a body in the place of one that did not come for long.
    private func takeIn(_ body: [UInt8], _ type: ResponsePlan.ContentType?, at index: Int) {
        // Who comes often is here soon though only every eighth stranger is let in; most never come again.
        strangers &+= 1
        guard strangers & 7 == 0 else { return }
        guard entries[index].credit == 0 else {
            entries[index].credit -= 1
            return
        }
        if let response = entries[index].response { MHD_destroy_response(response) }
        entries[index] = Entry(body: body, type: type)
    }

    private static func place(of body: [UInt8]) -> Int? {
        body.isEmpty ? nil : body.withUnsafeBytes { $0.baseAddress.map { Int(bitPattern: $0) } }
    }
}
