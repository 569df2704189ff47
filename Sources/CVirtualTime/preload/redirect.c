// Leads connections for one name to the mock, for programs that ask no variable about a proxy.
//
// The name is answered with an address of the loopback that nobody else has, and a connection to this address goes to
// one of the mock's ports: to that with TLS from port 443, else to the plain one. A connection to another host as HTTP
// makes it is refused, as a proxy would refuse it, and the mock is told by the words that a proxy would get.

#include "redirect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../names.h"
#include "library.h"

static char host[256];
static uint16_t plainPort, securePort;

void vt_read_redirect(void) {
    const char *text = getenv(CVT_REDIRECT_VARIABLE);
    const char *mark = text ? strchr(text, '=') : NULL;
    if (!mark || (size_t)(mark - text) >= sizeof host) return;
    char *end;
    unsigned long plain = strtoul(mark + 1, &end, 10);
    unsigned long secure = *end == ',' ? strtoul(end + 1, NULL, 10) : 0;
    if (plain == 0 || plain > 65535 || secure > 65535) return;
    plainPort = (uint16_t)plain;
    securePort = (uint16_t)secure;
    memcpy(host, text, (size_t)(mark - text));
}

const char *vt_name(const char *name, int family) {
    if (!host[0] || !name) return name;
    size_t length = strlen(host);
    bool isOurs = strncasecmp(name, host, length) == 0 && (name[length] == 0 || strcmp(name + length, ".") == 0);
    if (!isOurs) return name;
    return family == AF_INET6 ? "::ffff:" CVT_REDIRECT_ADDRESS : CVT_REDIRECT_ADDRESS;
}

bool vt_redirect(const struct sockaddr *peer, socklen_t length, struct sockaddr_storage *instead) {
    if (!host[0] || !peer || length < sizeof(sa_family_t)) return false;
    struct in_addr ours = {inet_addr(CVT_REDIRECT_ADDRESS)}, here = {htonl(INADDR_LOOPBACK)};
    uint16_t *port;
    if (peer->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in *address = (struct sockaddr_in *)instead;
        memcpy(address, peer, sizeof *address);
        if (address->sin_addr.s_addr != ours.s_addr) return false;
        address->sin_addr = here;
        port = &address->sin_port;
    } else if (peer->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)
               && length <= sizeof *instead) {
        struct sockaddr_in6 *address = (struct sockaddr_in6 *)instead;
        memcpy(address, peer, length);
        unsigned char *bytes = address->sin6_addr.s6_addr;
        if (!IN6_IS_ADDR_V4MAPPED(&address->sin6_addr) || memcmp(bytes + 12, &ours, 4) != 0) return false;
        memcpy(bytes + 12, &here, 4);
        port = &address->sin6_port;
    } else {
        return false;
    }
    *port = htons(ntohs(*port) == 443 && securePort ? securePort : plainPort);
    return true;
}

// MARK: Astray

enum { nameLimit = 256, nameSize = 256 };

/// An address that a name was answered with.
static struct {
    /// Odd while it is being written.
    _Atomic unsigned state;
    struct in6_addr address;
    char name[nameSize];
} names[nameLimit];
static _Atomic unsigned nextName;

/// An address of either family as one of IPv6; the port in host order. False for other families.
static bool asSix(const struct sockaddr *peer, socklen_t length, struct in6_addr *address, uint16_t *port) {
    if (peer->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in four;
        memcpy(&four, peer, sizeof four);
        memset(address, 0, sizeof *address);
        memset(address->s6_addr + 10, 0xff, 2);
        memcpy(address->s6_addr + 12, &four.sin_addr, 4);
        *port = ntohs(four.sin_port);
        return true;
    }
    if (peer->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 six;
        memcpy(&six, peer, sizeof six);
        *address = six.sin6_addr;
        *port = ntohs(six.sin6_port);
        return true;
    }
    return false;
}

static bool isLoopback(const struct in6_addr *address) {
    if (IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address)) return true;
    if (!IN6_IS_ADDR_V4MAPPED(address)) return false;
    return address->s6_addr[12] == 127 || memcmp(address->s6_addr + 12, "\0\0\0", 4) == 0;
}

void vt_note_name(const char *name, const struct addrinfo *list) {
    if (!host[0] || !name || strlen(name) >= nameSize) return;
    for (; list; list = list->ai_next) {
        struct in6_addr address;
        uint16_t port;
        if (!list->ai_addr || !asSix(list->ai_addr, list->ai_addrlen, &address, &port)) continue;
        if (isLoopback(&address)) continue;
        unsigned place = atomic_fetch_add(&nextName, 1) % nameLimit;
        unsigned state = atomic_load(&names[place].state);
        if (state % 2 || !atomic_compare_exchange_strong(&names[place].state, &state, state + 1)) continue;
        names[place].address = address;
        strcpy(names[place].name, name);
        atomic_store(&names[place].state, state + 2);
    }
}

/// The name that an address was the answer to, the latest first, or the address itself.
static void nameOf(const struct in6_addr *address, char *text, size_t size) {
    unsigned next = atomic_load(&nextName);
    for (unsigned back = 1; back <= nameLimit; back++) {
        unsigned place = (next - back) % nameLimit, state = atomic_load(&names[place].state);
        if (state == 0 || state % 2 || memcmp(&names[place].address, address, sizeof *address) != 0) continue;
        snprintf(text, size, "%s", names[place].name);
        if (atomic_load(&names[place].state) == state) return;
    }
    bool isFour = IN6_IS_ADDR_V4MAPPED(address);
    char plain[INET6_ADDRSTRLEN] = "";
    inet_ntop(isFour ? AF_INET : AF_INET6, isFour ? address->s6_addr + 12 : address->s6_addr, plain, sizeof plain);
    snprintf(text, size, isFour ? "%s" : "[%s]", plain);
}

/// Reports to the mock as a client of a proxy would; of its answer no more is read than that there is one.
static void tell(const char *name, uint16_t port) {
    int channel = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (channel < 0) return;
    struct sockaddr_in mock = {
        .sin_family = AF_INET, .sin_port = htons(plainPort), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval limit = {.tv_sec = 2};
    char text[2 * nameSize + 64];
    int size = snprintf(
        text, sizeof text, "CONNECT %s:%u HTTP/1.1\r\nHost: %s:%u\r\nConnection: close\r\n\r\n", name, port, name,
        port);
    NEXT(setsockopt)(channel, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (NEXT(connect)(channel, (struct sockaddr *)&mock, sizeof mock) == 0
        && NEXT(send)(channel, text, (size_t)size, MSG_NOSIGNAL) == size) {
        char answer[64];
        (void)NEXT(recv)(channel, answer, sizeof answer, 0);
    }
    cvt_raw(SYS_close, channel, 0, 0, 0, 0, 0);
}

bool vt_is_astray(int socket, const struct sockaddr *peer, socklen_t length) {
    struct in6_addr address;
    uint16_t port;
    if (!host[0] || !peer || length < sizeof(sa_family_t) || !asSix(peer, length, &address, &port)) return false;
    if ((port != 80 && port != 443) || isLoopback(&address)) return false;
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return false;
    char name[nameSize];
    nameOf(&address, name, sizeof name);
    tell(name, port);
    return true;
}
