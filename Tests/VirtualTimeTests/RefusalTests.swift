import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Programs that the library cannot reach.
@Suite(.ownThreads) struct RefusalTests {
    /// An ELF file of one program header for each segment; it can be looked at and not be run.
    private static func image(machine: UInt16 = ownMachine, _ segments: [(type: UInt32, bytes: [UInt8])]) -> [UInt8] {
        func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
        var head: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9)
        head += little(UInt16(3)) + little(machine) + little(UInt32(1)) + little(UInt64(0)) + little(UInt64(64))
        head += little(UInt64(0)) + little(UInt32(0)) + little(UInt16(64)) + little(UInt16(56))
        head += little(UInt16(segments.count)) + Array(repeating: 0, count: 6)
        var offset = 64 + 56 * segments.count
        var table: [UInt8] = []
        for segment in segments {
            let (place, size) = (UInt64(offset), UInt64(segment.bytes.count))
            table += little(segment.type) + little(UInt32(4)) + little(place) + little(place) + little(place)
            table += little(size) + little(size) + little(UInt64(1))
            offset += segment.bytes.count
        }
        return head + table + segments.flatMap(\.bytes)
    }

    #if arch(x86_64)
        private static let (ownMachine, otherMachine): (UInt16, UInt16) = (62, 183)
    #else
        private static let (ownMachine, otherMachine): (UInt16, UInt16) = (183, 62)
    #endif
    private static let loader: (UInt32, [UInt8]) = (3, Array("/lib64/ld-linux-x86-64.so.2\0".utf8))
    private static let goNote: [UInt8] = [4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0x47, 0x6F, 0, 0, 1, 2, 3, 4]
    private static let gnuNote: [UInt8] = [4, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 0x47, 0x4E, 0x55, 0, 1, 2, 3, 4]

    static let programs: [(name: String, bytes: [UInt8], mode: Int, says: String)] = [
        ("static", image([]), 0o755, "/static: it is statically linked"),
        ("static-pie", image([(2, [0, 0, 0, 0])]), 0o755, "/static-pie: it is statically linked"),
        ("go", image([loader, (4, gnuNote + goNote)]), 0o755, "/go: it is a Go program"),
        ("static-go", image([(4, goNote)]), 0o755, "/static-go: it is a Go program"),
        ("musl", image([(3, Array("/lib/ld-musl-x86_64.so.1\0".utf8))]), 0o755, "/musl: it is linked to musl"),
        (
            "bionic", image([(3, Array("/system/bin/linker64\0".utf8))]), 0o755,
            "/bionic: it is linked to another C library"
        ),
        ("other", image(machine: otherMachine, [loader]), 0o755, "/other: it is built for another machine"),
        ("short", [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1], 0o755, "/short: it is built for another machine"),
        ("set-uid", image([loader]), 0o4755, "/set-uid: it is set-uid"),
        ("set-gid", image([loader]), 0o2755, "/set-gid: it is set-uid, set-gid"),
    ]

    @Test(arguments: programs)
    func `a program that cannot be reached is refused by name`(
        name: String, bytes: [UInt8], mode: Int, says: String
    ) throws {
        try withFolder { folder in
            let path = "\(folder)/\(name)"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            // As it is, by a script, by a script that looks for it, and by a script of a script.
            let scripts = [
                ("script", "#!\(path) x\n"), ("by-env", "#!/usr/bin/env \(name)\n"),
                ("by-env-s", "#! /usr/bin/env -S A=1 \(name) -x\n"), ("twice", "#!\(folder)/script\n"),
            ]
            for (script, text) in scripts {
                try text.write(toFile: "\(folder)/\(script)", atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(script)")
            }
            let list = ProcessInfo.processInfo.environment["PATH"] ?? ""
            for word in [path, name] + scripts.map({ "\(folder)/\($0.0)" }) {
                let outcome = try Program.mock.run(
                    ["exec", "--virtual-time", "--", word, "argument"], environment: ["PATH": "\(folder):\(list)"])
                #expect(outcome.status == 2)
                #expect(outcome.errors.contains("--virtual-time cannot reach"), "\(word): \(outcome.errors)")
                #expect(outcome.errors.contains(says), "\(word): \(outcome.errors)")
                #expect(outcome.output == "")
            }
        }
    }

    @Test func `a program that is not there is reported as without virtual time`() throws {
        let words = ["--", "no-such-command-anywhere"]
        let (one, other) = (
            try Program.mock.run(["exec"] + words), try Program.mock.run(["exec", "--virtual-time"] + words)
        )
        #expect(one.status == other.status)
        #expect(one.errors == other.errors)
    }

    @Test func `the exit code is the command's, and the folder of the run is gone`() throws {
        try withFolder { folder in
            let run = try Run(["sh", "-c", "echo $LD_PRELOAD; exit 7"], environment: ["TMPDIR": folder])
            #expect(run.outcome.status == 7)
            #expect(run.outcome.output.hasPrefix(folder))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
