// Leads connections for one name to the mock, for programs that ask no variable about a proxy.
//
// The name is answered with an address of the loopback that nobody else has, and a connection to this address goes to
// one of the mock's ports: to that with TLS from port 443, else to the plain one.

#include "redirect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../names.h"

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
