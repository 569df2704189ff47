// The listener alone, without a mock behind it: GET /hang, /hang-body, /hold, /hold-body and /throttle wait, all other
// targets are answered at once. Prints a line of JSON with "url" when it is ready, and ends at SIGTERM.
//
// With the argument `observed` it has an observer, to measure what one costs.

import ClipriseLocks
import ClipriseWire
import Glibc
import MicroHTTPD

var signals = sigset_t()
sigemptyset(&signals)
sigaddset(&signals, SIGTERM)
sigaddset(&signals, SIGINT)
pthread_sigmask(SIG_BLOCK, &signals, nil)

let ended = Locked(0)
let observer: Listener.Observer = { _ in ended.withLock { $0 += 1 } }
let listener = try Listener(ended: CommandLine.arguments.contains("observed") ? observer : nil) { request, _ in
    Routes.plan(for: request)
}
let ready = "{\"url\":\"http://127.0.0.1:\(listener.port)\"}\n"
write(1, ready, ready.utf8.count)

var signal: Int32 = 0
sigwait(&signals, &signal)
listener.stop()
