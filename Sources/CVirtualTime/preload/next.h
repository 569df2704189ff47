// The functions of libc that ours stand in for.
//
// All are looked up when the library is loaded, since looking up is nothing for a handler of a signal or for a child of
// `fork`; what is called before that is looked up at its first call.

#pragma once

#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define VT_FUNCTIONS(X) \
    X(accept) X(accept4) X(alarm) X(clock_gettime) X(clock_nanosleep) X(cnd_broadcast) X(cnd_signal) \
    X(cnd_timedwait) X(connect) X(epoll_pwait) X(epoll_pwait2) X(epoll_wait) X(execve) X(execvpe) X(fexecve) \
    X(getaddrinfo) X(gethostbyname) X(gethostbyname_r) X(getitimer) X(gettimeofday) X(listen) \
    X(mtx_timedlock) X(nanosleep) X(poll) X(posix_spawn) X(posix_spawnp) X(ppoll) X(pselect) \
    X(pthread_cond_broadcast) X(pthread_cond_clockwait) X(pthread_cond_signal) X(pthread_cond_timedwait) \
    X(pthread_mutex_clocklock) X(pthread_mutex_timedlock) X(pthread_rwlock_timedrdlock) \
    X(pthread_rwlock_timedwrlock) X(pthread_timedjoin_np) X(read) X(readv) X(recv) X(recvfrom) X(recvmsg) \
    X(select) X(sem_clockwait) X(sem_timedwait) X(sem_trywait) X(send) X(sendmsg) X(sendto) X(setitimer) \
    X(setsockopt) X(sigtimedwait) X(sleep) X(thrd_sleep) X(timerfd_create) X(timerfd_gettime) \
    X(timerfd_settime) X(timespec_get) X(ualarm) X(usleep) X(write) X(writev)

#define VT_DECLARE(name) extern __typeof__(&name) vt_next_##name;
VT_FUNCTIONS(VT_DECLARE)

/// Looks all of them up. What is found is always the same, so it may be done twice at once.
void vt_look_up(void);

/// The function of libc that ours stands in for.
#define NEXT(name) (vt_next_##name ? vt_next_##name : (vt_look_up(), vt_next_##name))
