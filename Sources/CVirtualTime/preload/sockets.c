// Sockets: their own timeouts, and those that lead to somebody who does not know the clock.

#include "library.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include "redirect.h"
#include "sockets.h"

// MARK: Timeouts of sockets

enum { hintLimit = 65536 };
/// Which descriptors may have a timeout: set when one is given, taken back when the kernel says there is none.
static _Atomic uint64_t hints[hintLimit / 64];
static _Atomic int hasHints;

static bool hasHint(int descriptor) {
    if (!atomic_load_explicit(&hasHints, memory_order_relaxed)) return false;
    if (descriptor < 0 || descriptor >= hintLimit) return false;
    return hints[descriptor / 64] >> descriptor % 64 & 1;
}

STANDS_IN int setsockopt(int descriptor, int level, int name, const void *value, socklen_t length) {
    bool isTimeout = level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO);
    if (isTimeout && vt_page() && descriptor >= 0 && descriptor < hintLimit) {
        atomic_fetch_or(&hints[descriptor / 64], UINT64_C(1) << descriptor % 64);
        atomic_store(&hasHints, 1);
    }
    return NEXT(setsockopt)(descriptor, level, name, value, length);
}

/// Waits as long as a socket's own timeout says; false, with `errno`, when that is over.
static bool waitFor(int descriptor, short events, int flags, uint64_t place) {
    bool isTimer = events == POLLIN && vt_is_timer(descriptor);
    if (!isTimer && !hasHint(descriptor)) return true;
    struct cvt_page *page = vt_page();
    if (!page) return true;
    int64_t length = -1;
    if (hasHint(descriptor)) {
        struct timeval value = {0};
        socklen_t size = sizeof value;
        int option = events == POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO;
        if (getsockopt(descriptor, SOL_SOCKET, option, &value, &size) != 0) {
            atomic_fetch_and(&hints[descriptor / 64], ~(UINT64_C(1) << descriptor % 64));
        } else if (value.tv_sec || value.tv_usec) {
            length = vt_length(&value);
        }
    }
    if (length < 0 && !isTimer) return true;
    if (flags & MSG_DONTWAIT || fcntl(descriptor, F_GETFL) & O_NONBLOCK) return true;
    struct pollfd one = {.fd = descriptor, .events = events};
    struct vt_wait wait;
    vt_begin(&wait, page, length < 0 ? cvt_forever : vt_after(page, length), place);
    int result;
    do {
        struct timespec slice = vt_timespec(vt_slice(&wait));
        result = NEXT(ppoll)(&one, 1, &slice, NULL);
    } while (result == 0 && !vt_is_over(&wait));
    int error = result == 0 ? EAGAIN : errno;
    vt_end(&wait);
    if (result > 0) return true;
    errno = error;
    return false;
}

/// Calls one that reads, when there is something to read.
#define READ(descriptor, flags, call)                                        \
    vt_acted();                                                              \
    if (!waitFor(descriptor, POLLIN, flags, CALLER)) return -1;              \
    ssize_t moved = call;                                                   \
    if (moved > 0) vt_note_transfer(descriptor, false);                     \
    return moved

/// Calls one that writes, when there is room.
#define WRITE(descriptor, flags, call)                                       \
    vt_acted();                                                              \
    if (!waitFor(descriptor, POLLOUT, flags, CALLER)) return -1;             \
    ssize_t moved = call;                                                   \
    if (moved > 0) vt_note_transfer(descriptor, true);                      \
    return moved

STANDS_IN ssize_t recv(int socket, void *bytes, size_t count, int flags) {
    READ(socket, flags, NEXT(recv)(socket, bytes, count, flags));
}

STANDS_IN ssize_t recvfrom(
    int socket, void *restrict bytes, size_t count, int flags, struct sockaddr *restrict peer,
    socklen_t *restrict length) {
    READ(socket, flags, NEXT(recvfrom)(socket, bytes, count, flags, peer, length));
}

STANDS_IN ssize_t recvmsg(int socket, struct msghdr *message, int flags) {
    READ(socket, flags, NEXT(recvmsg)(socket, message, flags));
}

STANDS_IN ssize_t send(int socket, const void *bytes, size_t count, int flags) {
    WRITE(socket, flags, NEXT(send)(socket, bytes, count, flags));
}

STANDS_IN ssize_t sendto(
    int socket, const void *bytes, size_t count, int flags, const struct sockaddr *peer, socklen_t length) {
    WRITE(socket, flags, NEXT(sendto)(socket, bytes, count, flags, peer, length));
}

STANDS_IN ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
    WRITE(socket, flags, NEXT(sendmsg)(socket, message, flags));
}

// Of files and pipes too.

STANDS_IN ssize_t read(int descriptor, void *bytes, size_t count) {
    if (vt_is_timer(descriptor)) {
        return waitFor(descriptor, POLLIN, 0, CALLER) ? NEXT(read)(descriptor, bytes, count) : -1;
    }
    READ(descriptor, 0, NEXT(read)(descriptor, bytes, count));
}

STANDS_IN ssize_t readv(int descriptor, const struct iovec *parts, int count) {
    READ(descriptor, 0, NEXT(readv)(descriptor, parts, count));
}

STANDS_IN ssize_t write(int descriptor, const void *bytes, size_t count) {
    WRITE(descriptor, 0, NEXT(write)(descriptor, bytes, count));
}

STANDS_IN ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    WRITE(descriptor, 0, NEXT(writev)(descriptor, parts, count));
}

// The same with a check that `_FORTIFY_SOURCE` asks for.

STANDS_IN ssize_t __read_chk(int descriptor, void *bytes, size_t count, size_t size) {
    if (size < count) abort();
    return read(descriptor, bytes, count);
}

STANDS_IN ssize_t __recv_chk(int socket, void *bytes, size_t count, size_t size, int flags) {
    if (size < count) abort();
    return recv(socket, bytes, count, flags);
}

STANDS_IN ssize_t __recvfrom_chk(
    int socket, void *restrict bytes, size_t count, size_t size, int flags, struct sockaddr *restrict peer,
    socklen_t *restrict length) {
    if (size < count) abort();
    return recvfrom(socket, bytes, count, flags, peer, length);
}

STANDS_IN int accept(int socket, struct sockaddr *restrict peer, socklen_t *restrict length) {
    vt_acted();
    return waitFor(socket, POLLIN, 0, CALLER) ? NEXT(accept)(socket, peer, length) : -1;
}

STANDS_IN int accept4(int socket, struct sockaddr *restrict peer, socklen_t *restrict length, int flags) {
    vt_acted();
    return waitFor(socket, POLLIN, 0, CALLER) ? NEXT(accept4)(socket, peer, length, flags) : -1;
}

// MARK: Somebody else

STANDS_IN int listen(int socket, int backlog) {
    int result = NEXT(listen)(socket, backlog);
    struct cvt_page *page = vt_page();
    if (result != 0 || !page) return result;
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    if (getsockname(socket, (struct sockaddr *)&own, &length) != 0) return result;
    struct vt_address address;
    if (!vt_read(&own, &address)) return result;
    for (int i = 0; i < cvt_port_limit; i++) {
        uint32_t none = 0;
        uint32_t known = atomic_load(&page->ports[i]);
        if (known == ntohs(address.port)) break;
        if (known == 0 && atomic_compare_exchange_strong(&page->ports[i], &none, ntohs(address.port))) break;
    }
    return result;
}

STANDS_IN int connect(int socket, const struct sockaddr *peer, socklen_t length) {
    vt_acted();
    struct sockaddr_storage instead;
    if (vt_redirect(peer, length, &instead)) {
        peer = (const struct sockaddr *)&instead;
    } else if (vt_is_astray(socket, peer, length)) {
        errno = ECONNREFUSED;
        return -1;
    }
    struct cvt_page *page = vt_page();
    struct sockaddr_storage copy = {0};
    struct vt_address address;
    if (page && peer && length <= sizeof copy) memcpy(&copy, peer, length);
    if (!page || !vt_read(&copy, &address)) return NEXT(connect)(socket, peer, length);
    switch (vt_side(page, &address)) {
    case vt_mock: {
        // Whatever is sent is on its way at once: nobody waits for the kernel's own timers.
        int error = errno, yes = 1;
        NEXT(setsockopt)(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        errno = error;
        return NEXT(connect)(socket, peer, length);
    }
    case vt_own: return NEXT(connect)(socket, peer, length);
    case vt_stranger: break;
    }
    struct vt_wait wait;
    vt_begin_work(&wait, page);
    int result = NEXT(connect)(socket, peer, length);
    int error = errno;
    if (result == 0 || error == EINPROGRESS) vt_note_peer(page, socket, &address);
    vt_end(&wait);
    errno = error;
    return result;
}

// Names are looked up inside libc, over the network.

#define AS_WORK(type, call)                                                  \
    struct cvt_page *page = vt_page();                                       \
    if (!page) return call;                                                  \
    struct vt_wait wait;                                                     \
    vt_begin_work(&wait, page);                                              \
    type result = call;                                                      \
    int error = errno;                                                       \
    vt_end(&wait);                                                           \
    errno = error;                                                           \
    return result

static int lookUp(
    const char *restrict node, const char *restrict service, const struct addrinfo *restrict wish,
    struct addrinfo **restrict list) {
    AS_WORK(int, NEXT(getaddrinfo)(node, service, wish, list));
}

STANDS_IN int getaddrinfo(
    const char *restrict node, const char *restrict service, const struct addrinfo *restrict wish,
    struct addrinfo **restrict list) {
    node = vt_name(node, wish ? wish->ai_family : AF_UNSPEC);
    int code = lookUp(node, service, wish, list);
    if (code == 0 && list) vt_note_name(node, *list);
    return code;
}

STANDS_IN struct hostent *gethostbyname(const char *name) {
    name = vt_name(name, AF_INET);
    AS_WORK(struct hostent *, NEXT(gethostbyname)(name));
}

STANDS_IN int gethostbyname_r(
    const char *restrict name, struct hostent *restrict host, char *restrict buffer, size_t size,
    struct hostent **restrict found, int *restrict problem) {
    name = vt_name(name, AF_INET);
    AS_WORK(int, NEXT(gethostbyname_r)(name, host, buffer, size, found, problem));
}
