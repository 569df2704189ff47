internal import Glibc

/// Writes all of a text.
func write(_ text: String, to descriptor: Int32) {
    write(Array(text.utf8), to: descriptor)
}

/// Writes all of the bytes, or as many as the other side takes.
@discardableResult
func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            rest = rest.dropFirst(count)
        } else if errno != EINTR {
            return false
        }
    }
    return true
}
