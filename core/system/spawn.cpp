// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
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

// A number that a child tells, whether it shares this process's memory or has a copy.
class SharedNumber {
  public:
    SharedNumber()
        : memory_(mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                       0)) {}
    SharedNumber(const SharedNumber&) = delete;
    SharedNumber& operator=(const SharedNumber&) = delete;
    ~SharedNumber() {
        if (valid()) munmap(memory_, sizeof(int));
    }
    [[nodiscard]] bool valid() const { return memory_ != MAP_FAILED; }
    int& operator*() const { return *static_cast<int*>(memory_); }

  private:
    void* memory_;
};

// All that the child needs, prepared by the parent: the child makes nothing but system calls.
struct Plan {
    const SpawnRequest& request;
    std::vector<std::pair<int, int>>
        fds;  // complete: 0, 1 and 2 are in it; sorted by the fd in the child
    std::vector<char*> arguments;
    std::vector<char*> environment;
    pid_t parent;
    int& failed_errno;
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

bool keep_few(const Plan& plan) {
    return !plan.request.capabilities || limit_capabilities(*plan.request.capabilities);
}

void become(Plan& plan) {
    int program_fd = plan.request.program_fd;
    if (!die_with_parent(plan) || !place_fds(plan, program_fd) || chdir("/") != 0) return;
    if (!keep_few(plan)) return;
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

// A limit that the kernel cannot set keeps nobody from opening a home.
pid_t start(Plan& plan, int* pidfd) {
    const int flags = plan.request.takes_all_along ? CLONE_NEWPID : 0;
    const int group = plan.request.control_group;
    if (group >= 0) {
        const pid_t pid = run_in_group(child_main, &plan, flags, group, pidfd);
        if (pid > 0) return pid;
    }
    return run_sharing_memory(child_main, &plan, flags, pidfd);
}

}  // namespace

Result<ChildProcess> spawn(const SpawnRequest& request) {
    const UniqueFd null_fd(open("/dev/null", O_RDWR | O_CLOEXEC));
    reap_abandoned();
    const SharedNumber failed;
    if (!null_fd || !failed.valid()) return spawn_error(request.program, errno);
    std::vector<std::string> arguments = request.arguments;
    if (arguments.empty()) arguments.push_back(request.program);
    std::vector<std::string> environment = request.environment;
    Plan plan{request,
              complete(request.fds, null_fd.get()),
              pointers_to(arguments),
              pointers_to(environment),
              getpid(),
              *failed};
    int pidfd = -1;
    const pid_t pid = start(plan, &pidfd);
    if (pid < 0) return spawn_error(request.program, errno);
    ChildProcess child(pid, UniqueFd(pidfd));
    if (plan.failed_errno != 0) return spawn_error(request.program, plan.failed_errno);
    return child;
}

}  // namespace hearth::system
