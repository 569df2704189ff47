// Whether a connection's next head is the one before it, byte for byte.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CMicroHTTPDHooks.h"
#include "framing.h"

/// The longest head that is kept, and how many connections of a thread have one; all others are read each time.
enum { head_limit = 512, place_count = 4096 };

struct connection {
    int socket;
    /// Bytes that came and are of no request that is over; when it is 0, what comes next begins a head.
    uint64_t pending;
    bool had_request, repeats;
    /// Bytes at the start of what the request under way began with.
    size_t came;
    /// The kept head, complete and sound; 0 for none.
    size_t length;
    unsigned char *bytes;
};

/// By the number of the socket; of two whose numbers are alike, the first has it.
static _Thread_local struct connection *places[place_count];

static struct connection **place_of(int socket) { return &places[(unsigned)socket % place_count]; }

static struct connection *connection_of(int socket) {
    struct connection *connection = *place_of(socket);
    return connection != NULL && connection->socket == socket ? connection : NULL;
}

void cmhd_begin_heads(int socket) {
    struct connection **place = place_of(socket);
    if (*place != NULL || (*place = calloc(1, sizeof **place)) == NULL) return;
    (*place)->socket = socket;
}

void cmhd_end_heads(int socket) {
    struct connection *connection = connection_of(socket);
    if (connection == NULL) return;
    free(connection->bytes);
    free(connection);
    *place_of(socket) = NULL;
}

size_t cmhd_take_head(int socket, const void *bytes, size_t count) {
    struct connection *connection = connection_of(socket);
    if (connection == NULL) return 0;
    bool begins = connection->pending == 0;
    connection->pending += count;
    if (!begins) return 0;
    size_t length = connection->length;
    connection->repeats = length != 0 && count >= length && memcmp(bytes, connection->bytes, length) == 0;
    if (connection->repeats) return length;
    connection->length = 0;
    // Whoever sends one request gets no memory for a second.
    if (!connection->had_request) return 0;
    if (connection->bytes == NULL && (connection->bytes = malloc(head_limit)) == NULL) return 0;
    connection->came = count < head_limit ? count : head_limit;
    memcpy(connection->bytes, bytes, connection->came);
    return 0;
}

size_t cmhd_repeated_head(int socket) {
    struct connection *connection = connection_of(socket);
    return connection != NULL && connection->repeats ? connection->length : 0;
}

void cmhd_keep_head(int socket, size_t length) {
    struct connection *connection = connection_of(socket);
    // What is compared with must be what was read last.
    if (connection != NULL) connection->length = length <= connection->came ? length : 0;
}

void cmhd_end_request(int socket, size_t length) {
    struct connection *connection = connection_of(socket);
    if (connection == NULL) return;
    // What did not come through here was not counted either; no head is known to begin after that.
    connection->pending = connection->pending < length ? UINT64_MAX / 2 : connection->pending - length;
    connection->had_request = true;
    connection->repeats = false;
    connection->came = 0;
}
