// What a socket brings is looked at before libmicrohttpd reads it.

#include "framing.h"

#include <stdint.h>
#include <string.h>

#include "CMicroHTTPDHooks.h"

// MARK: Lines

/// Which sockets of this thread had an odd line, and their last bytes; those whose numbers are alike share a place.
static _Thread_local uint64_t odd_lines[64];
static _Thread_local unsigned char last_bytes[4096];

static uint64_t *word_of(int socket) { return &odd_lines[(unsigned)socket >> 6 & 63]; }

static uint64_t bit_of(int socket) { return UINT64_C(1) << (socket & 63); }

/// The NUL bytes of each socket of this thread that are not accounted for.
static _Thread_local uint32_t nuls[65536];

static uint32_t *nuls_of(int socket) { return &nuls[socket & 65535]; }

uint32_t cmhd_nuls(int socket) { return *nuls_of(socket); }

void cmhd_set_nuls(int socket, uint32_t count) { *nuls_of(socket) = count; }

uint32_t cmhd_count_nuls(const void *bytes, size_t count) {
    const char *next = bytes, *end = next + count;
    uint32_t found = 0;
    while (next < end && (next = memchr(next, 0, (size_t)(end - next))) != NULL) {
        found++;
        next++;
    }
    return found;
}

bool cmhd_has_odd_line(int socket) { return (*word_of(socket) & bit_of(socket)) != 0; }

void cmhd_forget_lines(int socket) {
    *word_of(socket) &= ~bit_of(socket);
    *nuls_of(socket) = 0;
    last_bytes[socket & 4095] = 0;
}

/// Whether a line begins with a colon or a NUL, behind the first byte.
static bool has_odd_line(const unsigned char *bytes, size_t count) {
    const unsigned char *next = bytes, *end = bytes + count;
    for (int lines = 0; lines < 64; lines++) {
        if (next == end || (next = memchr(next, '\n', (size_t)(end - next))) == NULL || ++next == end) return false;
        if (*next == ':' || *next == 0) return true;
    }
    // Many lines are looked through many bytes at once, to the end.
    bool is_odd = false;
    for (; next < end; next++) is_odd |= (next[-1] == '\n') & ((next[0] == ':') | (next[0] == 0));
    return is_odd;
}

/// Notes a line that begins with a colon or a NUL.
static void look_at_lines(int socket, const unsigned char *bytes, size_t count) {
    unsigned char *last = &last_bytes[socket & 4095];
    bool is_odd = *last == '\n' && (bytes[0] == ':' || bytes[0] == 0);
    *last = bytes[count - 1];
    if (is_odd || has_odd_line(bytes, count)) *word_of(socket) |= bit_of(socket);
}

// MARK: Followed sockets

static _Thread_local cmhd_bytes follower;
static _Thread_local void *follower_context;

void cmhd_follow(cmhd_bytes bytes, void *context) {
    follower = bytes;
    follower_context = context;
}

bool cmhd_look_at(int socket, const void *bytes, size_t count) {
    size_t known = cmhd_take_head(socket, bytes, count);
    if (known > 0) last_bytes[socket & 4095] = '\n';
    if (known < count) {
        const unsigned char *rest = (const unsigned char *)bytes + known;
        look_at_lines(socket, rest, count - known);
        uint32_t found = cmhd_count_nuls(rest, count - known);
        if (found != 0) *nuls_of(socket) += found;
    }
    return follower == NULL || follower(follower_context, socket, bytes, count);
}

// MARK: The library's buffer

/// Where 0.9.75 has these in its record of a connection, counted in words.
enum { buffer_word = 18, capacity_word = 25, count_word = 26 };

bool cmhd_unparsed(const void *connection, const void *start, size_t *count) {
    if (sizeof(void *) != 8) return false;
    uintptr_t words[count_word + 1];
    memcpy(words, connection, sizeof words);
    // Another build of the library may have other words there.
    if (words[buffer_word] != (uintptr_t)start || words[count_word] > words[capacity_word] ||
        words[capacity_word] > (1 << 24))
        return false;
    *count = words[count_word];
    return true;
}
