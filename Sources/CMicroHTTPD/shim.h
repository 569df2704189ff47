// What Swift cannot call by itself: variadic functions, macros with casts, and header files that the Glibc module
// leaves out. Nothing here decides anything.

#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

// Swift reads the system's headers without _GNU_SOURCE, and one program must not read them in two ways; so the GNU
// functions are declared here.
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const __sigset_t *);
extern int accept4(int, struct sockaddr *, socklen_t *, int);

/// The callbacks of one daemon and the value they are called with.
struct cmhd_callbacks {
    void *_Nonnull context;
    MHD_AccessHandlerCallback _Nonnull access;
    /// Called with the raw target as soon as the request line is read; its result becomes `*con_cls`.
    void *_Nullable (*_Nonnull target)(void *_Nullable context, const char *_Nullable target,
                                       struct MHD_Connection *_Nullable connection);
    MHD_RequestCompletedCallback _Nonnull completed;
    MHD_NotifyConnectionCallback _Nonnull connection;
};

/// Leaves a target as it was sent: who reads it reads the raw one.
static inline size_t cmhd_leave(void *_Nullable context, struct MHD_Connection *_Nullable connection, char *_Nonnull text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

/// `MHD_start_daemon` is variadic. This fixes the option list: no listening socket (connections are handed over), no
/// thread of its own (the caller runs it), epoll, suspend and resume, no `Date` header of its own; TLS when there is a certificate,
/// which must live as long as the daemon, as must the key.
///
/// Returns NULL on failure, with `errno` as the failing call left it.
static inline struct MHD_Daemon *_Nullable cmhd_start(
    const struct cmhd_callbacks *_Nonnull callbacks, size_t connection_memory, unsigned int connection_limit,
    unsigned int connections_per_address, unsigned int idle_seconds, const char *_Nullable certificate,
    const char *_Nullable key) {
    // An option list that ends at once leaves out what stands behind it.
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK |
            (certificate != NULL ? MHD_USE_TLS : 0),
        0, NULL, NULL, callbacks->access, callbacks->context,
        MHD_OPTION_ARRAY, certificate != NULL ? tls : none,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks->target, callbacks->context,
        MHD_OPTION_UNESCAPE_CALLBACK, cmhd_leave, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks->completed, callbacks->context,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks->connection, callbacks->context,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_END);
}

/// Writes another date of the same size over the `Date` field of a response; whether it has one of that size.
static inline int cmhd_replace_date(struct MHD_Response *_Nonnull response, const char *_Nonnull text, size_t size) {
    const char *value = MHD_get_response_header(response, "Date");
    if (value == NULL || strlen(value) != size) return 0;
    // The library made this copy for itself, and reads it only when it writes a head.
    memcpy((char *)(uintptr_t)value, text, size);
    return 1;
}

/// The epoll descriptor of a daemon without a thread, or -1. It can itself be polled.
static inline int cmhd_epoll_fd(struct MHD_Daemon *_Nonnull daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

/// The socket of a connection, or -1. It stays libmicrohttpd's.
static inline int cmhd_socket(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// Whether the loaded library can serve TLS.
static inline int cmhd_has_tls(void) { return MHD_is_feature_supported(MHD_FEATURE_TLS) == MHD_YES; }

/// The TLS session of a connection, or NULL.
static inline void *_Nullable cmhd_session(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

/// Watches a socket in an epoll set for its next bytes, once.
static inline void cmhd_watch_once(int set, int fd, uint64_t value) {
    struct epoll_event event = {EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, {.u64 = value}};
    if (epoll_ctl(set, EPOLL_CTL_MOD, fd, &event) != 0) (void)epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

static inline void cmhd_unwatch(int set, int fd) { (void)epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL); }

/// Takes up to 64 values of sockets whose bytes have come.
static inline int cmhd_take_ready(int set, uint64_t *_Nonnull values) {
    struct epoll_event events[64];
    int count = epoll_wait(set, events, 64, 0);
    for (int i = 0; i < count; i++) values[i] = events[i].data.u64;
    return count;
}

/// The other end's address; its size, or 0.
static inline socklen_t cmhd_peer(int fd, struct sockaddr_storage *_Nonnull address) {
    socklen_t size = sizeof *address;
    return getpeername(fd, (struct sockaddr *)address, &size) == 0 ? size : 0;
}

/// What the connection callback stored for this connection.
static inline void *_Nullable cmhd_socket_context(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/// The bytes of the request line and all fields, with the empty line, or 0.
static inline size_t cmhd_head_size(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

/// Milliseconds until the daemon wants to run again, or -1 for never.
static inline long long cmhd_timeout(struct MHD_Daemon *_Nonnull daemon) {
    MHD_UNSIGNED_LONG_LONG wait;
    if (MHD_get_timeout(daemon, &wait) != MHD_YES) return -1;
    return wait > 3600000 ? 3600000 : (long long)wait;
}

/// The cast in this macro hides it from Swift.
static inline uint64_t cmhd_unknown_size(void) { return MHD_SIZE_UNKNOWN; }

/// The methods that have a name of their own, in this order from 1 on; 0 for all others. Case matters.
static inline int cmhd_method(const char *_Nonnull token) {
    static const char *const names[] = {"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"};
    for (int i = 0; i < 7; i++)
        if (strcmp(token, names[i]) == 0) return i + 1;
    return 0;
}

/// 1 for Content-Length, 2 for Transfer-Encoding, 0 for all other field names.
static inline int cmhd_framing_field(const char *_Nonnull name, size_t size) {
    if (size == 14) return strncasecmp(name, "content-length", 14) == 0 ? 1 : 0;
    if (size == 17) return strncasecmp(name, "transfer-encoding", 17) == 0 ? 2 : 0;
    return 0;
}

/// Whether a text is a token (RFC 9110 §5.6.2), as method and field names are.
static inline int cmhd_is_token(const char *_Nonnull text, size_t size) {
    static const unsigned char allowed[256] = {
        ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1,
        ['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1, ['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1};
    for (size_t i = 0; i < size; i++)
        if (!allowed[(unsigned char)text[i]]) return 0;
    return size > 0;
}

/// Whether no blank and no control character is in a request target.
static inline int cmhd_is_target(const char *_Nonnull text, size_t size) {
    // Without a way out of the loop the compiler looks at sixteen bytes at once.
    unsigned char found = 0;
    for (size_t i = 0; i < size; i++) found |= (unsigned char)text[i] <= ' ' || text[i] == 0x7F;
    return size > 0 && !found;
}

/// Whether a CR is in a text, where no line ends.
static inline int cmhd_has_cr(const char *_Nonnull text, size_t size) { return memchr(text, '\r', size) != NULL; }

/// The size of a value without the blanks behind it, which RFC 9110 §5.5 does not count to it.
static inline size_t cmhd_without_blanks(const char *_Nonnull value, size_t size) {
    while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t')) size--;
    return size;
}

/// Lets libmicrohttpd find no parameters in a target that it has just shown: their records would fill the connection's
/// memory, and who reads the query reads the raw target.
static inline void cmhd_end_at_query(const char *_Nonnull target) {
    char *mark = strchr((char *)(uintptr_t)target, '?');
    if (mark != NULL && mark[1] != 0) mark[1] = 0;
}

/// Whether a client waits to be accepted.
static inline int cmhd_has_waiting(int listener) {
    struct pollfd fd = {listener, POLLIN, 0};
    return poll(&fd, 1, 0) > 0 && (fd.revents & POLLIN) != 0;
}

static inline int cmhd_is_chunked(const char *_Nonnull value, size_t size) {
    return size == 7 && strncasecmp(value, "chunked", 7) == 0;
}

/// Whether the library that was loaded is 0.9.75.
static inline int cmhd_is_0_9_75(void) { return strcmp(MHD_get_version(), "0.9.75") == 0; }

/// Waits until one of two descriptors can be read. `nanoseconds` below zero means without limit.
///
/// Returns a bit for each descriptor, 0 when the time is up or a signal came.
static inline int cmhd_wait(int first, int second, int64_t nanoseconds) {
    struct pollfd fds[2] = {{first, POLLIN, 0}, {second, POLLIN, 0}};
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    if (ppoll(fds, 2, nanoseconds < 0 ? NULL : &limit, NULL) <= 0) return 0;
    return (fds[0].revents ? 1 : 0) | (fds[1].revents ? 2 : 0);
}

/// Breaks a connection at once; the peer gets a RST. What was not yet sent is lost.
///
/// `close` with a linger time of zero does not do it, since libmicrohttpd calls `shutdown` first.
static inline void cmhd_reset(int fd) {
    struct sockaddr address;
    memset(&address, 0, sizeof address);
    address.sa_family = AF_UNSPEC;
    (void)connect(fd, &address, sizeof address);
}

/// Accepts a connection; the descriptor does not block and is not inherited. -1 on failure.
static inline int cmhd_accept(int listener, struct sockaddr *_Nonnull peer, socklen_t *_Nonnull size) {
    return accept4(listener, peer, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/// A stream socket of this family, not blocking and not inherited, or -1.
static inline int cmhd_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// An eventfd, or -1.
static inline int cmhd_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

/// The bytes that were written but not yet handed to the network.
static inline int cmhd_unsent(int fd) {
    int count = 0;
    return ioctl(fd, SIOCOUTQNSD, &count) == 0 ? count : 0;
}

/// The bytes that came in and nobody has read.
static inline int cmhd_unread(int fd) {
    int count = 0;
    return ioctl(fd, FIONREAD, &count) == 0 ? count : 0;
}

/// A second descriptor of the same socket, or -1.
static inline int cmhd_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }

/// All payload bytes that ever came in on this socket.
static inline uint64_t cmhd_received(int fd) {
    // The kernel's structure is longer than glibc's; tcpi_bytes_received lies at byte 128 (linux/tcp.h).
    unsigned char info[256];
    socklen_t size = sizeof info;
    uint64_t count = 0;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) != 0 || size < 136) return 0;
    memcpy(&count, info + 128, sizeof count);
    return count;
}

/// Whether nothing can be sent any more: the other end has answered with a RST, or the connection is over.
static inline int cmhd_peer_gone(int fd) {
    unsigned char info[8];
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) != 0 || size == 0) return 1;
    return info[0] == TCP_CLOSE;
}

/// Whether the other end has sent a FIN (half closed at least) or the connection is closed.
static inline int cmhd_peer_closed(int fd) {
    unsigned char info[8];
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &size) != 0 || size == 0) return 1;
    return info[0] != TCP_ESTABLISHED;
}
