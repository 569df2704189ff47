#define _GNU_SOURCE
#include "CMicroHTTPDHooks.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

// The thread sanitizer has a `sendmsg` of its own, which must stay.
#if !__has_feature(thread_sanitizer)
typedef ssize_t (*send_function)(int, const struct msghdr *, int);

/// Answers that are longer with their heads are not copied; bytes.
enum { copied_limit = 2048 };

static send_function library_send(void) {
    static _Atomic(send_function) found;
    send_function function = found;
    if (function == NULL) found = function = (send_function)dlsym(RTLD_NEXT, "sendmsg");
    return function;
}

// The library sends a head and its body as a list of two pieces of memory, which the system takes a third of a microsecond
// longer to read than to send one.
ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
    if (!cmhd_sees_bytes() || message->msg_name != NULL || message->msg_controllen > 0)
        return library_send()(socket, message, flags);
    char bytes[copied_limit];
    size_t size = 0;
    for (size_t i = 0; i < message->msg_iovlen; i++) {
        const struct iovec *piece = &message->msg_iov[i];
        if (piece->iov_len > sizeof bytes - size) return library_send()(socket, message, flags);
        memcpy(bytes + size, piece->iov_base, piece->iov_len);
        size += piece->iov_len;
    }
    // Not `send`, at which a thread may be cancelled: that takes a while, and no thread here ever is.
    return syscall(SYS_sendto, socket, bytes, size, flags, NULL, 0);
}
#endif
