internal import ClipriseWire

/// One line of the log while it is written.
///
/// The only unsafe code of the log. A line has some twenty pieces, and each that is appended to an array costs a check
/// that nobody else has the array; here a piece costs a comparison with the room that is left, and a copy.
struct LineBuffer: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    /// Whether the memory is the line's own: the first is lent.
    private var isOwn = false

    /// - Parameter memory: Lent as long as the line lives; one that grows beyond it takes memory of its own.
    init(_ memory: UnsafeMutableBufferPointer<UInt8>) {
        capacity = memory.count
        start = memory.baseAddress ?? .allocate(capacity: 0)
        isOwn = memory.baseAddress == nil
    }

    deinit { if isOwn { start.deallocate() } }

    var bytes: UnsafeBufferPointer<UInt8> {
        // Valid until the next piece is appended: whoever asks uses it at once.
        UnsafeBufferPointer(start: start, count: count)
    }

    @inline(__always) private mutating func makeRoom(for more: Int) {
        guard capacity - count < more else { return }
        grow(by: more)
    }

    @inline(never) private mutating func grow(by more: Int) {
        let larger = 2 * (capacity + more)
        let place = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        place.update(from: start, count: count)
        if isOwn { start.deallocate() }
        (start, capacity, isOwn) = (place, larger, true)
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        makeRoom(for: 1)
        start[count] = byte
        count += 1
    }

    @inline(__always) mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = bytes.baseAddress else { return }
        makeRoom(for: bytes.count)
        (start + count).update(from: first, count: bytes.count)
        count += bytes.count
    }

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    @inline(__always) mutating func append(literal: StaticString) {
        append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends text of ours, as it is.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// Appends text that no request can move the cursor of a terminal with.
    mutating func append(printable text: String) {
        var text = text
        text.withUTF8 { bytes in
            guard !Printable.isPlainLine(bytes) else { return append(bytes) }
            append(text: Printable.line(String(decoding: bytes, as: UTF8.self)))
        }
    }

    /// Appends bytes with a `?` for each that is no printable character of ASCII.
    mutating func append(visible bytes: ArraySlice<UInt8>) {
        makeRoom(for: bytes.count)
        bytes.withUnsafeBufferPointer { bytes in
            // Without a way out of the loop the compiler looks at sixteen bytes at once.
            var found: UInt8 = 0
            for byte in bytes { found |= byte &- 0x21 >= 0x5E ? 1 : 0 }
            guard found != 0 else { return append(bytes) }
            for byte in bytes {
                start[count] = (0x21...0x7E).contains(byte) ? byte : UInt8(ascii: "?")
                count += 1
            }
        }
    }

    mutating func append(decimal number: Int64) {
        makeRoom(for: Self.mostDigits + 1)
        if number < 0 { append(UInt8(ascii: "-")) }
        // From the last digit on, at the end of the room, and then to where they belong.
        let end = start + count + Self.mostDigits
        var first = end
        var rest = number.magnitude
        repeat {
            first -= 1
            first.pointee = UInt8(truncatingIfNeeded: 0x30 &+ rest % 10)
            rest /= 10
        } while rest > 0
        (start + count).update(from: first, count: end - first)
        count += end - first
    }

    /// The most digits of a number of 64 bits.
    private static let mostDigits = 20

    /// Appends the time of day in UTC, as in `23:59:59.999`.
    ///
    /// - Parameter nanoseconds: Since 1970; cut to the millisecond.
    mutating func append(timeOfDay nanoseconds: Int64) {
        let time = TimeOfDay(nanoseconds: nanoseconds)
        makeRoom(for: Self.timeOfDayLength)
        let place = start + count
        Self.write(time.hours, to: place)
        place[2] = UInt8(ascii: ":")
        Self.write(time.minutes, to: place + 3)
        place[5] = UInt8(ascii: ":")
        Self.write(time.seconds, to: place + 6)
        place[8] = UInt8(ascii: ".")
        place[9] = Self.digit(time.milliseconds / 100)
        Self.write(time.milliseconds % 100, to: place + 10)
        count += Self.timeOfDayLength
    }

    /// The bytes of a time of day.
    static let timeOfDayLength = 12

    /// Writes a number below 100 as two digits.
    @inline(__always) private static func write(_ number: Int, to place: UnsafeMutablePointer<UInt8>) {
        let number = UInt32(truncatingIfNeeded: number)
        place[0] = UInt8(truncatingIfNeeded: 0x30 &+ number / 10)
        place[1] = UInt8(truncatingIfNeeded: 0x30 &+ number % 10)
    }

    private static func digit(_ number: Int) -> UInt8 { UInt8(truncatingIfNeeded: 0x30 &+ number) }

    /// Puts 32 hexadecimal digits in the place of others.
    mutating func put(_ task: TaskID, at place: Int) {
        withUnsafeBytes(of: task.digits) { digits in
            precondition(place >= 0 && place <= count - digits.count, "there are no such digits")
            UnsafeMutableRawBufferPointer(start: start + place, count: digits.count).copyMemory(from: digits)
        }
    }

    /// Appends 32 hexadecimal digits.
    mutating func append(_ task: TaskID) {
        withUnsafeBytes(of: task.digits) { append($0.assumingMemoryBound(to: UInt8.self)) }
    }
}
