// Drives what is written in C here and no reader drives, for the sanitizers: certificates, last words, the loader of
// libcurl, glyphs, and both sides of the clock page.
//
// usage: shims LIBRARY WAITS [PRELOAD]: the library of virtual time, the program of all waits, and what must be loaded
// before the library.
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "CCertificates.h"
#include "CClipriseCrash.h"
#include "CCurl.h"
#include "CGlyphs.h"
#include "CVirtualTime.h"

static void require(bool isSo, const char *what) {
    if (isSo) return;
    fprintf(stderr, "shims: %s\n", what);
    exit(1);
}

// MARK: Certificates

static void useCertificates(void) {
    static const char *const hosts[] = {"business.api.cliprise.app", "a", ""};
    const int64_t now = 1764288000;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct ccert_pair authority = {0}, server = {0}, none = {0};
        int made = ccert_make_authority(hosts[i], now, &authority);
        require(made == 0 || !*hosts[i], ccert_reason(made));
        if (made == 0) {
            require(ccert_judge_authority(&authority, now) == CCERT_GOOD, "an authority is not good");
            require(ccert_judge_authority(&authority, now + INT64_C(400000000)) == CCERT_RENEW, "an old authority is good");
        }
        if (made == 0 && ccert_make_server(&authority, hosts[i], now, &server) == 0) {
            require(ccert_judge_pair(&server) == CCERT_GOOD, "a pair does not belong together");
            require(!*hosts[i] || ccert_judge_server(&authority, &server, hosts[i], now) == CCERT_GOOD, "not for its host");
            require(ccert_judge_server(&authority, &server, "example.com", now) == CCERT_RENEW, "for another host");
            // A text that was spoilt at one place after the other.
            size_t length = strlen(server.certificate);
            for (size_t at = 0; at < length; at += 97) {
                char old = server.certificate[at];
                server.certificate[at] = (char)(at % 3 == 0 ? 0 : at % 3 == 1 ? 0xFF : '=');
                (void)ccert_judge_server(&authority, &server, hosts[i], now);
                size_t size = 0;
                ccert_free(ccert_java_store(server.certificate, now, &size));
                server.certificate[at] = old;
            }
            size_t size = 0;
            void *store = ccert_java_store(authority.certificate, now, &size);
            require(store != NULL && size > 200 && memcmp(store, "\xFE\xED\xFE\xED", 4) == 0, "no key store");
            ccert_free(store);
        }
        require(ccert_judge_pair(&none) == CCERT_RENEW, "nothing is good");
        require(ccert_make_server(&none, "a", now, &server) != 0, "made by nobody");
        ccert_free(authority.certificate);
        ccert_free(authority.key);
        ccert_free(server.certificate);
        ccert_free(server.key);
    }
}

// MARK: Last words

static void useLastWords(void) {
    static const int numbers[] = {SIGSEGV, SIGABRT, SIGILL, SIGQUIT, SIGUSR1, SIGALRM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int pair[2];
        require(pipe(pair) == 0, "pipe");
        pid_t child = fork();
        if (child == 0) {
            dup2(pair[1], STDERR_FILENO);
            char name[400], doing[400];
            memset(name, 'n', sizeof name - 1);
            memset(doing, i % 2 ? '\x1b' : 'd', sizeof doing);
            name[sizeof name - 1] = 0;
            ccrash_install(i % 3 == 0 ? name : "shims");
            ccrash_doing("trying", doing, i % 3 == 2 ? 0 : sizeof doing);
            raise(numbers[i]);
            _exit(0);
        }
        close(pair[1]);
        char line[1024];
        ssize_t count = read(pair[0], line, sizeof line);
        close(pair[0]);
        int status = 0;
        waitpid(child, &status, 0);
        require(WIFSIGNALED(status) && WTERMSIG(status) == numbers[i], "a signal did not end it");
        require(count > 8 && line[count - 1] == '\n' && !memchr(line, 0x1b, (size_t)count), "no last words");
    }
}

// MARK: Others

static size_t swallow(char *bytes, size_t size, size_t count, void *sum) {
    for (size_t i = 0; i < size * count; i++) *(unsigned *)sum += (unsigned char)bytes[i];
    return size * count;
}

static void useCurl(void) {
    const char *problem = ccurl_load();
    require(problem == NULL, problem);
    require(ccurl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "global init");
    CURLM *multi = ccurl_multi_init();
    CURL *easy = ccurl_easy_init();
    struct curl_slist *fields = ccurl_slist_append(NULL, "X-A: b");
    unsigned sum = 0;
    ccurl_set_text(easy, CURLOPT_URL, "file:///proc/self/status");
    ccurl_set_list(easy, CURLOPT_HTTPHEADER, fields);
    ccurl_set_writer(easy, CURLOPT_WRITEFUNCTION, swallow);
    ccurl_set_pointer(easy, CURLOPT_WRITEDATA, &sum);
    ccurl_multi_add_handle(multi, easy);
    int running = 1, left = 0;
    while (running > 0 && ccurl_multi_perform(multi, &running) == CURLM_OK) {
        ccurl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    require(ccurl_multi_info_read(multi, &left) != NULL && sum > 0, "nothing was read");
    ccurl_multi_remove_handle(multi, easy);
    ccurl_easy_cleanup(easy);
    ccurl_slist_free_all(fields);
    ccurl_multi_cleanup(multi);
}

static void useGlyphs(void) {
    cglyphs_file files[] = {cglyphs_hex(), cglyphs_outlines()};
    unsigned sum = 0;
    for (int i = 0; i < 2; i++) {
        for (size_t at = 0; at < files[i].length; at++) sum += files[i].bytes[at];
        require(files[i].length > 0, "a file of glyphs is not there");
        free((void *)(uintptr_t)files[i].bytes);
    }
    require(sum > 0, "glyphs without a byte");
}

// MARK: Time

static void *conduct(void *summary) {
    cvt_conduct(summary);
    return NULL;
}

/// Answers what comes after a while; nobody of the clock's.
static void *beStranger(void *listener) {
    int peer = accept(*(int *)listener, NULL, NULL);
    char byte;
    while (recv(peer, &byte, 1, 0) == 1) {
        usleep(30000);
        send(peer, "y\n", 2, MSG_NOSIGNAL);
    }
    close(peer);
    return NULL;
}

/// Starts a command with the clock.
static pid_t start(char *const words[]) {
    pid_t child = fork();
    if (child == 0) {
        execvp(words[0], words);
        _exit(127);
    }
    return child;
}

/// Runs a command with the clock; returns its exit code.
static int run(char *const words[]) {
    pid_t child = start(words);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void useTime(const char *library, char *waits, const char *before) {
    char page[] = "/tmp/cliprise-shims-XXXXXX", preload[8192];
    require(mkdtemp(page) != NULL, "mkdtemp");
    char path[64];
    snprintf(path, sizeof path, "%s/page", page);
    require(cvt_wait_until(INT64_MAX) == INT64_MAX && cvt_add_due(1) == -1 && !cvt_is_on(), "a clock before there is one");
    require(cvt_make(path) == 0 && cvt_make(path) != 0 && cvt_is_on(), "the page");
    snprintf(preload, sizeof preload, "%s%s%s", before, *before ? ":" : "", library);
    setenv("LD_PRELOAD", preload, 1);
    setenv("CLIPRISE_MOCK_TIME_PAGE", path, 1);
    int due[3] = {cvt_add_due(INT64_MAX), cvt_add_due(INT64_MAX - 1), cvt_add_due(INT64_MIN)};
    cvt_remove_due(due[2]);
    cvt_remove_due(-1);
    cvt_remove_due(1 << 30);
    for (int i = 0; i < 6; i++) cvt_add_mock_port((uint16_t)(i + 1));

    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    require(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0, "a port");
    getsockname(listener, (struct sockaddr *)&address, &size);

    struct cvt_summary summary;
    pthread_t conductor, stranger;
    pthread_create(&conductor, NULL, conduct, &summary);
    pthread_create(&stranger, NULL, beStranger, &listener);
    int64_t began = cvt_monotonic();
    char *words[] = {waits, NULL};
    require(run(words) == 0, "the waits");
    char script[256];
    snprintf(
        script, sizeof script,
        "exec 3<>/dev/tcp/127.0.0.1/%d; sleep 60 & for i in 1 2 3; do echo x >&3; read -t 50 line <&3; done; wait",
        ntohs(address.sin_port));
    char *shell[] = {"bash", "-c", script, NULL};
    require(run(shell) == 0, "a client of a stranger");
    char *ticking[] = {"bash", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 0.4; done; sleep 1e30 & sleep 5; kill %1", NULL};
    require(run(ticking) == 0, "sleeps");
    // A century passes. What ends 170 years later is beyond where the clock goes, with nothing else to wait for either.
    char *century[] = {waits, "3153600000", NULL};
    char *longer[] = {waits, "5400000000", NULL};
    require(run(century) == 0, "a wait of a century");
    pid_t sleeper = start(longer);
    for (int i = 0; i < 25; i++) {
        usleep(10000);
        require(waitpid(sleeper, NULL, WNOHANG) == 0 && cvt_monotonic() < INT64_MAX / 2, "the clock was moved too far");
    }
    kill(sleeper, SIGKILL);
    waitpid(sleeper, NULL, 0);
    cvt_stop();
    pthread_join(conductor, NULL);
    pthread_join(stranger, NULL);
    require(summary.hasJoined && summary.moves > 40, "the clock was not moved");
    require(cvt_monotonic() - began > INT64_C(800000000000), "the clock was not moved far");
    close(listener);
    unlink(path);
    rmdir(page);
}

int main(int count, char **words) {
    require(count > 2, "usage: shims LIBRARY WAITS [PRELOAD]");
    useCertificates();
    useLastWords();
    useCurl();
    useGlyphs();
    useTime(words[1], words[2], count > 3 ? words[3] : "");
    puts("shims: certificates, last words, curl, glyphs and time are sound");
    return 0;
}
