// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <new>

namespace hearth::check {

/// A block whose last byte is followed by memory that nobody may touch. After ban() nobody may
/// touch the block itself either: its addresses are never used again in this process.
class GuardedMemory {
  public:
    explicit GuardedMemory(std::size_t size) {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        size_ = (size + page - 1) / page * page;
        void* begin = ::mmap(nullptr, size_ + page, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (begin == MAP_FAILED) throw std::bad_alloc();
        begin_ = static_cast<char*>(begin);
        ::mprotect(begin_ + size_, page, PROT_NONE);
        data_ = begin_ + size_ - size;
    }

    [[nodiscard]] char* data() const { return data_; }
    void ban() { ::mprotect(begin_, size_, PROT_NONE); }
    void freeze() { ::mprotect(begin_, size_, PROT_READ); }

    /// A copy of a value at the end of such a block, for as long as the process lives.
    template <typename T>
    static T* copy_of(const T& value) {
        const GuardedMemory block(sizeof(T));
        std::memcpy(block.data(), &value, sizeof value);
        return reinterpret_cast<T*>(block.data());
    }

  private:
    char* begin_ = nullptr;
    char* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace hearth::check
