// What libmicrohttpd decides without asking, decided here.
//
// The library calls some of its own public functions through the dynamic linker, and there a definition in the program
// goes first. So two of them are defined in this target: how it looks up the fields that frame a body, and how it queues
// an answer. In the same way it meets our `gnutls_handshake` and our `recv`. Only threads that called `cmhd_watch` or
// `cmhd_watch_handshakes` are affected; on all others the libraries work as they always do.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Called when the library itself answers a request: it was malformed, or too large.
///
/// Returns a response (`struct MHD_Response *`) to send instead, which is given away, or NULL for the library's own.
typedef void *_Nullable (*cmhd_refusal)(void *_Nonnull connection, unsigned int status);

/// Lets the calling thread's daemons be told of what the library answers by itself; NULL ends it.
///
/// On such a thread the library also
/// - takes blanks behind a Content-Length and behind `chunked`, which RFC 9110 §5.5 does not count to the value,
/// - sees no Content-Length that is malformed or beyond 2^63-1, so that the handler refuses it: 0.9.75 itself would send
///   the head of its answer twice,
/// - reads no cookies, whose records fill the connection's memory and are used by nobody.
void cmhd_watch(cmhd_refusal _Nullable refusal);

/// Whether what a socket of a watched thread last brought begins as a connection of HTTP/2 does (RFC 9113 §3.4); once.
bool cmhd_spoke_http2(int socket);

/// Has memory that is freed joined piece by piece, for the whole process, so that no thread waits long for another's.
void cmhd_free_evenly(void);

/// Gives back the memory of the program's code, of which a start needs far more than what goes on: what is used again
/// comes from the system's copy of the file, in some microseconds.
void cmhd_give_back_code(void);

/// Whether a socket of a watched thread brought a line that begins with a colon or a NUL, in a head or elsewhere: the
/// library takes it for an empty one. May be true for a socket that did not.
bool cmhd_has_odd_line(int socket);

/// How many NUL bytes a socket of a watched thread brought that are not accounted for: the library ends values at them,
/// and leaves no trace of one that stands before a line end.
uint32_t cmhd_nuls(int socket);

/// Says how many are left.
void cmhd_set_nuls(int socket, uint32_t count);

/// How many of some bytes are NUL.
uint32_t cmhd_count_nuls(const void *_Nonnull bytes, size_t count);

/// Forgets both, before another connection has this socket's number.
void cmhd_forget_lines(int socket);

/// Begins to note whether the heads of a connection, on this socket of a watched thread, are alike: a client that polls
/// sends the same bytes each time, and what was read of them once is still true.
///
/// - connection: The library's (`struct MHD_Connection *`).
/// - record: What the caller keeps of it and reads with each request; valid until `cmhd_end_heads`.
void cmhd_begin_heads(int socket, const void *_Nonnull connection, const void *_Nonnull record, uint16_t size);

/// Forgets the connection.
void cmhd_end_heads(int socket);

/// The bytes of the head that is under way, when it is the one that was kept before; else 0.
size_t cmhd_repeated_head(int socket);

/// What became of a head that was to be kept.
enum cmhd_kept {
    cmhd_kept_none,
    /// It is now the one that was kept last on this thread.
    cmhd_kept_anew,
    /// It is, byte for byte, the one that was kept last on this thread, by whatever connection.
    cmhd_kept_latest,
};

/// Keeps the head under way, which was found sound and ends after this many bytes, to compare the next one with; 0 keeps
/// none. One that cannot be kept is no longer compared with the head before it either.
enum cmhd_kept cmhd_keep_head(int socket, size_t length);

/// The request under way is over: head and body were this many bytes; 0 when that is not known.
void cmhd_end_request(int socket, size_t length);

/// Called with what a socket brought, before the library reads it; false breaks the connection off.
typedef bool (*cmhd_bytes)(void *_Nonnull context, int socket, const void *_Nonnull bytes, size_t count);

/// Has the calling thread, which must watch, shown what its sockets bring; NULL ends it.
void cmhd_follow(cmhd_bytes _Nullable bytes, void *_Nullable context);

/// Whether it is shown everything: the thread sanitizer has a `recv` of its own.
bool cmhd_sees_bytes(void);

/// How many bytes 0.9.75 has read of a connection (`struct MHD_Connection *`) and not looked at yet, which begin at
/// `start`; false when that cannot be told.
bool cmhd_unparsed(const void *_Nonnull connection, const void *_Nonnull start, size_t *_Nonnull count);

/// Called after each step of a TLS handshake, with the connection (`struct MHD_Connection *`) and its session
/// (`gnutls_session_t`): `result` is 0 when the handshake is done, 1 when the next bytes of the client are awaited, else
/// the library's number of what is wrong.
typedef void (*cmhd_handshake)(void *_Nonnull connection, void *_Nonnull session, int result);

/// Lets the calling thread be told of the handshakes of its daemons; NULL ends it.
///
/// 0.9.75 forgets to note that a client whose hello is not complete has nothing more to read, and tries again without a
/// pause. Who is told can suspend the connection until bytes come.
void cmhd_watch_handshakes(cmhd_handshake _Nullable handshake);

/// A certificate with its key, both PEM text, for `cmhd_present`; NULL when they cannot be used. Lives for ever.
void *_Nullable cmhd_make_credentials(const char *_Nonnull certificate, const char *_Nonnull key);

/// What the daemons of the calling thread present in handshakes that begin from now on; they must watch handshakes.
void cmhd_present(void *_Nullable credentials);

/// Why a handshake failed, in words that hold until the next call on this thread.
const char *_Nonnull cmhd_handshake_problem(void *_Nonnull session, int result);

/// Whether the result of a handshake says that what came is no TLS at all.
bool cmhd_is_no_tls(void *_Nonnull session, int result);

/// The server name that the client asked for (RFC 6066 §3), or 0 when it asked for none: an address, most often.
///
/// Returns the bytes written to `name`.
size_t cmhd_server_name(void *_Nonnull session, char *_Nonnull name, size_t capacity);

/// Sends the head of an answer that was held back for the first bytes of its body.
///
/// The library hands over head and body one after the other, and with TLS each would be a record, a packet and a waking of
/// the client. So on threads that watch handshakes a head waits for what comes next within the same call of `MHD_run`; to
/// be called behind each of them, and before a connection is broken off.
void cmhd_flush(void);

/// Whether a head is still to go out, because its socket takes nothing; `cmhd_flush` tries again.
bool cmhd_holds(void);

/// Lets go what is held back for a session that ends, and what was read ahead on its socket.
void cmhd_forget(void *_Nullable session, int socket);

/// Lets a socket send at once, for good: what the library says of that later is not heard.
void cmhd_set_nodelay(int socket);

/// Sends bytes over a session, as many as the system takes at once.
void cmhd_tls_send(void *_Nonnull session, const void *_Nonnull bytes, size_t size);

/// Says the closing word of TLS.
void cmhd_tls_bye(void *_Nonnull session);

/// `MHD_queue_response` for answers of the program's own.
bool cmhd_queue(void *_Nonnull connection, unsigned int status, void *_Nonnull response);
