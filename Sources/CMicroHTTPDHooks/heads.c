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
};

/// By the number of the socket; of two whose numbers are alike, the first has it.
static _Thread_local struct place {
    struct connection *connection;
    unsigned char *bytes;
    /// What the library and the caller keep of the connection.
    const char *of_library, *record;
    size_t record_size;
} places[place_count];

static struct place *place_of(int socket) { return &places[(unsigned)socket % place_count]; }

static struct connection *connection_of(int socket) {
    struct connection *connection = place_of(socket)->connection;
    return connection != NULL && connection->socket == socket ? connection : NULL;
}

void cmhd_begin_heads(int socket, const void *connection, const void *record, size_t size) {
    struct place *place = place_of(socket);
    if (place->connection != NULL || (place->connection = calloc(1, sizeof *place->connection)) == NULL) return;
    place->connection->socket = socket;
    place->of_library = connection;
    place->record = record;
    place->record_size = size;
}

void cmhd_end_heads(int socket) {
    if (connection_of(socket) == NULL) return;
    struct place *place = place_of(socket);
    free(place->bytes);
    free(place->connection);
    *place = (struct place){0};
}

/// The processor's unit of memory, and how much the library keeps of a connection; bytes.
enum { line_size = 64, library_size = 640 };

static void fetch(const void *bytes, size_t count) {
    for (size_t start = 0; start < count; start += line_size) __builtin_prefetch((const char *)bytes + start, 1);
}

void cmhd_fetch(int socket, const void *bytes) {
    const struct place *place = place_of(socket);
    if (place->connection == NULL) return;
    fetch(bytes, head_limit);
    fetch(place->of_library, library_size);
    fetch(place->connection, sizeof *place->connection);
    fetch(place->record, place->record_size);
    if (place->bytes != NULL) fetch(place->bytes, head_limit / 2);
}

size_t cmhd_take_head(int socket, const void *bytes, size_t count) {
    struct connection *connection = connection_of(socket);
    if (connection == NULL) return 0;
    bool begins = connection->pending == 0;
    connection->pending += count;
    if (!begins) return 0;
    size_t length = connection->length;
    unsigned char **kept = &place_of(socket)->bytes;
    connection->repeats = length != 0 && count >= length && memcmp(bytes, *kept, length) == 0;
    if (connection->repeats) return length;
    connection->length = 0;
    // Whoever sends one request gets no memory for a second.
    if (!connection->had_request) return 0;
    if (*kept == NULL && (*kept = malloc(head_limit)) == NULL) return 0;
    connection->came = count < head_limit ? count : head_limit;
    memcpy(*kept, bytes, connection->came);
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
