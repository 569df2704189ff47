// Leads connections for one name to the mock.

#pragma once

#include <netdb.h>
#include <stdbool.h>
#include <sys/socket.h>

/// Reads what must be led where; called once, when the library is loaded.
void vt_read_redirect(void);
/// What is looked up in the place of a name: an address that stands for the mock, or the name itself.
const char *vt_name(const char *name, int family);
/// Remembers what a name was answered with, so that a connection that goes astray can be told by its name.
void vt_note_name(const char *name, const struct addrinfo *list);
/// Whether a connection goes to another host as HTTP does, to port 80 or 443: then the mock has been told of it, and it
/// must not come to be.
bool vt_is_astray(int socket, const struct sockaddr *peer, socklen_t length);
/// Where a connection goes instead; false when it goes where it was to go.
bool vt_redirect(const struct sockaddr *peer, socklen_t length, struct sockaddr_storage *instead);
