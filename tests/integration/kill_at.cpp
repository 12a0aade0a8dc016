// SPDX-License-Identifier: LGPL-2.1-or-later
// kill-at PROGRAM N FILE COMMAND...: runs COMMAND, counts the state-changing system calls of the
// processes whose executable is called PROGRAM (their forked helpers included), and sends those
// processes SIGKILL on entry of the N-th. With N of 0 nobody is killed. FILE gets a line for each
// counted call. It waits until every process is gone: one that is still there after kPatience
// seconds is reported as `stuck` and killed too. The exit status is that of COMMAND, 137 if it was
// killed.
#include "tests/integration/state_calls.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::test {
namespace {

constexpr unsigned kPatience = 20;
constexpr long kOptions = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                          PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(125);
}

std::string link_of(const std::string& path) {
    std::array<char, 4096> target{};
    const ssize_t length = readlink(path.c_str(), target.data(), target.size());
    return length < 0 ? std::string() : std::string(target.data(), static_cast<size_t>(length));
}

// Of a thread, the number of its process.
pid_t process_of(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("Tgid:")) {
            return std::atoi(line.c_str() + 5);
        }
    }
    return pid;
}

std::string program_of(pid_t pid) {
    const std::string path = link_of("/proc/" + std::to_string(pid) + "/exe");
    return path.substr(path.rfind('/') + 1);
}

// Text at an address in another process, cut at 200 bytes.
std::string text_of(pid_t pid, uint64_t address) {
    std::array<char, 200> buffer{};
    iovec here{buffer.data(), buffer.size() - 1};
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the address is the tracee's
    iovec there{reinterpret_cast<void*>(address), buffer.size() - 1};
    if (address == 0 || process_vm_readv(pid, &here, 1, &there, 1, 0) <= 0) {
        return "?";
    }
    return buffer.data();
}

bool creates(pid_t pid, uint64_t how) {
    uint64_t flags = 0;
    iovec here{&flags, sizeof flags};
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the address is the tracee's
    iovec there{reinterpret_cast<void*>(how), sizeof flags};
    return process_vm_readv(pid, &here, 1, &there, 1, 0) == sizeof flags && (flags & O_CREAT) != 0;
}

struct Call {
    uint64_t number = 0;
    std::array<uint64_t, 6> arguments{};
};

// The call that a process is about to make.
bool read_call(pid_t pid, Call& out) {
    __ptrace_syscall_info info{};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0) {
        out.number = info.seccomp.nr;
        std::copy(std::begin(info.seccomp.args), std::end(info.seccomp.args),
                  out.arguments.begin());
        return true;
    }
#ifdef __x86_64__
    // User-mode Linux does not know that question.
    user_regs_struct registers{};
    if (ptrace(PTRACE_GETREGS, pid, nullptr, &registers) != 0) {
        return false;
    }
    out = {
        registers.orig_rax,
        {registers.rdi, registers.rsi, registers.rdx, registers.r10, registers.r8, registers.r9}};
    return true;
#else
    return false;
#endif
}

bool is_home_device(std::string_view target) {
    return target.starts_with("/dev/mapper/") || target.starts_with("/dev/loop") ||
           target.starts_with("/dev/dm-");
}

bool holds_state(std::string_view target) {
    if (target.starts_with("socket:")) {
        return true;  // a message to the other process: a step begins or ends
    }
    if (is_home_device(target)) {
        return true;
    }
    return target.starts_with("/") && !target.starts_with("/dev/") &&
           !target.starts_with("/memfd:") && !target.starts_with("/proc/");
}

class Tracer {
  public:
    Tracer(std::string program, std::string_view victims, unsigned long at, FILE* report)
        : program_(std::move(program)), at_(at), report_(report) {
        for (size_t begin = 0; begin <= victims.size();) {
            const size_t end = std::min(victims.find(',', begin), victims.size());
            victims_.emplace(victims.substr(begin, end - begin));
            begin = end + 1;
        }
    }

    int run(pid_t first) {
        first_ = first;
        alive_.insert(first);
        for (;;) {
            int status = 0;
            const pid_t pid = waitpid(-1, &status, __WALL);
            if (pid < 0 && errno == EINTR) {
                give_up();
            } else if (pid < 0) {
                return result_;
            } else if (WIFSTOPPED(status)) {
                alive_.insert(pid);
                on_stop(pid, status);
            } else {
                on_end(pid, status);
            }
        }
    }

  private:
    void on_end(pid_t pid, int status) {
        alive_.erase(pid);
        if (pid == first_) {
            result_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
            alarm(kPatience);  // whoever the command leaves behind has to end as well
        }
    }

    void on_stop(pid_t pid, int status) {
        const int signal = WSTOPSIG(status);
        const int event = status >> 16;
        if (event == PTRACE_EVENT_SECCOMP && on_call(pid)) {
            return;  // it is dead
        }
        if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK ||
            event == PTRACE_EVENT_VFORK) {
            meet(pid);
        }
        const bool own = event != 0 || signal == SIGTRAP;
        // A stopped process must run on even if the signal is not for us: anything else would
        // change what is tested.
        ptrace(PTRACE_CONT, pid, nullptr, own ? 0L : static_cast<long>(signal));
    }

    // A new thread has to be known before its process is killed, and may not have stopped yet. It
    // may be gone again as well.
    void meet(pid_t parent) {
        unsigned long born = 0;
        if (ptrace(PTRACE_GETEVENTMSG, parent, nullptr, &born) == 0 &&
            kill(static_cast<pid_t>(born), 0) == 0) {
            alive_.insert(static_cast<pid_t>(born));
        }
    }

    // Counts the call; true if it was the one to kill at.
    bool on_call(pid_t pid) {
        Call made;
        if (!read_call(pid, made) || program_of(pid) != program_) {
            return false;
        }
        const StateCall* call = find_state_call(made.number);
        std::string detail;
        if (call == nullptr || !counts(pid, *call, made.arguments.data(), detail)) {
            return false;
        }
        std::fprintf(report_, "%lu %s %s\n", ++count_, call->name, detail.c_str());
        if (count_ == at_) {
            kill_victims();
        }
        return !alive_.contains(pid);
    }

    static bool counts(pid_t pid, const StateCall& call, const uint64_t* arguments,
                       std::string& detail) {
        switch (call.shows) {
            case Shows::nothing:
                return true;
            case Shows::creating_how:
                detail = text_of(pid, arguments[call.at]);
                return creates(pid, arguments[call.at + 1]);
            case Shows::path:
            case Shows::creating:
                detail = text_of(pid, arguments[call.at]);
                return true;
            case Shows::descriptor:
                detail = link_of("/proc/" + std::to_string(pid) + "/fd/" +
                                 std::to_string(static_cast<int>(arguments[call.at])));
                return holds_state(detail);
        }
        return false;
    }

    // They are gone when this returns, and only then does a caller that is none of them go on.
    void kill_victims() {
        std::fprintf(report_, "killed\n");
        std::vector<pid_t> threads;
        std::vector<pid_t> processes;
        for (const pid_t pid : alive_) {
            if (victims_.contains(program_of(pid))) {
                (process_of(pid) == pid ? processes : threads).push_back(pid);
            }
        }
        for (const pid_t pid : processes) {
            kill(pid, SIGKILL);
        }
        // The kernel does not tell the end of a process before that of its other threads.
        for (const pid_t pid : threads) {
            await(pid);
        }
        for (const pid_t pid : processes) {
            await(pid);
        }
        alarm(kPatience);
    }

    void await(pid_t pid) {
        int status = 0;
        while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
        }
        on_end(pid, status);
    }

    void give_up() {
        for (const pid_t pid : alive_) {
            std::fprintf(report_, "stuck %d %s\n", pid, program_of(pid).c_str());
            kill(pid, SIGKILL);
        }
        alarm(1);
    }

    std::string program_;
    std::set<std::string> victims_;
    unsigned long at_;
    FILE* report_;
    unsigned long count_ = 0;
    std::set<pid_t> alive_;
    pid_t first_ = 0;
    int result_ = 125;
};

// The child waits until it is traced, then filters its own calls and becomes the command.
pid_t start(char** command) {
    std::array<int, 2> gate{};
    if (pipe2(gate.data(), O_CLOEXEC) != 0) {
        die("pipe2");
    }
    const pid_t pid = fork();
    if (pid < 0) {
        die("fork");
    }
    if (pid == 0) {
        char go = 0;
        close(gate[1]);
        auto filter = state_call_filter();
        const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
        if (read(gate[0], &go, 1) != 1 ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
            die("seccomp");
        }
        execvp(command[0], command);
        die(command[0]);
    }
    if (ptrace(PTRACE_SEIZE, pid, nullptr, kOptions) != 0 || write(gate[1], "g", 1) != 1) {
        die("ptrace");
    }
    close(gate[0]);
    close(gate[1]);
    return pid;
}

}  // namespace
}  // namespace hearth::test

int main(int argc, char** argv) {
    using namespace hearth::test;
    if (argc < 6) {
        std::fputs("usage: kill-at PROGRAM VICTIMS N FILE COMMAND...\n", stderr);
        return 125;
    }
    FILE* report = std::fopen(argv[4], "we");
    if (report == nullptr) {
        die(argv[4]);
    }
    struct sigaction on_alarm {};
    on_alarm.sa_handler = [](int) {};
    sigaction(SIGALRM, &on_alarm, nullptr);  // without SA_RESTART: waitpid returns
    // An orphan that nobody reaps would keep its credentials, and the keys that they hold.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const pid_t pid = start(argv + 5);
    const int result =
        Tracer(argv[1], argv[2], std::strtoul(argv[3], nullptr, 10), report).run(pid);
    std::fclose(report);
    return result;
}
