// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/home/temp_root.hpp"

namespace hearth::home {
namespace {

TEST(Lock, TellsTheSecondWhoHasIt) {
    const TempRoot temp;
    const auto first = Lock::take(temp.root(), "ada", "activate");
    ASSERT_TRUE(first.has_value());
    const auto second = Lock::take(temp.root(), "ada", "remove");
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().id(), "home-busy");
    EXPECT_NE(second.error().why().find("activate (process " + std::to_string(::getpid())),
              std::string::npos);
}

TEST(Lock, IsPerHome) {
    const TempRoot temp;
    const auto ada = Lock::take(temp.root(), "ada", "activate");
    EXPECT_TRUE(Lock::take(temp.root(), "bob", "activate").has_value());
}

TEST(Lock, GoesWithItsHolder) {
    const TempRoot temp;
    { const auto lock = Lock::take(temp.root(), "ada", "activate"); }
    EXPECT_TRUE(Lock::take(temp.root(), "ada", "activate").has_value());
    EXPECT_FALSE(is_locked(temp.root(), "ada"));
}

TEST(Lock, IsGoneWhenItsHolderIsKilled) {
    const TempRoot temp;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto lock = Lock::take(temp.root(), "ada", "activate");
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_TRUE(Lock::take(temp.root(), "ada", "activate").has_value());
}

TEST(Lock, CanBeSeenFromOutside) {
    const TempRoot temp;
    const auto lock = Lock::take(temp.root(), "ada", "activate");
    EXPECT_TRUE(is_locked(temp.root(), "ada"));
    EXPECT_FALSE(is_locked(temp.root(), "bob"));
}

}  // namespace
}  // namespace hearth::home
