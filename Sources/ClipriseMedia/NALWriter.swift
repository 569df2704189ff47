/// Writes H.264 NAL units (ITU-T H.264, 7.3.1): bits, Exp-Golomb codes and the emulation prevention bytes.
struct NALWriter {
    /// Everything written so far.
    var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingCount = 0
    /// Zero bytes at the end of `bytes` that belong to the current unit.
    private var zeroRun = 0

    /// Starts a unit with its header byte.
    mutating func begin(header: UInt8) {
        zeroRun = 0
        bytes.append(header)
    }

    /// Appends the low `count` bits of `value`, 1–32.
    mutating func put(_ value: UInt32, bits count: Int) {
        pending = pending << UInt64(count) | UInt64(value)
        pendingCount += count
        while pendingCount >= 8 {
            pendingCount -= 8
            emit(UInt8(truncatingIfNeeded: pending >> UInt64(pendingCount)))
        }
        pending &= (1 << UInt64(pendingCount)) - 1
    }

    mutating func put(_ flag: Bool) {
        put(flag ? 1 : 0, bits: 1)
    }

    /// An unsigned Exp-Golomb code, `ue(v)`.
    mutating func putGolomb(_ value: Int) {
        let code = UInt32(value + 1)
        let length = 32 - code.leadingZeroBitCount
        if length > 1 { put(0, bits: length - 1) }
        put(code, bits: length)
    }

    /// Zero bits up to the next byte.
    mutating func align() {
        if pendingCount > 0 { put(0, bits: 8 - pendingCount) }
    }

    /// Appends aligned bytes none of which is below 4, so that they can need no emulation prevention.
    mutating func append(samples: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: samples)
        zeroRun = 0
    }

    /// Ends the unit: a one bit, then zeros to the byte.
    mutating func finish() {
        put(1, bits: 1)
        align()
    }

    private mutating func emit(_ byte: UInt8) {
        if zeroRun >= 2, byte <= 3 {
            bytes.append(3)
            zeroRun = 0
        }
        bytes.append(byte)
        zeroRun = byte == 0 ? zeroRun + 1 : 0
    }
}
