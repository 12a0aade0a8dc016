// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/secret.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace hearth::secret {
namespace {

Secret secret_of(std::string_view text) {
    return Secret::copy_of(text).value();
}

// The VmFlags of the mapping that holds `at`.
std::string flags_of(const void* at) {
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        char dash = 0;
        std::istringstream range(line);
        if (range >> std::hex >> from >> dash >> to && dash == '-')
            inside = reinterpret_cast<std::uintptr_t>(at) - from < to - from;
        if (inside && line.starts_with("VmFlags:")) return line + " ";
    }
    return {};
}

// Runs `body` in a forked child and returns its exit status.
template <typename F>
int in_child(F body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// AddressSanitizer turns mlock() into nothing.
#ifdef __SANITIZE_ADDRESS__
#define HEARTH_NEEDS_MLOCK() GTEST_SKIP() << "AddressSanitizer locks no memory"
#else
#define HEARTH_NEEDS_MLOCK() static_cast<void>(0)
#endif

TEST(Secret, KeepsWhatItWasGiven) {
    Secret secret = secret_of("correct horse");
    EXPECT_EQ(secret.view(), "correct horse");
    EXPECT_STREQ(secret.c_str(), "correct horse");
    EXPECT_EQ(secret.size(), 13U);
}

TEST(Secret, EndsWithNulWhateverItsSize) {
    for (std::size_t size : {1U, 63U, 64U, 65U, 4095U, 4096U, 20000U}) {
        Secret secret = Secret::with_size(size).value();
        std::fill(secret.expose().begin(), secret.expose().end(), std::byte{'x'});
        EXPECT_EQ(std::string(secret.c_str()).size(), size);
    }
}

TEST(Secret, IsEmptyWithoutMemoryOfItsOwn) {
    const Secret secret = secret_of("");
    EXPECT_TRUE(secret.empty());
    EXPECT_STREQ(secret.c_str(), "");
    EXPECT_TRUE(secret == Secret{});
}

TEST(Secret, ComparesContentsAndLengths) {
    EXPECT_TRUE(secret_of("same") == secret_of("same"));
    EXPECT_FALSE(secret_of("same") == secret_of("samE"));
    EXPECT_FALSE(secret_of("same") == secret_of("same "));
}

TEST(Secret, LeavesTheSourceOfAMoveEmpty) {
    Secret first = secret_of("moved");
    Secret second = std::move(first);
    EXPECT_TRUE(first.empty());  // NOLINT: that is the point
    EXPECT_EQ(second.view(), "moved");
    second = secret_of("other");
    EXPECT_EQ(second.view(), "other");
}

TEST(Secret, IsLockedAndLeftOutOfDumpsAndForks) {
    HEARTH_NEEDS_MLOCK();
    for (std::size_t size : {20U, 50000U}) {
        const Secret secret = Secret::with_size(size).value();
        const std::string flags = flags_of(secret.expose().data());
        EXPECT_NE(flags.find(" lo "), std::string::npos) << flags;
        EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
        EXPECT_NE(flags.find(" wf "), std::string::npos) << flags;
    }
}

TEST(Secret, IsWipedBeforeItsMemoryIsGivenBack) {
    Secret keeper = secret_of("keeps the arena mapped");
    std::byte* at = nullptr;
    {
        Secret secret = secret_of("tell nobody");
        at = secret.expose().data();
        ASSERT_EQ(at[0], std::byte{'t'});
    }
    EXPECT_TRUE(std::all_of(at, at + 11, [](std::byte b) { return b == std::byte{}; }));
}

TEST(Secret, WipesWhatShrinkingCutsOff) {
    Secret secret = secret_of("abcdef");
    const std::byte* at = secret.expose().data();
    secret.shrink(2);
    EXPECT_STREQ(secret.c_str(), "ab");
    EXPECT_TRUE(std::all_of(at + 2, at + 6, [](std::byte b) { return b == std::byte{}; }));
    secret.shrink(10);
    EXPECT_EQ(secret.size(), 2U);
}

TEST(Secret, ReadsAsZerosInAForkedChild) {
    const Secret secret = secret_of("parent only");
    EXPECT_EQ(in_child([&] { return secret.view() == std::string(11, '\0') ? 0 : 1; }), 0);
    EXPECT_EQ(secret.view(), "parent only");
}

TEST(Secret, IsLockedInAForkedChildToo) {
    HEARTH_NEEDS_MLOCK();
    const Secret before = secret_of("of the parent");
    EXPECT_EQ(in_child([] {
                  const Secret fresh = secret_of("of the child");
                  return flags_of(fresh.expose().data()).find(" lo ") == std::string::npos;
              }),
              0);
}

TEST(Secret, SharesPagesAmongSmallSecrets) {
    std::vector<Secret> secrets;
    for (int i = 0; i < 100; ++i) secrets.push_back(secret_of("small"));
    const auto [low, high] =
        std::minmax_element(secrets.begin(), secrets.end(),
                            [](const Secret& a, const Secret& b) { return a.c_str() < b.c_str(); });
    EXPECT_LT(high->c_str() - low->c_str(), 32768);
}

TEST(Secret, UsesMemoryAgain) {
    const Secret keeper = secret_of("keeper");
    for (int i = 0; i < 100000; ++i) ASSERT_TRUE(Secret::with_size(3000).has_value());
}

TEST(Secret, SaysSoWhenLockedMemoryRunsOut) {
    HEARTH_NEEDS_MLOCK();
    const int status = in_child([] {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_MEMLOCK, &none);
        // The limit does not bind root.
        if (setresuid(65534, 65534, 65534) != 0 && geteuid() == 0) return 2;
        const auto result = Secret::with_size(100000);
        return !result && result.error().id() == "secret-memory" ? 0 : 1;
    });
    EXPECT_EQ(status, 0);
}

TEST(Secret, FitsIntoASmallLimit) {
    const int status = in_child([] {
        const rlimit small{32768, 32768};
        setrlimit(RLIMIT_MEMLOCK, &small);
        if (setresuid(65534, 65534, 65534) != 0 && geteuid() == 0) return 2;
        std::vector<Secret> secrets;
        for (int i = 0; i < 200; ++i) {
            auto secret = Secret::with_size(40);
            if (!secret) return 1;
            secrets.push_back(std::move(secret).value());
        }
        return 0;
    });
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace hearth::secret
