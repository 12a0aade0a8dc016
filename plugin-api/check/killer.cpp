// SPDX-License-Identifier: MIT
#include "killer.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <iterator>
#include <set>
#include <vector>

namespace hearth::check {
namespace {

/// What can change a home, whichever medium it has.
constexpr long kChanging[] = {
#ifdef SYS_rename  // calls without an *at form exist on old architectures only
    SYS_rename,    SYS_mkdir,        SYS_rmdir,      SYS_unlink,          SYS_link,
    SYS_symlink,   SYS_chmod,        SYS_chown,
#endif
    SYS_renameat,  SYS_renameat2,    SYS_mkdirat,    SYS_unlinkat,        SYS_linkat,
    SYS_symlinkat, SYS_fchmod,       SYS_fchmodat,   SYS_fchown,          SYS_fchownat,
    SYS_write,     SYS_pwrite64,     SYS_writev,     SYS_ftruncate,       SYS_fallocate,
    SYS_fsync,     SYS_fdatasync,    SYS_syncfs,     SYS_setxattr,        SYS_fsetxattr,
    SYS_lsetxattr, SYS_fremovexattr, SYS_ioctl,      SYS_copy_file_range, SYS_mount,
    SYS_umount2,   SYS_fsconfig,     SYS_move_mount, SYS_add_key,         SYS_keyctl,
};

sock_filter statement(std::uint16_t code, std::uint32_t value) {
    return {code, 0, 0, value};
}

/// openat() counts when it may create something.
std::vector<sock_filter> make_filter() {
    constexpr auto kNumber = static_cast<std::uint32_t>(offsetof(seccomp_data, nr));
    constexpr auto kFlags = static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 16);
    std::vector<sock_filter> out = {statement(BPF_LD | BPF_W | BPF_ABS, kNumber)};
    for (const long call : kChanging) {
        out.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 1, static_cast<std::uint32_t>(call)});
        out.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
    }
    out.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 3, SYS_openat});
    out.push_back(statement(BPF_LD | BPF_W | BPF_ABS, kFlags));
    out.push_back({BPF_JMP | BPF_JSET | BPF_K, 0, 1, O_CREAT});
    out.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
    out.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return out;
}

bool install_filter() {
    auto code = make_filter();
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// Follows a stopped child and all that it starts, until all are gone. Returns its wait status.
int follow(pid_t first, std::uint32_t at) {
    constexpr long kOptions = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                              PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
    ::ptrace(PTRACE_SETOPTIONS, first, nullptr, kOptions);
    ::ptrace(PTRACE_CONT, first, nullptr, 0L);
    std::set<pid_t> alive = {first};
    std::uint32_t seen = 0;
    int result = 0;
    for (int status = 0; !alive.empty();) {
        const pid_t pid = ::waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) break;
        if (!WIFSTOPPED(status)) {
            alive.erase(pid);
            if (pid == first) result = status;
            continue;
        }
        alive.insert(pid);
        const int event = status >> 16;
        if (event == PTRACE_EVENT_SECCOMP && ++seen == at) {
            for (const pid_t one : alive) ::kill(one, SIGKILL);
            continue;
        }
        const int signal = WSTOPSIG(status);
        const bool own = event != 0 || signal == SIGTRAP || signal == SIGSTOP;
        ::ptrace(PTRACE_CONT, pid, nullptr, own ? 0L : static_cast<long>(signal));
    }
    return result;
}

/// What the traced child has to say; memory, because its system calls are counted.
struct Answer {
    bool done;
    Outcome::Kind kind;
    char text[2000];

    void put(const Outcome& outcome) {
        kind = outcome.kind;
        outcome.text.copy(text, sizeof text - 1);
        done = true;
    }
};

template <typename T>
T* shared() {
    void* memory =
        ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : new (memory) T{};
}

[[noreturn]] void be_traced(Answer& answer, const std::function<Outcome()>& prepare,
                            const std::function<Outcome()>& body) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::alarm(60);
    if (auto prepared = prepare(); !prepared) {
        answer.put(prepared);
        ::_exit(0);
    }
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    if (!install_filter())
        answer.put(failed("system calls cannot be followed"));
    else
        answer.put(body());
    ::_exit(0);
}

Ended kill_at_system_call(std::uint32_t at, const std::function<Outcome()>& prepare,
                          const std::function<Outcome()>& body) {
    auto* const answer = shared<Answer>();
    if (answer == nullptr) return {failed("there is no memory"), 0, false};
    const pid_t pid = ::fork();
    if (pid == 0) be_traced(*answer, prepare, body);
    int status = 0;
    ::waitpid(pid, &status, WUNTRACED);
    if (WIFSTOPPED(status)) status = follow(pid, at);
    Ended out;
    out.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (answer->done)
        out.outcome = {answer->kind, answer->text};
    else
        out.outcome = failed("it ended with signal " + std::to_string(out.signal));
    ::munmap(answer, sizeof *answer);
    return out;
}

Ended kill_at_service(std::uint32_t at, const std::function<Outcome()>& prepare,
                      const std::function<Outcome()>& body) {
    return in_child([&]() -> Outcome {
        CHECK_STEP(prepare());
        std::uint32_t seen = 0;
        Tap::instance().before = [&](std::string_view) {
            if (++seen == at) ::raise(SIGKILL);
            return false;
        };
        return body();
    });
}

}  // namespace

SharedLedger::SharedLedger() : ledger_(shared<Ledger>()) {}

SharedLedger::~SharedLedger() {
    ::munmap(ledger_, sizeof *ledger_);
}

Ended run_and_kill(DeathAt where, std::uint32_t at, const std::function<Outcome()>& prepare,
                   const std::function<Outcome()>& body) {
    return where == DeathAt::service ? kill_at_service(at, prepare, body)
                                     : kill_at_system_call(at, prepare, body);
}

}  // namespace hearth::check
