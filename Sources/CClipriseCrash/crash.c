#define _GNU_SOURCE
#include "CClipriseCrash.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { detail_limit = 96, fault_count = 8, signal_count = 16 };

// First those that tell of a fault of a thread, and SIGQUIT; then those that would end the program without a word.
static const int signals[signal_count] = {SIGABRT, SIGBUS,  SIGFPE,  SIGILL,    SIGQUIT, SIGSEGV, SIGSYS, SIGTRAP,
                                          SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,  SIGPWR};
static const char *const names[signal_count] = {
    "SIGABRT", "SIGBUS",  "SIGFPE",  "SIGILL",    "SIGQUIT", "SIGSEGV", "SIGSYS", "SIGTRAP",
    "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU", "SIGIO",  "SIGPWR"};
static struct sigaction before[signal_count];
static bool keeps_backtraces;
static const char *program_name = "";

// Written by its own thread only, and read by a signal handler of that thread.
static _Thread_local const char *volatile doing;
static _Thread_local char detail[detail_limit];
static _Thread_local volatile size_t detail_size;

static _Thread_local _Alignas(16) char handler_stack[32768];

struct line {
    char text[320];
    size_t size;
};

static void add(struct line *line, const char *text, size_t size) {
    for (size_t i = 0; i < size && line->size < sizeof line->text; i++)
        line->text[line->size++] = text[i] >= 0x20 && text[i] < 0x7F ? text[i] : '?';
}

static void add_text(struct line *line, const char *text) { add(line, text, strlen(text)); }

static void last_words(int number, siginfo_t *info, void *context) {
    int index = 0;
    while (index < signal_count - 1 && signals[index] != number) index++;
    bool is_from_outside = index >= fault_count || info->si_code == SI_USER || info->si_code == SI_QUEUE;

    struct line line = {.size = 0};
    add_text(&line, program_name);
    add_text(&line, is_from_outside ? ": ended by " : ": a fault of this program (");
    add_text(&line, names[index]);
    if (!is_from_outside) {
        add_text(&line, doing != NULL ? ") while it was " : ")");
        if (doing != NULL) {
            add_text(&line, doing);
            if (detail_size > 0) add_text(&line, " ");
            add(&line, detail, detail_size);
        }
        add_text(&line, "; please report it with this line. SWIFT_BACKTRACE=enable=yes in the environment says more");
    }
    if (line.size == sizeof line.text) line.size--;
    line.text[line.size++] = '\n';
    (void)!write(STDERR_FILENO, line.text, line.size);

    if (keeps_backtraces && !is_from_outside) {
        sigaction(number, &before[index], NULL);
        return;  // The same instruction faults again, and the runtime's own handler reports it.
    }
    signal(number, SIG_DFL);
    sigset_t these;
    sigemptyset(&these);
    sigaddset(&these, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &these, NULL);
    _exit(128 + number);
    (void)context;
}

static void go_on(int number) { (void)number; }

void ccrash_install(const char *program) {
    program_name = program;
    keeps_backtraces = getenv("SWIFT_BACKTRACE") != NULL;
    ccrash_prepare_thread();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = last_words;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < signal_count; i++) {
        // What whoever started us lets pass, passes.
        struct sigaction now;
        if (i >= fault_count && sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_IGN) continue;
        sigaction(signals[i], &action, &before[i]);
    }
    // A file that may not grow is told by its write. No SIG_IGN, which a program that we start would inherit.
    action.sa_handler = go_on;
    action.sa_flags = SA_RESTART;
    sigaction(SIGXFSZ, &action, NULL);
    // Whoever started us may have blocked them.
    sigset_t these;
    sigemptyset(&these);
    for (int i = 0; i < signal_count; i++) sigaddset(&these, signals[i]);
    pthread_sigmask(SIG_UNBLOCK, &these, NULL);
}

void ccrash_prepare_thread(void) {
    stack_t stack = {.ss_sp = handler_stack, .ss_flags = 0, .ss_size = sizeof handler_stack};
    sigaltstack(&stack, NULL);
}

void ccrash_doing(const char *what, const void *text, size_t size) {
    if (size > detail_limit) size = detail_limit;
    detail_size = 0;
    if (size > 0) memcpy(detail, text, size);
    detail_size = size;
    doing = what;
}
