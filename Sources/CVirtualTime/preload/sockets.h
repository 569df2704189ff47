// Who is at the other end of a socket.

#pragma once

#include <sys/socket.h>

#include "library.h"

struct vt_address {
    uint8_t family;
    /// In network order.
    uint16_t port;
    uint8_t bytes[16];
};

enum vt_side { vt_mock, vt_own, vt_stranger };

/// Reads an address of the internet families; false for any other.
bool vt_read(const struct sockaddr_storage *from, struct vt_address *address);
/// Whose an address is.
enum vt_side vt_side(struct cvt_page *page, const struct vt_address *address);
/// Notes that something was sent on a descriptor, or received.
void vt_note_transfer(int descriptor, bool isSent);
/// Notes a connection to a stranger, so that the mock can see whether an answer is awaited.
void vt_note_peer(struct cvt_page *page, int socket, const struct vt_address *peer);
