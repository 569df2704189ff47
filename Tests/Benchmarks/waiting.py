"""What answers that wait cost the others, and how exact a throttle is.

Works against any server: the command, the target whose answer waits and the target that is polled are arguments. Two
servers of the same kind run, one with the waiting connections and one without, and rounds alternate between them.
"""

import resource
import select
import socket
import statistics
import time


def connect(server, options, target):
    """A raw connection that has sent a GET for the target and read nothing."""
    host, port = server.url.removeprefix("http://").rsplit(":", 1)
    client = socket.create_connection((host.strip("[]"), int(port)))
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: {options.host}\r\nAuthorization: Bearer {options.key}\r\n\r\n"
                   .encode())
    return client


def open_waiting(server, options):
    """Connections whose answers wait. Raises the limit on open files as far as needed."""
    needed = options.waiting + 256
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            raise SystemExit(f"{needed} open files are needed, and {hard} allowed: raise the limit (ulimit -Hn)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    return [connect(server, options, options.wait_target) for _ in range(options.waiting)]


def ended(clients):
    """How many of the connections are over, and not waiting any more."""
    poll = select.poll()
    by_descriptor = {client.fileno(): client for client in clients}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.POLLIN)
    over = 0
    for descriptor, _ in poll.poll(0):
        client = by_descriptor[descriptor]
        client.setblocking(False)
        try:
            while client.recv(65536):
                pass  # a head
            over += 1
        except BlockingIOError:
            pass
        except ConnectionError:
            over += 1
    return over


def compare(options, make_server, one_round, lua):
    """Polls with and without waiting connections, in alternating rounds; prints and returns the rows."""
    quiet, loaded = make_server(), make_server()
    try:
        before = loaded.resident_megabytes()
        begin = time.perf_counter()
        clients = open_waiting(loaded, options)
        opened = time.perf_counter() - begin
        one_round(loaded, options.poll_target, lua, 1, 1)  # the server has come to the last of them
        kilobytes = (loaded.resident_megabytes() - before) * 1024 / options.waiting
        print(f"\n{options.waiting} connections wait for {options.wait_target} (opened in {opened:.1f} s, "
              f"{kilobytes:.1f} KiB each) while others poll {options.poll_target}")
        print(f"{'conn':>4}  {'req/s with':>10} {'without':>8} {'ratio':>6}  {'p50 µs':>6} {'without':>7} {'ratio':>6}  "
              f"{'p99 µs':>6} {'without':>7}  {'CPU µs':>6} {'without':>7}  errors")
        rows = []
        for connections in map(int, options.poll_connections.split(",")):
            pairs = [tuple(one_round(server, options.poll_target, lua, connections, options.seconds)
                           for server in (loaded, quiet)) for _ in range(options.rounds)]
            a, b = ({key: statistics.median(pair[index][key] for pair in pairs) for key in pairs[0][0]}
                    for index in (0, 1))
            ratio = {key: statistics.median(pair[0][key] / max(pair[1][key], 1e-9) for pair in pairs)
                     for key in ("rate", "p50")}
            errors = sum(pair[0]["errors"] + pair[1]["errors"] for pair in pairs)
            rows.append({"connections": connections, "with": a, "without": b, "ratio": ratio, "errors": errors})
            print(f"{connections:4}  {a['rate']:10.0f} {b['rate']:8.0f} {ratio['rate']:6.3f}  {a['p50']:6.0f} "
                  f"{b['p50']:7.0f} {ratio['p50']:6.3f}  {a['p99']:6.0f} {b['p99']:7.0f}  {a['cpu']:6.2f} "
                  f"{b['cpu']:7.2f}  {errors:.0f}", flush=True)
        over = ended(clients)
        print(f"of the waiting connections {over} were ended meanwhile")
        for client in clients:
            client.close()
        return {"rows": rows, "kilobytes_each": kilobytes, "ended": over}
    finally:
        quiet.stop()
        loaded.stop()


def throttle(options, make_server):
    """The rate at which a throttled body comes, against the wanted one; prints and returns both."""
    server = make_server()
    try:
        client = connect(server, options, options.throttle_target)
        data = b""
        while b"\r\n\r\n" not in data:
            data += client.recv(65536) or exit(f"{options.throttle_target}: ended within its head")
        begin = time.perf_counter()
        head, _, body = data.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
        length, got, pieces = int(fields[b"content-length"]), len(body), 0
        while got < length:
            got += len(client.recv(65536)) or exit(f"{options.throttle_target}: {got} of {length} bytes")
            pieces += 1
        rate = length / (time.perf_counter() - begin)
        error = rate / options.throttle_rate - 1
        print(f"\n{options.throttle_target}: {length} bytes in {pieces} pieces at {rate:.1f} bytes/s, wanted "
              f"{options.throttle_rate}: {100 * error:+.2f} % ({'within' if abs(error) <= 0.1 else 'BEYOND'} 10 %)")
        return {"rate": rate, "wanted": options.throttle_rate, "within_ten_percent": abs(error) <= 0.1}
    finally:
        server.stop()
