// The listener with the least handler: what the listener itself costs, against the C program in ../plain-c.

internal import ClipriseWire
internal import Glibc
internal import MicroHTTPD

var configuration = ListenerConfiguration()
if CommandLine.arguments.count > 1 { configuration.workers = Int(CommandLine.arguments[1]) ?? 1 }

let listener = try Listener(configuration, handler: answerConstantly)
let ready = Array("{\"ready\":true,\"url\":\"http://127.0.0.1:\(listener.port)\",\"pid\":\(getpid())}\n".utf8)
write(1, ready, ready.count)

var signals = sigset_t()
sigemptyset(&signals)
sigaddset(&signals, SIGTERM)
sigaddset(&signals, SIGINT)
pthread_sigmask(SIG_BLOCK, &signals, nil)
var signal: Int32 = 0
sigwait(&signals, &signal)
listener.stop()
