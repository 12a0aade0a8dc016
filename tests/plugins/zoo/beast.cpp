// SPDX-License-Identifier: LGPL-2.1-or-later
// A storage plugin that is tame until a file /run/zoo/NAME.beast says what to do to the worker when
// the home NAME is opened; /run/zoo/entry does when it is loaded.
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define ON_ENTRY misbehave("entry", nullptr)
#define BEFORE_OPEN                    \
    misbehave(medium.name, op);        \
    if (lies_with_a_code) return 4711; \
    if (lies_with_nothing) return HEARTH_OK
static void misbehave(const char* name, struct hearth_op* op);
static bool lies_with_a_code, lies_with_nothing;

extern "C" {
#include "examples/minimal-c/remove_tree.h"
}
#include "tests/plugins/broken/whole.h"

namespace {

void wait_for_ever() {
    for (;;) pause();
}

// Ends only when the whole worker does: it has every signal blocked, a session of its own, and
// whatever was open.
void leave_a_child() {
    sigset_t all;
    sigfillset(&all);
    if (fork() != 0) return;
    setsid();
    sigprocmask(SIG_SETMASK, &all, nullptr);
    wait_for_ever();
}

void crash(hearth_op*) {
    static int* volatile nowhere = nullptr;
    *nowhere = 1;
}
void give_up(hearth_op*) {
    abort();
}
void hang(hearth_op*) {
    wait_for_ever();
}
void spin(hearth_op*) {
    for (volatile unsigned turns = 0;;) turns = turns + 1;
}
void leak(hearth_op*) {
    for (int i = 0; i < 900; ++i) static_cast<void>(open("/", O_RDONLY));
    memset(malloc(32 << 20), 1, 32 << 20);
}
void fork_once(hearth_op*) {
    leave_a_child();
}
void fork_and_crash(hearth_op* op) {
    leave_a_child();
    crash(op);
}
// All of them go on; the pauses are for kernels that have one emulated processor.
void fork_without_end(hearth_op*) {
    for (;;)
        if (fork() < 0) usleep(20000);
}
void eat_memory(hearth_op*) {
    constexpr size_t kBite = 16 << 20;
    for (;;)
        static_cast<void>(mmap(nullptr, kBite, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0));
}
// Ends well only if it is kept from a device that nothing in its manifest names.
void take_devices(hearth_op*) {
    const int fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    if (fd >= 0 || errno != EPERM) abort();
    constexpr const char* kNodes[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random",
                                      "/dev/urandom"};
    for (const char* path : kNodes)
        if (open(path, O_RDONLY | O_CLOEXEC) < 0) abort();
}
void close_others(hearth_op*) {
    syscall(SYS_close_range, 3, ~0U, 0);
}
void close_and_hang(hearth_op* op) {
    close_others(op);
    hang(op);
}
void change_folder(hearth_op*) {
    if (chdir("/dev/shm") != 0 || chdir("/proc") != 0) abort();
}
void change_signals(hearth_op*) {
    for (int number = 1; number < NSIG; ++number) signal(number, SIG_IGN);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
}
void change_environment(hearth_op*) {
    clearenv();
    setenv("PATH", "/nowhere", 1);
    setenv("LD_PRELOAD", "/nowhere.so", 1);
}
void change_mask(hearth_op*) {
    umask(0777);
}
void lie_with_a_code(hearth_op*) {
    lies_with_a_code = true;
}
void lie_with_nothing(hearth_op*) {
    lies_with_nothing = true;
}
void write_outside(hearth_op*) {
    const int fd = open("/home/scribble", O_WRONLY | O_CREAT, 0666);
    for (int i = 0; i < 100; ++i)
        if (write(fd, "scribble", 8) != 8) break;
    close(fd);
}
// Into the wires of the worker.
void speak_nonsense(hearth_op*) {
    for (int fd = 3; fd < 5; ++fd)
        if (write(fd, "{\"kind\":", 8) != 8) continue;
}
void print_without_end(hearth_op*) {
    static char text[8192];
    memset(text, '!', sizeof text);
    for (;;)
        for (int fd = 1; fd <= 2; ++fd)
            if (write(fd, text, sizeof text) < 0) continue;
}
void tell_without_end(hearth_op* op) {
    for (unsigned long i = 0;; ++i) {
        host->log(op, 6, __FILE__, __LINE__, "And another thing.");
        host->progress(op, i, 0, i % 2 == 0 ? "one thing" : "another");
    }
}
void end_well(hearth_op*) {
    exit(0);
}
void end_at_once(hearth_op*) {
    _exit(0);
}
void throw_it(hearth_op*) {
    throw 42;
}
void corrupt_the_heap(hearth_op*) {
    char* block = static_cast<char*>(malloc(64));
    char* volatile before = block - 16;
    memset(before, 0x41, 4096);
    free(block);
    free(block);
}
__attribute__((noinline)) int deeper(int level) {
    volatile char room[4096];
    room[0] = static_cast<char>(level);
    return level < 0 ? room[0] : deeper(level + 1) + room[0];
}
void overflow_the_stack(hearth_op*) {
    if (deeper(0) == 7) abort();
}
void refuse_to_leave(hearth_op*) {
    atexit(wait_for_ever);
}

struct Behaviour {
    const char* name;
    void (*run)(hearth_op* op);
};
constexpr Behaviour kBehaviours[] = {{"crash", crash},
                                     {"give-up", give_up},
                                     {"hang", hang},
                                     {"spin", spin},
                                     {"leak", leak},
                                     {"fork", fork_once},
                                     {"fork-and-crash", fork_and_crash},
                                     {"fork-without-end", fork_without_end},
                                     {"eat-memory", eat_memory},
                                     {"take-devices", take_devices},
                                     {"close", close_others},
                                     {"close-and-hang", close_and_hang},
                                     {"folder", change_folder},
                                     {"signals", change_signals},
                                     {"environment", change_environment},
                                     {"mask", change_mask},
                                     {"lie-with-a-code", lie_with_a_code},
                                     {"lie-with-nothing", lie_with_nothing},
                                     {"write-outside", write_outside},
                                     {"nonsense", speak_nonsense},
                                     {"print", print_without_end},
                                     {"tell", tell_without_end},
                                     {"exit", end_well},
                                     {"_exit", end_at_once},
                                     {"throw", throw_it},
                                     {"heap", corrupt_the_heap},
                                     {"stack", overflow_the_stack},
                                     {"refuse-to-leave", refuse_to_leave}};

}  // namespace

static void misbehave(const char* name, hearth_op* op) {
    char path[256];
    char word[64] = "";
    snprintf(path, sizeof path, "/run/zoo/%s", name);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    if (read(fd, word, sizeof word - 1) < 0) abort();
    close(fd);
    for (const auto& one : kBehaviours)
        if (strcmp(one.name, word) == 0) return one.run(op);
    abort();  // the test is wrong
}
