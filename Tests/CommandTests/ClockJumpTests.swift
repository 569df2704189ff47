import Foundation
import ProgramRunner
import RawSocket
import Testing

/// A machine whose clock is set while the server runs: tasks, money and journal go by time that passes.
@Suite(.ownThreads) struct ClockJumpTests {
    /// Lets the clock that people set jump: a day on when the file `on` is there, an hour back when `back` is.
    private static let jump = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <time.h>
        #include <unistd.h>
        int clock_gettime(clockid_t clock, struct timespec *time) {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(clock, time);
            const char *folder = getenv("JUMPS");
            if (result || clock != CLOCK_REALTIME || !folder) return result;
            char path[4096];
            snprintf(path, sizeof path, "%s/on", folder);
            if (access(path, F_OK) == 0) time->tv_sec += 86400;
            snprintf(path, sizeof path, "%s/back", folder);
            if (access(path, F_OK) == 0) time->tv_sec -= 3600;
            return result;
        }
        """

    @Test(arguments: ["back", "on"])
    func `a jump of the machine's clock neither ends a task nor keeps one from its end`(way: String) throws {
        try withFolder { folder in
            let source = "\(folder)/jump.c"
            try Self.jump.write(toFile: source, atomically: true, encoding: .utf8)
            let made = try Program.bash.run(["-c", #"clang -shared -fPIC -o "$0.so" "$0" -ldl"#, source])
            try #require(made.status == 0, "\(made.errors)")
            let server = try MockServer(environment: ["LD_PRELOAD": "\(source).so", "JUMPS": folder])
            let task = try server.generate(lighthouse).taskID
            let before = try server.status(task)
            #expect(before.status == 300)

            #expect(FileManager.default.createFile(atPath: "\(folder)/\(way)", contents: nil))
            // It lives for two seconds, of which some tenths are over.
            let after = try server.status(task)
            #expect(after.status == 300)
            // The answer shows the machine's time, so that the jump was one.
            let hours = { (reply: Reply) in reply.head.firstMatch(of: /Date: .*(\d\d) \w+ \d+ (\d\d):/)?.output }
            let (earlier, later) = (try #require(hours(before)), try #require(hours(after)))
            #expect(earlier.1 != later.1 || earlier.2 != later.2)
            var polls = 0
            while try server.status(task).status == 300, polls < 1_000_000 { polls += 1 }
            let end = try server.status(task)
            #expect(end.status == 200 && end.text.contains(#""status":"success""#))
            let account = try server.account("test-key")
            #expect(account["held"] as? Int == 0 && account["captured"] as? Int ?? 0 > 0)
            let events = try server.admin("GET", "requests?account=test-key&limit=10000").text
            let stamps = events.matches(of: /"at":([0-9.]+)/).compactMap { Double($0.1) }
            #expect(stamps.count > 4 && stamps == stamps.sorted())
            let times = events.matches(of: /"realTime":"([^"]+)"/).map { String($0.1) }
            #expect(times.count > 4 && times == times.sorted())
            #expect(try server.stop() == 0)
        }
    }
}
