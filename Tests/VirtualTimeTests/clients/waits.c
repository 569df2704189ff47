// Makes every timed wait of glibc once, 20 s long, and prints its name and how long it took on three clocks.
// With a number: waits that many seconds, in one call.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static const time_t length = 20;
static int silent[2];
static volatile sig_atomic_t alarms;

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static struct timespec end(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    time.tv_sec += length;
    return time;
}

static void heard(int number) { alarms += number != 0; }

static struct timespec span = {.tv_sec = 20};

static int useNanosleep(void) { return nanosleep(&span, NULL); }
static int useClockNanosleep(void) { return clock_nanosleep(CLOCK_MONOTONIC, 0, &span, NULL); }
static int useClockNanosleepUntil(void) {
    struct timespec time = end(CLOCK_REALTIME);
    return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL);
}
static int useSleep(void) { return (int)sleep(length); }
static int useUsleep(void) { return usleep(length * 1000000); }
static int useThrdSleep(void) { return thrd_sleep(&span, NULL); }
static int useSelect(void) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(silent[0], &set);
    struct timeval time = {.tv_sec = length};
    int count = select(silent[0] + 1, &set, NULL, NULL, &time);
    return count || time.tv_sec || time.tv_usec || FD_ISSET(silent[0], &set);
}
static int usePselect(void) { return pselect(0, NULL, NULL, NULL, &span, NULL); }
static int usePoll(void) {
    struct pollfd one = {.fd = silent[0], .events = POLLIN};
    return poll(&one, 1, length * 1000);
}
static int usePollOfNone(void) { return poll(NULL, 0, length * 1000); }
static int usePpoll(void) {
    struct pollfd one = {.fd = silent[0], .events = POLLIN};
    return ppoll(&one, 1, &span, NULL);
}
static int epollOf(int descriptor) {
    int set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
    return set;
}
static int useEpollWait(void) {
    struct epoll_event event;
    return epoll_wait(epollOf(silent[0]), &event, 1, length * 1000);
}
static int useEpollPwait(void) {
    struct epoll_event event;
    sigset_t none;
    sigemptyset(&none);
    return epoll_pwait(epollOf(silent[0]), &event, 1, length * 1000, &none);
}
static int useEpollPwait2(void) {
    struct epoll_event event;
    return epoll_pwait2(epollOf(silent[0]), &event, 1, &span, NULL);
}

static int useCondition(clockid_t clock, int names) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, names ? CLOCK_REALTIME : clock);
    pthread_cond_t condition;
    pthread_cond_init(&condition, &attributes);
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    struct timespec time = end(clock);
    int result;
    do {
        result = names ? pthread_cond_clockwait(&condition, &mutex, clock, &time)
                       : pthread_cond_timedwait(&condition, &mutex, &time);
    } while (result == 0);
    return result != ETIMEDOUT;
}
static int useCondTimedwait(void) { return useCondition(CLOCK_REALTIME, 0); }
static int useCondTimedwaitMonotonic(void) { return useCondition(CLOCK_MONOTONIC, 0); }
static int useCondClockwait(void) { return useCondition(CLOCK_MONOTONIC, 1); }
static int useCndTimedwait(void) {
    cnd_t condition;
    mtx_t mutex;
    cnd_init(&condition);
    mtx_init(&mutex, mtx_plain);
    mtx_lock(&mutex);
    struct timespec time = end(CLOCK_REALTIME);
    int result;
    do { result = cnd_timedwait(&condition, &mutex, &time); } while (result == thrd_success);
    return result != thrd_timedout;
}

static int timedOut(int result) { return result == 0 || errno != ETIMEDOUT; }
static int useSemTimedwait(void) {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    struct timespec time = end(CLOCK_REALTIME);
    return timedOut(sem_timedwait(&semaphore, &time));
}
static int useSemClockwait(void) {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    struct timespec time = end(CLOCK_MONOTONIC);
    return timedOut(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &time));
}

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t written = PTHREAD_RWLOCK_INITIALIZER;
static int useMutexTimedlock(void) {
    struct timespec time = end(CLOCK_REALTIME);
    return pthread_mutex_timedlock(&held, &time) != ETIMEDOUT;
}
static int useMutexClocklock(void) {
    struct timespec time = end(CLOCK_MONOTONIC);
    return pthread_mutex_clocklock(&held, CLOCK_MONOTONIC, &time) != ETIMEDOUT;
}
static int useMtxTimedlock(void) {
    struct timespec time = end(CLOCK_REALTIME);
    return mtx_timedlock((mtx_t *)&held, &time) != thrd_timedout;
}
static void *hold(void *none) {
    pthread_mutex_lock(&held);
    pthread_rwlock_wrlock(&written);
    sem_post(none);
    pause();
    return none;
}
static int useRwlockTimedrdlock(void) {
    struct timespec time = end(CLOCK_REALTIME);
    return pthread_rwlock_timedrdlock(&written, &time) != ETIMEDOUT;
}

static int useFutex(void) {
    uint32_t word = 0;
    return timedOut((int)syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &span, NULL, 0));
}
static int useFutexBitset(void) {
    uint32_t word = 0;
    struct timespec time = end(CLOCK_MONOTONIC);
    return timedOut((int)syscall(
        SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, &time, NULL, FUTEX_BITSET_MATCH_ANY));
}
static int useSigtimedwait(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    return sigtimedwait(&set, NULL, &span) != -1 || errno != EAGAIN;
}

static int timer(clockid_t clock, int flags) {
    int descriptor = timerfd_create(clock, 0);
    struct itimerspec value = {.it_value = flags ? end(clock) : span};
    timerfd_settime(descriptor, flags, &value, NULL);
    return descriptor;
}
static int useTimerfd(void) {
    uint64_t count = 0;
    return read(timer(CLOCK_MONOTONIC, 0), &count, sizeof count) != sizeof count || count != 1;
}
static int useTimerfdInEpoll(void) {
    struct epoll_event event;
    return epoll_wait(epollOf(timer(CLOCK_REALTIME, TFD_TIMER_ABSTIME)), &event, 1, -1) != 1;
}
static int useAlarm(void) {
    alarm(length);
    return pause() != -1 || errno != EINTR;
}
static int useSetitimer(void) {
    struct itimerval value = {.it_value = {.tv_sec = length}};
    setitimer(ITIMER_REAL, &value, NULL);
    return pause() != -1 || errno != EINTR;
}

static int limitedTo(time_t seconds, int option) {
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    struct timeval time = {.tv_sec = seconds};
    setsockopt(pair[0], SOL_SOCKET, option, &time, sizeof time);
    return pair[0];
}
static int limited(int option) { return limitedTo(length, option); }
static int wouldBlock(ssize_t result) { return result >= 0 || errno != EAGAIN; }
static int useRecv(void) {
    char byte;
    return wouldBlock(recv(limited(SO_RCVTIMEO), &byte, 1, 0));
}
static int useRead(void) {
    char byte;
    return wouldBlock(read(limited(SO_RCVTIMEO), &byte, 1));
}
static int useSend(void) {
    static char bytes[1 << 16];
    int socket = limited(SO_SNDTIMEO);
    while (send(socket, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {}
    return wouldBlock(send(socket, bytes, sizeof bytes, 0));
}
static int useAccept(void) {
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    bind(listener, (struct sockaddr *)&address, sizeof(sa_family_t));
    listen(listener, 1);
    struct timeval time = {.tv_sec = length};
    setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    return wouldBlock(accept(listener, NULL, NULL));
}

// As good as without end, until the alarm.

static const time_t never = LONG_MAX;
static int interrupted(ssize_t result) { return result != -1 || errno != EINTR; }
static int useEndlessNanosleep(void) {
    struct timespec time = {.tv_sec = never}, left = {0};
    alarm(length);
    return interrupted(nanosleep(&time, &left)) || left.tv_sec < length;
}
static int useEndlessSelect(void) {
    struct timeval time = {.tv_sec = never};
    alarm(length);
    return interrupted(select(0, NULL, NULL, NULL, &time));
}
static int useEndlessRead(void) {
    char byte;
    // The longest that the kernel takes, which the clock does not reach.
    int socket = limitedTo(never / 1000, SO_RCVTIMEO);
    alarm(length);
    return interrupted(read(socket, &byte, 1));
}
static int useEndlessTimerfd(void) {
    struct itimerspec value = {.it_value = {.tv_sec = never}};
    int descriptor = timerfd_create(CLOCK_MONOTONIC, 0);
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    timerfd_settime(descriptor, 0, &value, NULL);
    return poll(&one, 1, length * 1000);
}
static int useEndlessSetitimer(void) {
    struct itimerval value = {.it_value = {.tv_sec = never, .tv_usec = 999999}}, none = {0}, old;
    setitimer(ITIMER_REAL, &value, NULL);
    int isWrong = nanosleep(&span, NULL);
    setitimer(ITIMER_REAL, &none, &old);
    return isWrong || old.it_value.tv_sec < length;
}

#define CASE(name) {#name, use##name}
static const struct {
    const char *name;
    int (*run)(void);
} cases[] = {
    CASE(Nanosleep), CASE(ClockNanosleep), CASE(ClockNanosleepUntil), CASE(Sleep), CASE(Usleep), CASE(ThrdSleep),
    CASE(Select), CASE(Pselect), CASE(Poll), CASE(PollOfNone), CASE(Ppoll), CASE(EpollWait), CASE(EpollPwait),
    CASE(EpollPwait2), CASE(CondTimedwait), CASE(CondTimedwaitMonotonic), CASE(CondClockwait), CASE(CndTimedwait),
    CASE(SemTimedwait), CASE(SemClockwait), CASE(MutexTimedlock), CASE(MutexClocklock), CASE(MtxTimedlock),
    CASE(RwlockTimedrdlock), CASE(Futex), CASE(FutexBitset), CASE(Sigtimedwait), CASE(Timerfd), CASE(TimerfdInEpoll),
    CASE(Alarm), CASE(Setitimer), CASE(Recv), CASE(Read), CASE(Send), CASE(Accept),
    CASE(EndlessNanosleep), CASE(EndlessSelect), CASE(EndlessRead), CASE(EndlessTimerfd), CASE(EndlessSetitimer),
};

int main(int count, char **words) {
    if (count > 1) return nanosleep(&(struct timespec){.tv_sec = strtol(words[1], NULL, 10)}, NULL);
    socketpair(AF_UNIX, SOCK_STREAM, 0, silent);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct sigaction action = {.sa_handler = heard};
    sigaction(SIGALRM, &action, NULL);
    sem_t ready;
    sem_init(&ready, 0, 0);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, hold, &ready);
    sem_wait(&ready);
    sigdelset(&set, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double monotonic = now(CLOCK_MONOTONIC), real = now(CLOCK_REALTIME);
        struct timeval value;
        gettimeofday(&value, NULL);
        double day = value.tv_sec + value.tv_usec / 1e6;
        int isWrong = cases[i].run();
        gettimeofday(&value, NULL);
        printf(
            "%s %d %.3f %.3f %.3f\n", cases[i].name, isWrong, now(CLOCK_MONOTONIC) - monotonic,
            now(CLOCK_REALTIME) - real, value.tv_sec + value.tv_usec / 1e6 - day);
    }
    return 0;
}
