internal import ClipriseHTTP
internal import ClipriseScenario
internal import ClipriseServer
internal import ClipriseVirtualTime
internal import ClipriseWire
internal import Glibc

/// The virtual time of one `exec`: one clock for the server and the command.
struct RunTime {
    private let time: VirtualTime
    private let began: Int64

    /// - Parameters:
    ///   - words: The command, whose program is refused by name when it cannot be reached.
    ///   - configuration: Every account follows the run's clock, whatever its scenario says of time.
    /// - Throws: `Failure`.
    init(_ words: [String], _ configuration: inout ServerConfiguration) throws {
        do {
            if let word = words.first { try ReachableProgram.check(word) }
            time = try VirtualTime()
        } catch {
            throw Failure.usage(error.message)
        }
        began = MachineClock.steady
        for index in configuration.scenarios.indices { configuration.scenarios[index].clock = .real }
    }

    var clock: ServerClock {
        let now = time.now
        return { Instant(nanoseconds: now()) }
    }

    func begin(ports: [UInt16]) { time.begin(ports: ports) }

    /// Ends the run's clock, and says how time went.
    ///
    /// - Throws: `Failure` when the command has run without it.
    func end(isQuiet: Bool) throws {
        do {
            let summary = try time.end()
            if !isQuiet { write(text(summary), to: STDERR_FILENO) }
        } catch {
            throw Failure.usage(error.message)
        }
    }

    private func text(_ summary: VirtualTimeSummary) -> String {
        let real = MachineClock.steady - began
        var text = "Virtual time: \(Self.seconds(real + summary.moved)) s passed in \(Self.seconds(real)) s.\n"
        if summary.kept >= 1_000_000_000 {
            let name = summary.keeper.unicodeScalars.map { (0x20...0x7E).contains($0.value) ? String($0) : "?" }
                .joined()
            text +=
                "  Time was real for \(Self.seconds(summary.kept)) s, while \(name) ran, which cannot be reached: it is "
                + "statically linked, a Go program, set-uid, or not of glibc.\n"
        }
        return text
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
