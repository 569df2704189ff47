/// What an ELF file says about how its program makes system calls (System V ABI, chapters 4 and 5).
struct ProgramImage {
    /// The most program headers that are looked at, and the most bytes of one note segment or of an interpreter's name.
    private static let (headerLimit, noteLimit, nameLimit) = (512, 65_536, 4096)

    #if arch(x86_64)
        private static let ownMachine = 62
    #else
        private static let ownMachine = 183
    #endif

    private var isOurs = false
    private var isGo = false
    /// The path of the loader; nil when the program needs none.
    private var loader: String?

    /// - Parameters:
    ///   - head: The file's first bytes.
    ///   - read: Reads bytes at an offset; fewer at the file's end.
    /// - Returns: Nil when the file is no ELF file.
    init?(_ head: [UInt8], _ read: (_ offset: UInt64, _ count: Int) -> [UInt8]) {
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
        // 64 bits, the low byte first, and the machine that this program is built for.
        guard head.count >= 64, head[4] == 2, head[5] == 1, Self.number(head, 18, 2) == Self.ownMachine else { return }
        isOurs = true
        let table = UInt64(Self.number(head, 32, 8)), size = Self.number(head, 54, 2)
        let count = min(Self.number(head, 56, 2), Self.headerLimit)
        guard size >= 56 else { return }
        let headers = read(table, size * count)
        for start in stride(from: 0, to: headers.count - 55, by: size) {
            let offset = UInt64(bitPattern: Int64(Self.number(headers, start + 8, 8)))
            let length = Self.number(headers, start + 32, 8)
            switch Self.number(headers, start, 4) {
            case 3:
                let name = read(offset, min(max(0, length), Self.nameLimit)).prefix { $0 != 0 }
                loader = String(decoding: name, as: UTF8.self)
            case 4: isGo = isGo || Self.hasGoNote(read(offset, min(max(0, length), Self.noteLimit)))
            default: break
            }
        }
    }

    /// Why the program will not load the library, to follow "it"; nil when it will.
    var reason: String? {
        if !isOurs { return "is built for another machine than this" }
        if isGo { return "is a Go program, which makes its system calls without libc" }
        guard let loader else { return "is statically linked, so there is no libc to stand in for" }
        guard let name = loader.split(separator: "/").last, name.hasPrefix("ld-linux") else {
            let isMusl = loader.contains("musl")
            return "is linked to \(isMusl ? "musl" : "another C library (\(loader.prefix(200)))"), not to glibc"
        }
        return nil
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> Int {
        guard offset + size <= bytes.count else { return 0 }
        var value: UInt64 = 0
        for index in (0..<size).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        return Int(truncatingIfNeeded: value)
    }

    /// Whether one of the notes is a Go build id: the owner "Go", of type 4.
    private static func hasGoNote(_ notes: [UInt8]) -> Bool {
        var next = 0
        while next + 12 <= notes.count {
            let nameSize = number(notes, next, 4), bodySize = number(notes, next + 4, 4)
            let isBuildID = number(notes, next + 8, 4) == 4
            let name = next + 12
            if isBuildID, nameSize == 4, name + 4 <= notes.count,
                notes[name..<name + 4].elementsEqual([0x47, 0x6F, 0, 0])
            {
                return true
            }
            next = name + (nameSize + 3) / 4 * 4 + (bodySize + 3) / 4 * 4
        }
        return false
    }
}
