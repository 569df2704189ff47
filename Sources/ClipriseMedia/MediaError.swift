/// Why a result file could not be made.
///
/// The first four say what the specification asked for and what is allowed.
package enum MediaError: Error, Hashable {
    /// A side is out of range, in pixels.
    case sizeOutOfRange(width: Int, height: Int, allowed: ClosedRange<Int>)
    /// A side of a video is odd; its colour is stored once for two pixels.
    case oddVideoSize(width: Int, height: Int)
    /// The length is out of range, in seconds.
    case lengthOutOfRange(seconds: Int, allowed: ClosedRange<Int>)
    /// The number of files is out of range.
    case countOutOfRange(count: Int, allowed: ClosedRange<Int>)
    /// All files together would be larger than `limit` bytes.
    case resultTooLarge(byteCount: Int, limit: Int)
    /// A C library refused, nearly always for want of memory. `step` is the call, `code` what it returned.
    case libraryRefused(step: String, code: Int)
}

extension MediaError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .sizeOutOfRange(let width, let height, let allowed):
            "size \(width)x\(height): each side must be \(allowed.lowerBound)–\(allowed.upperBound) pixels"
        case .oddVideoSize(let width, let height): "video size \(width)x\(height): both sides must be even"
        case .lengthOutOfRange(let seconds, let allowed):
            "length \(seconds) s: must be \(allowed.lowerBound)–\(allowed.upperBound) s"
        case .countOutOfRange(let count, let allowed):
            "\(count) files: must be \(allowed.lowerBound)–\(allowed.upperBound)"
        case .resultTooLarge(let byteCount, let limit):
            "\(byteCount) bytes of files: at most \(limit) bytes in one archive"
        case .libraryRefused(let step, let code): "\(step) returned \(code)"
        }
    }
}
