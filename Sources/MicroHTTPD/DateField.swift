internal import CMicroHTTPD
internal import ClipriseWire
internal import Glibc

/// The text of a `Date` field, written anew only when its second changes; of one loop.
struct DateField {
    private var second: Int64 = .min
    /// Ends with a zero.
    private var text = [CChar](repeating: 0, count: HTTPDate.size + 1)

    /// Adds the field to a response that has none.
    mutating func add(_ seconds: Int64, to response: OpaquePointer) {
        write(seconds)
        text.withUnsafeBufferPointer { _ = MHD_add_response_header(response, "Date", $0.baseAddress) }
    }

    /// Writes another date in the place of the one that a response has.
    ///
    /// Only for a response that nothing else is sending the head of: the library copies the head as soon as it is queued.
    ///
    /// - Returns: False when it has none.
    mutating func replace(_ seconds: Int64, in response: OpaquePointer) -> Bool {
        write(seconds)
        return text.withUnsafeBufferPointer { text in
            text.baseAddress.map { cmhd_replace_date(response, $0, HTTPDate.size) != 0 } ?? false
        }
    }

    private mutating func write(_ seconds: Int64) {
        guard seconds != second else { return }
        second = seconds
        text.withUnsafeMutableBytes { HTTPDate.write(seconds, to: $0) }
    }
}

/// Seconds since 1970 on this machine.
public func wallSeconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
}
