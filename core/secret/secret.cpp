// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/secret.hpp"

#include <string.h>

#include <cstring>
#include <string>

#include "core/secret/locked_memory.hpp"

namespace hearth::secret {

namespace {

Error no_memory(std::size_t size) {
    return Error(
               Code::no_memory, "secret-memory",
               "There is no locked memory left for a secret of " + std::to_string(size) + " bytes.")
        .why("The process has reached its limit on memory that must not be swapped out.")
        .hint("Raise the limit: LimitMEMLOCK= in the unit, or 'ulimit -l' in a shell.");
}

}  // namespace

Result<Secret> Secret::with_size(std::size_t size) {
    if (size == 0) return Secret{};
    const std::span<std::byte> memory = allocate_locked(size + 1);
    if (memory.empty()) return no_memory(size);
    return Secret(memory);
}

Result<Secret> Secret::copy_of(std::string_view text) {
    HEARTH_TRY(copy, with_size(text.size()));
    if (!text.empty()) std::memcpy(copy.memory_.data(), text.data(), text.size());
    return copy;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        memory_ = std::exchange(other.memory_, {});
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

std::string_view Secret::view() const {
    return {static_cast<const char*>(static_cast<const void*>(memory_.data())), size_};
}

const char* Secret::c_str() const {
    return memory_.empty() ? "" : view().data();
}

void Secret::shrink(std::size_t size) {
    if (size >= size_) return;
    ::explicit_bzero(memory_.data() + size, size_ - size);
    size_ = size;
}

void Secret::wipe() noexcept {
    if (!memory_.empty()) release_locked(memory_.data(), memory_.size());
    memory_ = {};
    size_ = 0;
}

bool operator==(const Secret& left, const Secret& right) {
    if (left.size() != right.size()) return false;
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < left.size(); ++i)
        difference =
            difference | std::to_integer<unsigned char>(left.memory_[i] ^ right.memory_[i]);
    return difference == 0;
}

}  // namespace hearth::secret
