// Leads connections for one name to the mock.

#pragma once

#include <netdb.h>
#include <stdbool.h>
#include <sys/socket.h>

/// Reads what is to be led where; to be called once, when the library is loaded.
void vt_read_redirect(void);
/// What is looked up in the place of a name: an address that stands for the mock, or the name itself.
const char *vt_name(const char *name, int family);
/// Where a connection goes instead; false when it goes where it was to go.
bool vt_redirect(const struct sockaddr *peer, socklen_t length, struct sockaddr_storage *instead);
