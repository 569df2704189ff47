// Who is at the other end of a socket.

#include "sockets.h"

#include <netinet/in.h>
#include <string.h>

bool vt_read(const struct sockaddr_storage *from, struct vt_address *address) {
    *address = (struct vt_address){.family = (uint8_t)from->ss_family};
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)from;
        address->port = four->sin_port;
        memcpy(address->bytes, &four->sin_addr, 4);
        return true;
    }
    if (from->ss_family != AF_INET6) return false;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
    address->port = six->sin6_port;
    memcpy(address->bytes, &six->sin6_addr, 16);
    return true;
}

static bool isLoopback(const struct vt_address *address) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t one[16] = {[15] = 1};
    static const uint8_t any[16] = {0};
    if (address->family == AF_INET) return address->bytes[0] == 127 || memcmp(address->bytes, any, 4) == 0;
    bool isMapped = memcmp(address->bytes, mapped, 12) == 0 && address->bytes[12] == 127;
    return isMapped || memcmp(address->bytes, one, 16) == 0 || memcmp(address->bytes, any, 16) == 0;
}

/// One more than the place of a descriptor's connection in the page; 0 for none.
enum { descriptorLimit = 65536 };
static _Atomic uint16_t places[descriptorLimit];
static _Atomic bool hasPlaces;

void vt_note_transfer(int descriptor, bool isSent) {
    if (!atomic_load_explicit(&hasPlaces, memory_order_relaxed)) return;
    if (descriptor < 0 || descriptor >= descriptorLimit || !places[descriptor]) return;
    struct cvt_page *page = vt_page();
    struct cvt_peer *peer = page ? &page->peers[places[descriptor] - 1] : NULL;
    if (!peer || atomic_load(&peer->state) != 2 || peer->descriptor != descriptor) return;
    atomic_store(&peer->last, isSent ? 1 : 2);
}

enum vt_side vt_side(struct cvt_page *page, const struct vt_address *address) {
    if (!isLoopback(address)) return vt_stranger;
    uint32_t port = ntohs(address->port);
    for (int i = 0; i < 4; i++) {
        if (atomic_load(&page->mockPorts[i]) == port) return vt_mock;
    }
    for (int i = 0; i < cvt_port_limit; i++) {
        if (atomic_load(&page->ports[i]) == port) return vt_own;
    }
    return vt_stranger;
}

void vt_note_peer(struct cvt_page *page, int socket, const struct vt_address *peer) {
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    int kind = 0;
    socklen_t size = sizeof kind;
    struct vt_address local;
    if (getsockname(socket, (struct sockaddr *)&own, &length) != 0 || !vt_read(&own, &local)) return;
    if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &kind, &size) != 0) return;
    // A datagram socket that is only asked for its way, as resolvers do, sends nothing yet.
    if (kind != SOCK_STREAM && kind != SOCK_DGRAM) return;
    for (int i = 0; i < cvt_peer_limit; i++) {
        uint32_t none = 0;
        struct cvt_peer *place = &page->peers[i];
        if (!atomic_compare_exchange_strong(&place->state, &none, 1)) continue;
        place->family = peer->family;
        place->isDatagram = kind == SOCK_DGRAM;
        place->localPort = local.port;
        place->peerPort = peer->port;
        place->descriptor = socket;
        atomic_store(&place->last, 0);
        memcpy(place->local, local.bytes, 16);
        memcpy(place->peer, peer->bytes, 16);
        place->since = cvt_machine(CLOCK_MONOTONIC);
        atomic_store(&place->state, 2);
        if (socket < descriptorLimit) places[socket] = (uint16_t)(i + 1);
        atomic_store(&hasPlaces, true);
        return;
    }
}
