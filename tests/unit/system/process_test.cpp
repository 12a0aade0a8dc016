// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/process.hpp"

#include <poll.h>
#include <signal.h>

#include <sstream>

#include "core/system/clock.hpp"
#include "support.hpp"

namespace hearth::system {
namespace {

struct Pipe {
    Pipe() {
        int ends[2];
        EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
        read_end = UniqueFd(ends[0]);
        write_end = UniqueFd(ends[1]);
    }
    std::string all() {
        write_end.reset();
        std::string text;
        char buffer[4096];
        for (ssize_t got = 0; (got = read(read_end.get(), buffer, sizeof buffer)) > 0;)
            text.append(buffer, static_cast<std::size_t>(got));
        return text;
    }
    UniqueFd read_end;
    UniqueFd write_end;
};

// What /bin/sh -c `script` writes to its fd 1.
std::string output_of(const std::string& script, SpawnRequest request = {}) {
    Pipe pipe;
    request.program = "/bin/sh";
    request.arguments = {"sh", "-c", script};
    request.fds.emplace_back(pipe.write_end.get(), 1);
    auto child = spawn(request);
    if (!child) return child.error().one_line();
    const std::string text = pipe.all();
    EXPECT_TRUE(child->wait().value().success());
    return text;
}

TEST(Process, TellsHowItEnded) {
    auto seven = spawn({.program = "/bin/sh", .arguments = {"sh", "-c", "exit 7"}});
    ASSERT_TRUE(seven.has_value());
    EXPECT_EQ(seven->wait().value().code, 7);
    auto killed = spawn({.program = "/bin/sleep", .arguments = {"sleep", "60"}});
    ASSERT_TRUE(killed.has_value());
    ASSERT_TRUE(killed->kill(SIGTERM).has_value());
    EXPECT_EQ(killed->wait().value().signal, SIGTERM);
    EXPECT_EQ(killed->wait().error().id(), "process-wait");
}

TEST(Process, ThatCannotStartSaysWhy) {
    const auto child = spawn({.program = "/nonexistent/program"});
    ASSERT_FALSE(child.has_value());
    EXPECT_EQ(child.error().id(), "process-spawn");
    EXPECT_EQ(child.error().sys_errno(), ENOENT);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(Process, StartsFromAnOpenBinary) {
    const UniqueFd program(open("/bin/true", O_RDONLY | O_CLOEXEC));
    auto child = spawn({.program = "true", .program_fd = program.get()});
    ASSERT_TRUE(child.has_value()) << child.error().one_line();
    EXPECT_TRUE(child->wait().value().success());
}

TEST(Process, GetsNothingButItsOwnEnvironment) {
    SpawnRequest request;
    request.environment = {"ONE=1"};
    std::istringstream lines(output_of("/usr/bin/env", request));
    std::string all;
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with("PWD=") && !line.starts_with("_=") && !line.starts_with("SHLVL="))
            all += line;
    EXPECT_EQ(all, "ONE=1");
}

TEST(Process, GetsNothingButItsOwnFds) {
    const int leaked = open("/dev/zero", O_RDONLY);  // without O_CLOEXEC
    const UniqueFd given(open("/dev/full", O_RDWR | O_CLOEXEC));
    SpawnRequest request;
    request.fds = {{given.get(), 5}};
    const std::string list =
        output_of("for f in /proc/self/fd/*; do echo ${f##*/}=$(readlink $f); done", request);
    EXPECT_NE(list.find("0=/dev/null\n"), std::string::npos) << list;
    EXPECT_NE(list.find("2=/dev/null\n"), std::string::npos) << list;
    EXPECT_NE(list.find("5=/dev/full\n"), std::string::npos) << list;
    EXPECT_EQ(list.find("/dev/zero"), std::string::npos) << list;
    close(leaked);
}

TEST(Process, CanSwapFds) {
    Pipe three;
    Pipe four;
    const int a = three.write_end.get();
    const int b = four.write_end.get();
    auto child = spawn({.program = "/bin/sh",
                        .arguments = {"sh", "-c",
                                      "echo to-b >&" + std::to_string(std::min(a, 9)) +
                                          "; echo to-a >&" + std::to_string(std::min(b, 9))},
                        .fds = {{b, std::min(a, 9)}, {a, std::min(b, 9)}}});
    ASSERT_TRUE(child.has_value());
    EXPECT_TRUE(child->wait().value().success());
    EXPECT_EQ(three.all(), "to-a\n");
    EXPECT_EQ(four.all(), "to-b\n");
}

TEST(Process, BeginsInACleanState) {
    umask(0077);
    signal(SIGPIPE, SIG_IGN);
    sigset_t block;
    sigemptyset(&block);
    sigaddset(&block, SIGTERM);
    sigprocmask(SIG_BLOCK, &block, nullptr);
    const std::string status = output_of("grep -E 'Sig(Blk|Ign)' /proc/self/status; umask; pwd");
    EXPECT_EQ(status, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0022\n/\n");
    sigset_t now;
    sigprocmask(SIG_UNBLOCK, &block, &now);
    EXPECT_TRUE(sigismember(&now, SIGTERM));
    EXPECT_FALSE(sigismember(&now, SIGUSR1));
    signal(SIGPIPE, SIG_DFL);
    umask(0022);
}

TEST(Process, CanBeWaitedForWithALimit) {
    auto child = spawn({.program = "/bin/sleep", .arguments = {"sleep", "60"}});
    ASSERT_TRUE(child.has_value());
    EXPECT_FALSE(child->wait_for(10).value().has_value());
    ASSERT_TRUE(child->kill(SIGKILL).has_value());
    const auto state = child->wait_for(5000).value();
    ASSERT_TRUE(state.has_value());
    EXPECT_EQ(state->signal, SIGKILL);
}

TEST(Process, IsEndedWithItsOwner) {
    pid_t pid = 0;
    {
        auto child = spawn({.program = "/bin/sleep", .arguments = {"sleep", "60"}});
        ASSERT_TRUE(child.has_value());
        pid = child->pid();
    }
    EXPECT_EQ(kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
}

TEST(Process, DiesWithItsParentWhenAsked) {
    Pipe alive;
    EXPECT_TRUE(in_child([&] {
        auto child = spawn({.program = "/bin/sleep",
                            .arguments = {"sleep", "60"},
                            .fds = {{alive.write_end.get(), 1}},
                            .parent_death_signal = SIGKILL});
        ASSERT_TRUE(child.has_value());
        std::fflush(nullptr);
        _exit(0);  // without the destructor that would end it
    }));
    alive.write_end.reset();
    pollfd closed{alive.read_end.get(), POLLIN, 0};
    EXPECT_EQ(poll(&closed, 1, 5000), 1);
}

TEST(Process, LeavesNoFdBehind) {
    const std::size_t before = open_fds();
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(spawn({.program = "/bin/true"}).value().wait().has_value());
        ASSERT_FALSE(spawn({.program = "/nonexistent"}).has_value());
    }
    EXPECT_EQ(open_fds(), before);
}

TEST(Clock, CountsMicroseconds) {
    EXPECT_GT(now_usec(), 1'600'000'000'000'000U);
    const std::uint64_t start = monotonic_usec();
    usleep(2000);
    const std::uint64_t passed = monotonic_usec() - start;
    EXPECT_GE(passed, 2000U);
    EXPECT_LT(passed, 2'000'000U);
}

}  // namespace
}  // namespace hearth::system
