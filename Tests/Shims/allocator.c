// A program with an allocator of its own, as the thread sanitizer and jemalloc are, whose first listeners start on several
// threads at the same moment, many times over.

#include "CMicroHTTPDHooks.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { rounds = 100, threads = 4, room = 1 << 20 };

static _Alignas(16) unsigned char memory[room];
static _Atomic size_t used;

static void *take(size_t alignment, size_t size) {
    size_t start = (atomic_fetch_add(&used, size + alignment + 16) + 16 + alignment - 1) & ~(alignment - 1);
    if (start + size > room) return NULL;
    memcpy(memory + start - sizeof size, &size, sizeof size);
    return memory + start;
}

void *malloc(size_t size) { return take(16, size); }
void *calloc(size_t count, size_t size) { return take(16, count * size); }
void *aligned_alloc(size_t alignment, size_t size) { return take(alignment < 16 ? 16 : alignment, size); }
void *memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }
int posix_memalign(void **found, size_t alignment, size_t size) {
    return (*found = aligned_alloc(alignment, size)) == NULL ? ENOMEM : 0;
}
void free(void *piece) { (void)piece; }
void *realloc(void *piece, size_t size) {
    void *larger = malloc(size);
    size_t old = 0;
    if (piece != NULL) memcpy(&old, (unsigned char *)piece - sizeof old, sizeof old);
    if (larger != NULL && old > 0) memcpy(larger, piece, old < size ? old : size);
    return larger;
}

static _Atomic int ready;

static void *start(void *nothing) {
    ready++;
    while (ready < threads) {}
    cmhd_free_evenly();
    return nothing;
}

static void run(void) {
    pthread_t started[threads];
    for (int i = 0; i < threads; i++) pthread_create(&started[i], NULL, start, NULL);
    for (int i = 0; i < threads; i++) pthread_join(started[i], NULL);
}

int main(void) {
    for (int round = 0; round < rounds; round++) {
        pid_t child = fork();
        if (child == 0) {
            run();
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (status == 0) continue;
        printf("threads that start listeners ended their program in round %d\n", round);
        return 1;
    }
    printf("%d programs with an allocator of their own started listeners on %d threads\n", rounds, threads);
}
