// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/locked_work.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "core/secret/password_hash.hpp"

// Where a sanitizer has taken mmap(), libraries get small pages.
#if defined(HEARTH_HAS_HUGE_PAGES)
#define HEARTH_NEEDS_HUGE_PAGES()                                         \
    if (access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) != 0) \
    GTEST_SKIP() << "this kernel has no huge pages"
#else
#define HEARTH_NEEDS_HUGE_PAGES() GTEST_SKIP() << "the sanitizers have taken mmap()"
#endif
// AddressSanitizer turns mlockall() into nothing.
#if defined(__SANITIZE_ADDRESS__)
#define HEARTH_NEEDS_MLOCK() GTEST_SKIP() << "AddressSanitizer locks no memory"
#else
#define HEARTH_NEEDS_MLOCK() static_cast<void>(0)
#endif

namespace hearth::secret {
namespace {

constexpr std::size_t kSize = std::size_t{1} << 20;
constexpr std::size_t kPage = 4096;
constexpr uid_t kNobody = 65534;

/// How many pages of a fresh mapping are there before anybody touched one.
std::size_t pages_of_new_mapping() {
    void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    std::array<unsigned char, kSize / kPage> there{};
    EXPECT_EQ(mincore(memory, kSize, there.data()), 0);
    munmap(memory, kSize);
    std::size_t count = 0;
    for (const unsigned char one : there) count += one & 1U;
    return count;
}

/// What /proc/self/smaps calls the properties of the memory at this address.
std::string flags_of(const void* memory) {
    std::ifstream file("/proc/self/smaps");
    std::string line;
    bool is_there = false;
    while (std::getline(file, line)) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        if (std::istringstream(line) >> std::hex >> begin >> dash >> end && dash == '-')
            is_there = begin <= reinterpret_cast<std::uintptr_t>(memory) &&
                       reinterpret_cast<std::uintptr_t>(memory) < end;
        if (is_there && line.starts_with("VmFlags:")) return line + " ";
    }
    return "";
}

bool has_flag(const std::string& flags, const std::string& flag) {
    return flags.find(" " + flag + " ") != std::string::npos;
}

/// A work area as a password hash maps it.
void with_work_area(const std::function<void(const std::string& flags)>& look) {
    constexpr std::size_t kArea = std::size_t{16} << 20;
    void* area = mmap(nullptr, kArea, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(area, MAP_FAILED);
    look(flags_of(area));
    munmap(area, kArea);
}

/// Runs it in a child that may lock everything, or 1 MiB, and returns whether it said yes.
template <typename What>
bool holds_in_child(bool unlimited, What what) {
    const pid_t child = fork();
    if (child == 0) {
        const rlimit some{kSize, kSize};
        const bool ready =
            unlimited || (setrlimit(RLIMIT_MEMLOCK, &some) == 0 && setuid(kNobody) == 0);
        _exit(ready && what() ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return status == 0;
}

bool hashes() {
    const auto word = Secret::copy_of("test");
    const auto hash = hash_password(*word);
    return hash.has_value() && matches(*word, *hash);
}

class LockedWorkTest : public testing::Test {
  protected:
    void SetUp() override {
        if (getuid() != 0) GTEST_SKIP() << "needs root, who may lock everything and become nobody";
    }
};

TEST_F(LockedWorkTest, WhatIsMappedMeanwhileIsThereAtOnce) {
    HEARTH_NEEDS_MLOCK();
    EXPECT_TRUE(holds_in_child(true, [] {
        if (pages_of_new_mapping() != 0) return false;
        const LockedWork locked;
        return locked.holds() && pages_of_new_mapping() == kSize / kPage;
    }));
}

TEST_F(LockedWorkTest, WhatLibrariesMapForTheirWorkIsInHugePages) {
    HEARTH_NEEDS_HUGE_PAGES();
    bool before = true;
    bool meanwhile = false;
    bool locked = false;
    bool after = true;
    with_work_area([&](const auto& flags) { before = has_flag(flags, "hg"); });
    {
        const LockedWork work;
        ASSERT_TRUE(work.holds());
        with_work_area([&](const auto& flags) {
            meanwhile = has_flag(flags, "hg");
            locked = has_flag(flags, "lo");
        });
        EXPECT_EQ(pages_of_new_mapping(), kSize / kPage) << "no more than asked for";
    }
    with_work_area([&](const auto& flags) { after = has_flag(flags, "hg"); });
    EXPECT_TRUE(meanwhile);
    EXPECT_TRUE(locked);
    EXPECT_FALSE(before);
    EXPECT_FALSE(after);
}

TEST_F(LockedWorkTest, EndsWithItsObject) {
    EXPECT_TRUE(holds_in_child(true, [] {
        static_cast<void>(LockedWork());
        return pages_of_new_mapping() == 0;
    }));
}

TEST_F(LockedWorkTest, LeavesLimitedMemoryToTheSecrets) {
    EXPECT_TRUE(holds_in_child(false, [] { return !LockedWork().holds(); }));
}

TEST_F(LockedWorkTest, PasswordsAreHashedWhateverTheLimit) {
    EXPECT_TRUE(holds_in_child(true, hashes));
    EXPECT_TRUE(holds_in_child(false, hashes));
}

}  // namespace
}  // namespace hearth::secret
