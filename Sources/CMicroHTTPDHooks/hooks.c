#define _GNU_SOURCE
#include "CMicroHTTPDHooks.h"

#include <dlfcn.h>
#include <microhttpd.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

typedef enum MHD_Result (*queue_function)(struct MHD_Connection *, unsigned int, struct MHD_Response *);
typedef enum MHD_Result (*lookup_function)(struct MHD_Connection *, enum MHD_ValueKind, const char *, size_t,
                                           const char **, size_t *);

static _Thread_local cmhd_refusal watcher;

void cmhd_watch(cmhd_refusal refusal) { watcher = refusal; }

// Looking a symbol up again is idempotent, so two threads may do it at once.
static queue_function library_queue(void) {
    static _Atomic(queue_function) found;
    queue_function function = found;
    if (function == NULL) found = function = (queue_function)dlsym(RTLD_NEXT, "MHD_queue_response");
    return function;
}

static lookup_function library_lookup(void) {
    static _Atomic(lookup_function) found;
    lookup_function function = found;
    if (function == NULL) found = function = (lookup_function)dlsym(RTLD_NEXT, "MHD_lookup_connection_value_n");
    return function;
}

bool cmhd_queue(void *connection, unsigned int status, void *response) {
    return library_queue()(connection, status, response) == MHD_YES;
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                                   struct MHD_Response *response) {
    struct MHD_Response *other = watcher != NULL ? watcher(connection, status) : NULL;
    if (other == NULL) return library_queue()(connection, status, response);
    enum MHD_Result result = library_queue()(connection, status, other);
    MHD_destroy_response(other);
    return result;
}

static bool is_named(const char *key, size_t size, const char *name) {
    return size == strlen(name) && strncasecmp(key, name, size) == 0;
}

static size_t without_blanks(const char *value, size_t size) {
    while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t')) size--;
    return size;
}

static bool is_length(const char *value, size_t size) {
    uint64_t length = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned digit = (unsigned char)value[i] - '0';
        if (digit > 9 || length > (INT64_MAX - digit) / 10) return false;
        length = length * 10 + digit;
    }
    return size > 0;
}

enum MHD_Result MHD_lookup_connection_value_n(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                                              const char *key, size_t key_size, const char **value, size_t *size) {
    if (watcher != NULL && kind == MHD_HEADER_KIND && is_named(key, key_size, "Cookie")) return MHD_NO;
    size_t found_size = 0;
    const char *found = NULL;
    enum MHD_Result result = library_lookup()(connection, kind, key, key_size, &found, &found_size);
    if (result != MHD_YES) return result;
    if (watcher != NULL && kind == MHD_HEADER_KIND && found != NULL) {
        size_t trimmed = without_blanks(found, found_size);
        if (is_named(key, key_size, "Content-Length")) {
            if (!is_length(found, trimmed)) return MHD_NO;
            found_size = trimmed;
        } else if (is_named(key, key_size, "Transfer-Encoding") && trimmed == 7 &&
                   strncasecmp(found, "chunked", 7) == 0) {
            // It is compared up to its NUL.
            found = "chunked";
            found_size = 7;
        }
    }
    if (value != NULL) *value = found;
    if (size != NULL) *size = found_size;
    return MHD_YES;
}
