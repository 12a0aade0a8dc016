// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <gtest/gtest.h>
#include <hearth/plugin.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "core/plugin/secret_handle.hpp"
#include "core/plugin/services.hpp"
#include "fixtures.hpp"

namespace hearth::plugin {
namespace {

using std::chrono::steady_clock;

class Run : public testing::Test {
  protected:
    Run() {
        op.on_log = [this](int, std::string_view text) { log += std::string(text) + "\n"; };
    }
    hearth_status run(std::vector<const char*> argv) {
        argv.push_back(nullptr);
        command.struct_size = sizeof command;
        command.argv = argv.data();
        const auto* table = static_cast<const hearth_host_run*>(
            host_table(HEARTH_ROLE_WORKER, "test").query(HEARTH_HOST_RUN));
        return table->run(op.handle(), &command, &exit_status);
    }
    OperationContext op;
    hearth_command command{};
    std::int32_t exit_status = -1;
    std::string log;
};

TEST_F(Run, GivesTheExitStatus) {
    ASSERT_EQ(run({"true"}), HEARTH_OK) << log;
    EXPECT_EQ(exit_status, 0);
    ASSERT_EQ(run({"sh", "-c", "exit 7"}), HEARTH_OK);
    EXPECT_EQ(exit_status, 7);
    ASSERT_EQ(run({"sh", "-c", "kill -9 $$"}), HEARTH_OK);
    EXPECT_EQ(exit_status, 128 + 9);
}

TEST_F(Run, LogsWhatTheProgramSays) {
    ASSERT_EQ(run({"sh", "-c", "echo one; echo two >&2; printf three"}), HEARTH_OK);
    for (const auto* line : {"sh: one\n", "sh: two\n", "sh: three\n"})
        EXPECT_NE(log.find(line), std::string::npos) << log;
}

TEST_F(Run, CutsOutputThatNeverEnds) {
    ASSERT_EQ(run({"sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done"}),
              HEARTH_OK);
    EXPECT_NE(log.find("more lines are left out"), std::string::npos);
    EXPECT_LT(log.size(), 8000U);
}

TEST_F(Run, GivesACleanEnvironment) {
    ::setenv("HEARTH_TEST_LEAK", "1", 1);
    ASSERT_EQ(run({"env"}), HEARTH_OK);
    ::unsetenv("HEARTH_TEST_LEAK");
    EXPECT_EQ(log.find("HEARTH_TEST_LEAK"), std::string::npos) << log;
    EXPECT_NE(log.find("PATH=/usr/sbin"), std::string::npos) << log;
}

TEST_F(Run, PassesFilesAndInput) {
    const UniqueFd file(::open("/proc/self/comm", O_RDONLY | O_CLOEXEC));
    const std::array<std::int32_t, 1> fds{file.get()};
    command.fds = fds.data();
    command.fd_count = 1;
    const auto input = secret::Secret::copy_of("from input");
    command.input = to_handle(&*input);
    ASSERT_EQ(run({"sh", "-c", "cat <&3; cat"}), HEARTH_OK) << log;
    EXPECT_NE(log.find("from input"), std::string::npos) << log;
    EXPECT_NE(log.find("test-plugin"), std::string::npos) << log;
}

TEST_F(Run, FindsProgramsByPlainNamesOnly) {
    EXPECT_EQ(run({"hearth-no-such-program"}), HEARTH_E_BACKEND_UNAVAILABLE);
    EXPECT_EQ(run({"/bin/true"}), HEARTH_E_INVALID_ARGUMENT);
    EXPECT_EQ(run({"../bin/true"}), HEARTH_E_INVALID_ARGUMENT);
    EXPECT_EQ(run({}), HEARTH_E_INVALID_ARGUMENT);
}

TEST_F(Run, KillsWhatIsCancelledOrTakesTooLong) {
    const auto start = steady_clock::now();
    command.deadline_ms = 50;
    EXPECT_EQ(run({"sleep", "30"}), HEARTH_E_TIMEOUT);
    command.deadline_ms = 0;
    op.deadline = steady_clock::now() + std::chrono::milliseconds(50);
    EXPECT_EQ(run({"sleep", "30"}), HEARTH_E_TIMEOUT);
    op.deadline.reset();
    const UniqueFd event(::eventfd(1, EFD_CLOEXEC));
    op.cancel_fd = event.get();
    EXPECT_EQ(run({"sleep", "30"}), HEARTH_E_CANCELLED);
    EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(10));
    op.critical = true;
    EXPECT_EQ(run({"true"}), HEARTH_OK);
}

}  // namespace
}  // namespace hearth::plugin
