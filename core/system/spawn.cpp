// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "core/system/process.hpp"
#include "core/system/shared_child.hpp"

namespace hearth::system {

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// All that the child needs, prepared by the parent: the child makes nothing but system calls.
struct Plan {
    const SpawnRequest& request;
    std::vector<std::pair<int, int>>
        fds;  // complete: 0, 1 and 2 are in it; sorted by the fd in the child
    std::vector<char*> arguments;
    std::vector<char*> environment;
    pid_t parent;
    int failed_errno = 0;
};

// Copies above all targets first: a target may be the source of another pair.
bool place_fds(Plan& plan, int& program_fd) {
    const int above = plan.fds.back().second + 1;
    for (auto& [source, target] : plan.fds) {
        source = fcntl(source, F_DUPFD_CLOEXEC, above);
        if (source < 0) return false;
    }
    if (program_fd >= 0 && program_fd < above)
        program_fd = fcntl(program_fd, F_DUPFD_CLOEXEC, above);
    int next = 0;
    for (const auto& [source, target] : plan.fds) {
        if (target > next) syscall(SYS_close_range, next, target - 1, 0);
        if (dup2(source, target) < 0) return false;
        next = target + 1;
    }
    // Marked rather than closed: the program itself may be open among them.
    return syscall(SYS_close_range, above, UINT_MAX, 4 /* CLOSE_RANGE_CLOEXEC */) == 0;
}

void default_signals() {
    // Ignored signals stay ignored in a new program; and none may stay blocked.
    for (int number = 1; number < NSIG; ++number) static_cast<void>(signal(number, SIG_DFL));
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool die_with_parent(const Plan& plan) {
    if (plan.request.parent_death_signal == 0) return true;
    if (prctl(PR_SET_PDEATHSIG, plan.request.parent_death_signal) != 0) return false;
    return getppid() == plan.parent;
}

void become(Plan& plan) {
    int program_fd = plan.request.program_fd;
    if (!die_with_parent(plan) || !place_fds(plan, program_fd) || chdir("/") != 0) return;
    umask(022);
    setsid();
    default_signals();
    if (program_fd >= 0) {
        syscall(SYS_execveat, program_fd, "", plan.arguments.data(), plan.environment.data(),
                AT_EMPTY_PATH);
    } else {
        execve(plan.request.program.c_str(), plan.arguments.data(), plan.environment.data());
    }
}

int child_main(void* argument) {
    Plan& plan = *static_cast<Plan*>(argument);
    become(plan);
    plan.failed_errno = errno;
    return 127;
}

Error spawn_error(const std::string& program, int sys_errno) {
    return Error(Code::backend_unavailable, "process-spawn",
                 "The program \"" + program + "\" cannot be started.")
        .sys(sys_errno);
}

std::vector<std::pair<int, int>> complete(std::vector<std::pair<int, int>> fds, int null_fd) {
    for (int standard = 0; standard < 3; ++standard) {
        const bool listed = std::any_of(fds.begin(), fds.end(),
                                        [=](const auto& pair) { return pair.second == standard; });
        if (!listed) fds.emplace_back(null_fd, standard);
    }
    std::sort(fds.begin(), fds.end(),
              [](const auto& a, const auto& b) { return a.second < b.second; });
    return fds;
}

}  // namespace

Result<ChildProcess> spawn(const SpawnRequest& request) {
    const UniqueFd null_fd(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null_fd) return spawn_error(request.program, errno);
    std::vector<std::string> arguments = request.arguments;
    if (arguments.empty()) arguments.push_back(request.program);
    std::vector<std::string> environment = request.environment;
    Plan plan{request, complete(request.fds, null_fd.get()), pointers_to(arguments),
              pointers_to(environment), getpid()};
    int pidfd = -1;
    const pid_t pid = run_sharing_memory(child_main, &plan, 0, &pidfd);
    if (pid < 0) return spawn_error(request.program, errno);
    ChildProcess child(pid, UniqueFd(pidfd));
    if (plan.failed_errno != 0) return spawn_error(request.program, plan.failed_errno);
    return child;
}

}  // namespace hearth::system
