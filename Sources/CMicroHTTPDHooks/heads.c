// Whether a connection's next head is the one before it, byte for byte.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "CMicroHTTPDHooks.h"
#include "framing.h"

/// The longest head that is kept, and how many connections of a thread have one; all others are read each time.
enum { head_limit = 512, place_count = 4096 };

/// The processor's unit of memory, and how much the library keeps of a connection; bytes.
enum { line_size = 64, library_size = 640 };

/// A head, complete and sound; connections whose heads are alike have one together.
struct head {
    size_t holders, length;
    unsigned char bytes[];
};

/// By the number of the socket; of two whose numbers are alike, the first has it.
static _Thread_local struct place {
    /// What the library and the caller keep of the connection; NULL where there is none.
    const char *of_library, *record;
    /// Bytes that came and are of no request that is over; when it is 0, what comes next begins a head.
    uint64_t pending;
    /// NULL for none.
    struct head *head;
    int socket;
    bool had_request, repeats;
    uint16_t record_size;
} places[place_count];

/// What the request began with that came last.
static _Thread_local struct {
    int socket;
    size_t count;
    unsigned char bytes[head_limit];
} beginning = {.socket = -1};

/// The head that was kept last; NULL when nobody has it any more.
static _Thread_local struct head *latest;

static struct place *slot_of(int socket) { return &places[(unsigned)socket % place_count]; }

static struct place *place_of(int socket) {
    struct place *place = slot_of(socket);
    return place->of_library != NULL && place->socket == socket ? place : NULL;
}

static void let_go(struct place *place) {
    struct head *head = place->head;
    place->head = NULL;
    if (head == NULL || --head->holders > 0) return;
    if (latest == head) latest = NULL;
    free(head);
}

static void forget_beginning(int socket) {
    if (beginning.socket == socket) beginning.socket = -1;
}

void cmhd_begin_heads(int socket, const void *connection, const void *record, uint16_t size) {
    forget_beginning(socket);
    struct place *place = slot_of(socket);
    if (place->of_library != NULL) return;
    // One that begins within a line ends within one more.
    *place = (struct place){
        .of_library = connection, .record = record, .socket = socket, .record_size = (uint16_t)(size + line_size - 1)};
}

void cmhd_end_heads(int socket) {
    struct place *place = place_of(socket);
    if (place == NULL) return;
    let_go(place);
    *place = (struct place){0};
}

// By number: it may lead beyond what the bytes are part of.
static void fetch(const void *bytes, size_t count) {
    uintptr_t start = (uintptr_t)bytes;
    for (size_t offset = 0; offset < count; offset += line_size) __builtin_prefetch((const void *)(start + offset), 1);
}

void cmhd_fetch(int socket, const void *bytes) {
    const struct place *place = place_of(socket);
    if (place == NULL) return;
    fetch(bytes, head_limit);
    fetch(place->record, place->record_size);
    // The second word of a connection says which comes after it, of those that are ready.
    const void *next;
    memcpy(&next, place->of_library + sizeof next, sizeof next);
    if (next != NULL) fetch(next, library_size);
}

size_t cmhd_take_head(int socket, const void *bytes, size_t count) {
    struct place *place = place_of(socket);
    if (place == NULL) return 0;
    bool begins = place->pending == 0;
    place->pending += count;
    if (!begins) return 0;
    const struct head *head = place->head;
    place->repeats = head != NULL && count >= head->length && memcmp(bytes, head->bytes, head->length) == 0;
    if (place->repeats) return head->length;
    let_go(place);
    // Whoever sends one request gets no memory for a second.
    if (!place->had_request) return 0;
    beginning.socket = socket;
    beginning.count = count < head_limit ? count : head_limit;
    memcpy(beginning.bytes, bytes, beginning.count);
    return 0;
}

size_t cmhd_repeated_head(int socket) {
    const struct place *place = place_of(socket);
    return place != NULL && place->repeats ? place->head->length : 0;
}

enum cmhd_kept cmhd_keep_head(int socket, size_t length) {
    struct place *place = place_of(socket);
    if (place == NULL) return cmhd_kept_none;
    let_go(place);
    place->repeats = false;
    // What is compared with must be what was read last.
    if (length == 0 || beginning.socket != socket || length > beginning.count) return cmhd_kept_none;
    beginning.socket = -1;
    if (latest != NULL && latest->length == length && memcmp(latest->bytes, beginning.bytes, length) == 0) {
        latest->holders++;
        place->head = latest;
        return cmhd_kept_latest;
    }
    struct head *head = malloc(sizeof *head + length);
    if (head == NULL) return cmhd_kept_none;
    *head = (struct head){.holders = 1, .length = length};
    memcpy(head->bytes, beginning.bytes, length);
    place->head = latest = head;
    return cmhd_kept_anew;
}

void cmhd_end_request(int socket, size_t length) {
    struct place *place = place_of(socket);
    if (place == NULL) return;
    // What did not come through here was not counted either; no head is known to begin after that.
    place->pending = place->pending < length ? UINT64_MAX / 2 : place->pending - length;
    place->had_request = true;
    place->repeats = false;
    forget_beginning(socket);
}
