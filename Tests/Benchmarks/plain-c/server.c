// The yardstick: what libmicrohttpd can do in plain C with constant answers. Same loop, same daemon options and same
// answers, byte for byte, as the server that is measured against it.
//
// cc -O2 -o plain-c server.c -lmicrohttpd -lpthread
// plain-c [LOOPS]

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <unistd.h>

static const char processing[] = "{\"status\":\"processing\"}";
static const char accepted[] = "[{\"code\":200,\"taskId\":\"0123456789abcdef0123456789abcdef\"}]";

struct body {
    size_t count;
    char bytes[4096];
};

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned status, const char *text, size_t count) {
    struct MHD_Response *response =
        MHD_create_response_from_buffer(count, (void *)text, MHD_RESPMEM_PERSISTENT);
    if (!response) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", "application/json; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *data, size_t *size, void **state) {
    (void)cls;
    (void)url;
    (void)version;
    if (!*state) {
        struct body *body = malloc(sizeof *body);
        if (!body) return MHD_NO;
        body->count = 0;
        *state = body;
        return MHD_YES;
    }
    struct body *body = *state;
    if (*size > 0) {
        if (body->count + *size > sizeof body->bytes) return MHD_NO;
        memcpy(body->bytes + body->count, data, *size);
        body->count += *size;
        *size = 0;
        return MHD_YES;
    }
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    const char *key = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    if (!host) return reply(connection, 400, "", 0);
    if (strcmp(method, "GET") == 0) {
        const char *account = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "apiKey");
        const char *task = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "taskId");
        if (!account || !task) return reply(connection, 400, "", 0);
        return reply(connection, 300, processing, sizeof processing - 1);
    }
    if (!key || body->count == 0) return reply(connection, 400, "", 0);
    return reply(connection, 200, accepted, sizeof accepted - 1);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how) {
    (void)cls;
    (void)connection;
    (void)how;
    free(*state);
    *state = NULL;
}

static void *run(void *cls) {
    struct MHD_Daemon *daemon = cls;
    struct pollfd events = {.fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, .events = POLLIN};
    for (;;) {
        MHD_UNSIGNED_LONG_LONG wait;
        int limit = MHD_get_timeout(daemon, &wait) == MHD_YES ? (int)wait : -1;
        if (poll(&events, 1, limit) < 0 && errno != EINTR) exit(1);
        MHD_run(daemon);
    }
}

int main(int count, char **arguments) {
    int loops = count > 1 ? atoi(arguments[1]) : 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = NULL;
    signal(SIGPIPE, SIG_IGN);
    for (int loop = 1; loop <= loops; loop++) {
        daemon = MHD_start_daemon(
            MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0, NULL, NULL, on_access, NULL,
            MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
            MHD_OPTION_LISTENING_ADDRESS_REUSE, loops > 1 ? 1u : 0u,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)8192, MHD_OPTION_CONNECTION_LIMIT, 12000u,
            MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u, MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_END);
        if (!daemon) {
            perror("MHD_start_daemon");
            return 1;
        }
        address.sin_port = htons(MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
        pthread_t thread;
        if (loop < loops && pthread_create(&thread, NULL, run, daemon) != 0) return 1;
    }
    printf("{\"ready\":true,\"url\":\"http://127.0.0.1:%u\",\"pid\":%d}\n", ntohs(address.sin_port), getpid());
    fflush(stdout);
    run(daemon);
}
