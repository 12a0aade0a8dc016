// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/locked_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <bitset>
#include <cstring>
#include <mutex>
#include <new>

namespace hearth::secret {

namespace {

// A page for every password would use up a small RLIMIT_MEMLOCK: blocks of an arena are handed out
// instead.
constexpr std::size_t kBlock = 64;
constexpr std::size_t kBlocks = 256;
constexpr std::size_t kArenaSize = kBlock * kBlocks;
constexpr std::size_t kLargestShared = kArenaSize / 4;
constexpr std::size_t kMaxArenas = 64;

std::byte* map_locked(std::size_t size) noexcept {
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    if (mlock(memory, size) != 0) {
        munmap(memory, size);
        return nullptr;
    }
    // Refused only by kernels that cannot; the memory is as good as it gets there.
    madvise(memory, size, MADV_DONTDUMP);
    madvise(memory, size, MADV_WIPEONFORK);
    return static_cast<std::byte*>(memory);
}

std::size_t blocks_for(std::size_t size) {
    return (size + kBlock - 1) / kBlock;
}

struct Arena {
    std::byte* memory = nullptr;
    // Kept outside the arena: a forked child sees the arena itself as zeros.
    std::bitset<kBlocks> used;

    [[nodiscard]] bool holds(const std::byte* at) const {
        return memory != nullptr && at >= memory && at < memory + kArenaSize;
    }
    std::byte* take(std::size_t count) {
        std::size_t run = 0;
        for (std::size_t i = 0; i < kBlocks; ++i) {
            run = used[i] ? 0 : run + 1;
            if (run < count) continue;
            const std::size_t first = i + 1 - count;
            for (std::size_t k = first; k <= i; ++k) used.set(k);
            return memory + first * kBlock;
        }
        return nullptr;
    }
    void give_back(const std::byte* at, std::size_t count) {
        const auto first = static_cast<std::size_t>(at - memory) / kBlock;
        for (std::size_t i = first; i < first + count; ++i) used.reset(i);
    }
};

class Pool {
  public:
    std::byte* take(std::size_t size) noexcept {
        const std::lock_guard guard(mutex_);
        forget_arenas_of_parent();
        for (Arena& arena : arenas_) {
            if (arena.memory == nullptr) arena.memory = map_locked(kArenaSize);
            if (arena.memory == nullptr) return nullptr;
            if (std::byte* found = arena.take(blocks_for(size))) return found;
        }
        return nullptr;
    }
    void give_back(const std::byte* at, std::size_t size) noexcept {
        const std::lock_guard guard(mutex_);
        for (Arena& arena : arenas_)
            if (arena.holds(at)) arena.give_back(at, blocks_for(size));
    }

  private:
    // Locks are not inherited: after a fork the child starts with arenas of its own.
    void forget_arenas_of_parent() {
        const pid_t now = getpid();
        if (now == owner_) return;
        arenas_.fill({});
        owner_ = now;
    }

    std::mutex mutex_;
    std::array<Arena, kMaxArenas> arenas_{};
    pid_t owner_ = 0;
};

// Never destroyed: a secret in a static variable may outlive everything else.
Pool& pool() {
    alignas(Pool) static std::byte storage[sizeof(Pool)];
    static Pool* const instance = new (storage) Pool;  // NOLINT: the one pool of the process
    return *instance;
}

}  // namespace

std::span<std::byte> allocate_locked(std::size_t size) noexcept {
    std::byte* memory = size <= kLargestShared ? pool().take(size) : map_locked(size);
    return memory == nullptr ? std::span<std::byte>{} : std::span<std::byte>{memory, size};
}

void release_locked(std::byte* memory, std::size_t size) noexcept {
    explicit_bzero(memory, size);
    if (size <= kLargestShared) {
        pool().give_back(memory, size);
    } else {
        munmap(memory, size);
    }
}

}  // namespace hearth::secret
