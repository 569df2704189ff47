// Asks the kernel whether connections to others than the mock wait for an answer: then the command is at work.

#include "clock.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// How long an answer is waited for really before time may be moved, in milliseconds.
static const uint32_t patience = 60000;
/// The same for one that has never sent anything, in nanoseconds: it only listens.
static const int64_t patienceWithMute = INT64_C(20000000000);
/// How soon after a piece of an answer another may come, in milliseconds.
static const uint32_t pieceTime = 50;
/// How long a socket for datagrams is taken to be in use after it was given its peer, in nanoseconds.
static const int64_t datagramTime = INT64_C(1000000000);

enum { synSent = 2, established = 1 };

struct answer {
    bool isOpen, awaits;
};

static struct answer ask(int netlink, const struct cvt_peer *peer, int64_t age) {
    struct {
        struct nlmsghdr head;
        struct inet_diag_req_v2 body;
    } request = {
        .head = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
        .body = {
            .sdiag_family = peer->family, .sdiag_protocol = IPPROTO_TCP, .idiag_ext = 1 << (INET_DIAG_INFO - 1),
            .idiag_states = ~0u,
            .id = {
                .idiag_sport = peer->localPort, .idiag_dport = peer->peerPort,
                .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}}};
    memcpy(request.body.id.idiag_src, peer->local, 16);
    memcpy(request.body.id.idiag_dst, peer->peer, 16);
    const struct answer unknown = {.isOpen = age < patienceWithMute, .awaits = true};
    if (send(netlink, &request, sizeof request, 0) != sizeof request) return unknown;
    _Alignas(struct nlmsghdr) char bytes[4096];
    ssize_t count = recv(netlink, bytes, sizeof bytes, 0);
    struct nlmsghdr *head = (struct nlmsghdr *)bytes;
    if (count < 0 || !NLMSG_OK(head, (size_t)count)) return unknown;
    if (head->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *error = NLMSG_DATA(head);
        return error->error == -ENOENT ? (struct answer){false, false} : unknown;
    }
    const struct inet_diag_msg *message = NLMSG_DATA(head);
    if (message->idiag_state == synSent) return (struct answer){true, true};
    if (message->idiag_state != established) return (struct answer){false, false};
    const char *next = (const char *)(message + 1), *end = bytes + head->nlmsg_len;
    while (next + sizeof(struct nlattr) <= end) {
        const struct nlattr *attribute = (const struct nlattr *)next;
        if (attribute->nla_len < sizeof *attribute || next + attribute->nla_len > end) break;
        if (attribute->nla_type == INET_DIAG_INFO) {
            struct tcp_info info = {0};
            size_t size = attribute->nla_len - NLA_HDRLEN;
            memcpy(&info, next + NLA_HDRLEN, size < sizeof info ? size : sizeof info);
            bool awaits = info.tcpi_unacked > 0 || atomic_load(&peer->last) == 1
                || (info.tcpi_bytes_received > 0 && info.tcpi_last_data_recv < pieceTime);
            if (info.tcpi_last_data_sent > patience) awaits = false;
            if (info.tcpi_bytes_received == 0 && age > patienceWithMute) awaits = false;
            return (struct answer){true, awaits};
        }
        next += NLA_ALIGN(attribute->nla_len);
    }
    return unknown;
}

bool cvt_awaits_stranger(struct cvt_page *page, int64_t machine) {
    static int netlink = -1;
    bool awaits = false;
    for (int i = 0; i < cvt_peer_limit; i++) {
        struct cvt_peer *peer = &page->peers[i];
        if (atomic_load(&peer->state) != 2) continue;
        int64_t age = machine - peer->since;
        struct answer answer = {.isOpen = age < datagramTime, .awaits = age < datagramTime};
        if (!peer->isDatagram) {
            if (netlink < 0) netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
            answer = ask(netlink, peer, age);
        }
        if (!answer.isOpen) {
            atomic_store(&peer->state, 0);
        } else if (answer.awaits) {
            awaits = true;
        }
    }
    return awaits;
}
