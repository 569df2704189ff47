#define _GNU_SOURCE
#include "CMicroHTTPDHooks.h"
#include "framing.h"

#include <dlfcn.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

typedef enum MHD_Result (*queue_function)(struct MHD_Connection *, unsigned int, struct MHD_Response *);
typedef enum MHD_Result (*lookup_function)(struct MHD_Connection *, enum MHD_ValueKind, const char *, size_t,
                                           const char **, size_t *);

static _Thread_local cmhd_refusal watcher;
static _Thread_local cmhd_handshake handshake_watcher;

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

// MARK: Reading

static _Thread_local int http2_socket = -1;

/// GnuTLS asks for the five bytes that say how long a record is, then for the record.
enum { record_head = 5 };

/// What came behind those five bytes on one socket of this thread, and is asked for next.
static _Thread_local struct {
    int socket;
    size_t start, end;
    unsigned char bytes[4096];
} ahead = {.socket = -1};

// The thread sanitizer has a `recv` of its own, which must stay.
#if !__has_feature(thread_sanitizer)
typedef ssize_t (*receive_function)(int, void *, size_t, int);

static receive_function library_receive(void) {
    static _Atomic(receive_function) found;
    receive_function function = found;
    if (function == NULL) found = function = (receive_function)dlsym(RTLD_NEXT, "recv");
    return function;
}

static ssize_t receive_ahead(int socket, void *bytes, size_t size) {
    if (ahead.socket != socket) {
        ssize_t count = library_receive()(socket, ahead.bytes, sizeof ahead.bytes, 0);
        if (count <= 0) return count;
        ahead.socket = socket;
        ahead.start = 0;
        ahead.end = (size_t)count;
    }
    size_t count = ahead.end - ahead.start < size ? ahead.end - ahead.start : size;
    memcpy(bytes, ahead.bytes + ahead.start, count);
    ahead.start += count;
    if (ahead.start == ahead.end) ahead.socket = -1;
    return (ssize_t)count;
}

ssize_t recv(int socket, void *bytes, size_t size, int flags) {
    bool is_next = ahead.socket == socket || (ahead.socket < 0 && size == record_head);
    if (handshake_watcher != NULL && flags == 0 && is_next) return receive_ahead(socket, bytes, size);
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    ssize_t count;
    if (watcher != NULL) {
        cmhd_fetch(socket, bytes);
        // As in `sendmsg`.
        count = syscall(SYS_recvfrom, socket, bytes, size, flags, NULL, NULL);
    } else {
        count = library_receive()(socket, bytes, size, flags);
    }
    if (watcher != NULL && handshake_watcher == NULL && count > 0 && !cmhd_look_at(socket, bytes, (size_t)count)) {
        errno = ECONNRESET;
        return -1;
    }
    if (watcher != NULL && count >= (ssize_t)sizeof preface - 1 && memcmp(bytes, preface, sizeof preface - 1) == 0)
        http2_socket = socket;
    return count;
}
#endif

bool cmhd_sees_bytes(void) {
#if __has_feature(thread_sanitizer)
    return handshake_watcher != NULL;
#else
    return watcher != NULL;
#endif
}

bool cmhd_spoke_http2(int socket) {
    bool did = http2_socket == socket;
    if (did) http2_socket = -1;
    return did;
}

// MARK: TLS

typedef int (*handshake_function)(gnutls_session_t);

void cmhd_watch_handshakes(cmhd_handshake handshake) { handshake_watcher = handshake; }

static handshake_function library_handshake(void) {
    static _Atomic(handshake_function) found;
    handshake_function function = found;
    if (function == NULL) found = function = (handshake_function)dlsym(RTLD_NEXT, "gnutls_handshake");
    return function;
}

// Sessions look at them for as long as they live, so they are never freed: there is one for each new certificate.
void *cmhd_make_credentials(const char *certificate, const char *key) {
    gnutls_certificate_credentials_t credentials = NULL;
    if (gnutls_certificate_allocate_credentials(&credentials) != 0) return NULL;
    gnutls_datum_t chain = {(unsigned char *)certificate, (unsigned int)strlen(certificate)};
    gnutls_datum_t secret = {(unsigned char *)key, (unsigned int)strlen(key)};
    if (gnutls_certificate_set_x509_key_mem(credentials, &chain, &secret, GNUTLS_X509_FMT_PEM) >= 0) return credentials;
    gnutls_certificate_free_credentials(credentials);
    return NULL;
}

static _Thread_local void *handshake_credentials;

void cmhd_present(void *credentials) { handshake_credentials = credentials; }

int gnutls_handshake(gnutls_session_t session) {
    if (handshake_watcher != NULL && handshake_credentials != NULL &&
        gnutls_handshake_get_last_in(session) == (gnutls_handshake_description_t)-1 &&
        gnutls_session_get_ptr(session) != NULL)
        (void)gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, handshake_credentials);
    int result = library_handshake()(session);
    // The library of the server stores its connection here; sessions of clients on this thread have another watcher.
    void *connection = handshake_watcher != NULL ? gnutls_session_get_ptr(session) : NULL;
    if (connection == NULL) return result;
    bool waits = result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED;
    // One that waits to write is told when it can: that much the library notes.
    if (!waits || gnutls_record_get_direction(session) == 0) handshake_watcher(connection, session, waits ? 1 : result);
    return result;
}

const char *cmhd_handshake_problem(void *session, int result) {
    static _Thread_local char text[160];
    if (result == GNUTLS_E_FATAL_ALERT_RECEIVED || result == GNUTLS_E_WARNING_ALERT_RECEIVED) {
        const char *alert = gnutls_alert_get_name(gnutls_alert_get(session));
        snprintf(text, sizeof text, "the client said: %s", alert != NULL ? alert : "an unknown alert");
        return text;
    }
    // In TLS 1.3 the refusal of some clients comes before their keys do, and cannot be read.
    if (result == GNUTLS_E_DECRYPTION_FAILED)
        return "the client said: something unreadable, most likely that it does not trust the certificate";
    if (result == GNUTLS_E_UNSUPPORTED_VERSION_PACKET)
        return "the client speaks no version of TLS that is spoken here: 1.2 and 1.3";
    const char *reason = gnutls_strerror(result);
    return reason != NULL ? reason : "unknown";
}

bool cmhd_is_no_tls(void *session, int result) {
    // A client that speaks an older version has said hello.
    if (gnutls_handshake_get_last_in(session) != (gnutls_handshake_description_t)-1) return false;
    return result == GNUTLS_E_UNSUPPORTED_VERSION_PACKET || result == GNUTLS_E_UNEXPECTED_PACKET_LENGTH ||
           result == GNUTLS_E_UNEXPECTED_PACKET || result == GNUTLS_E_RECORD_OVERFLOW;
}

size_t cmhd_server_name(void *session, char *name, size_t capacity) {
    unsigned int type = 0;
    size_t size = capacity;
    if (gnutls_server_name_get(session, name, &size, &type, 0) < 0 || type != GNUTLS_NAME_DNS) return 0;
    size_t length = strnlen(name, capacity);
    return length < capacity ? length : 0;
}

// MARK: One record for head and body

typedef ssize_t (*record_function)(gnutls_session_t, const void *, size_t);
typedef ssize_t (*read_function)(gnutls_session_t, void *, size_t);
typedef int (*bye_function)(gnutls_session_t, gnutls_close_request_t);
typedef int (*option_function)(int, int, int, const void *, socklen_t);

static record_function library_record(void) {
    static _Atomic(record_function) found;
    record_function function = found;
    if (function == NULL) found = function = (record_function)dlsym(RTLD_NEXT, "gnutls_record_send");
    return function;
}

static read_function library_read(void) {
    static _Atomic(read_function) found;
    read_function function = found;
    if (function == NULL) found = function = (read_function)dlsym(RTLD_NEXT, "gnutls_record_recv");
    return function;
}

static bye_function library_bye(void) {
    static _Atomic(bye_function) found;
    bye_function function = found;
    if (function == NULL) found = function = (bye_function)dlsym(RTLD_NEXT, "gnutls_bye");
    return function;
}

static option_function library_option(void) {
    static _Atomic(option_function) found;
    option_function function = found;
    if (function == NULL) found = function = (option_function)dlsym(RTLD_NEXT, "setsockopt");
    return function;
}

ssize_t gnutls_record_recv(gnutls_session_t session, void *data, size_t size) {
    ssize_t count = library_read()(session, data, size);
    if (handshake_watcher == NULL || count <= 0) return count;
    return cmhd_look_at(gnutls_transport_get_int(session), data, (size_t)count) ? count : GNUTLS_E_PULL_ERROR;
}

/// The most bytes of a record.
enum { record_limit = 16384, head_limit = 4096 };

/// The head of an answer that waits for the first bytes of its body.
static _Thread_local struct {
    gnutls_session_t session;
    /// Bytes of the head, and of those that were handed in behind it.
    size_t head, more;
    /// Whether GnuTLS has the record and wants to be asked again.
    bool is_under_way;
    unsigned char bytes[record_limit];
} held;

static bool must_ask_again(ssize_t result) { return result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED; }

/// The head of an answer that is final: what only says that the client may go on must go at once.
static bool is_head(gnutls_session_t session, const char *bytes, size_t size) {
    return size >= 16 && size <= head_limit && memcmp(bytes, "HTTP/1.", 7) == 0 && bytes[9] != '1' &&
           memcmp(bytes + size - 4, "\r\n\r\n", 4) == 0 && gnutls_record_get_max_size(session) >= record_limit;
}

ssize_t gnutls_record_send(gnutls_session_t session, const void *data, size_t size) {
    if (handshake_watcher == NULL || data == NULL) return library_record()(session, data, size);
    if (held.session == NULL && is_head(session, data, size)) {
        memcpy(held.bytes, data, size);
        held.session = session;
        held.head = size;
        held.is_under_way = false;
        return (ssize_t)size;
    }
    if (held.session != session) return library_record()(session, data, size);
    ssize_t result;
    if (held.is_under_way) {
        result = library_record()(session, NULL, 0);
    } else {
        held.more = size < record_limit - held.head ? size : record_limit - held.head;
        memcpy(held.bytes + held.head, data, held.more);
        result = library_record()(session, held.bytes, held.head + held.more);
        held.is_under_way = true;
    }
    if (must_ask_again(result)) return result;
    held.session = NULL;
    if (result < 0) return result;
    // Nothing of these bytes was in the record that was under way.
    return held.more > 0 ? (ssize_t)held.more : library_record()(session, data, size);
}

void cmhd_flush(void) {
    // What has bytes of a body in it is asked for again by who handed them in.
    if (held.session == NULL || (held.is_under_way && held.more > 0)) return;
    ssize_t result = held.is_under_way ? library_record()(held.session, NULL, 0)
                                       : library_record()(held.session, held.bytes, held.head);
    held.is_under_way = true;
    held.more = 0;
    if (!must_ask_again(result)) held.session = NULL;
}

bool cmhd_holds(void) { return held.session != NULL && held.is_under_way && held.more == 0; }

void cmhd_forget(void *session, int socket) {
    if (session != NULL && held.session == session) held.session = NULL;
    if (ahead.socket == socket) ahead.socket = -1;
}

int gnutls_bye(gnutls_session_t session, gnutls_close_request_t how) {
    if (held.session == session) cmhd_flush();
    return library_bye()(session, how);
}

int setsockopt(int socket, int level, int name, const void *value, socklen_t size) {
    // The library turns them on and off around a head and a body, which are one record here.
    if (handshake_watcher != NULL && level == IPPROTO_TCP && (name == TCP_NODELAY || name == TCP_CORK)) return 0;
    return library_option()(socket, level, name, value, size);
}

void cmhd_set_nodelay(int socket) {
    int yes = 1;
    (void)library_option()(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

void cmhd_tls_send(void *session, const void *bytes, size_t size) {
    (void)library_record()(session, bytes, size);
}

void cmhd_tls_bye(void *session) { (void)gnutls_bye(session, GNUTLS_SHUT_WR); }
