// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string_view>
#include <utility>

#include "core/base/result.hpp"

namespace hearth::secret {

/// Bytes that must not reach swap, core dumps, logs, child processes or freed memory.
///
/// They live in locked memory that core dumps leave out, that reads as zeros in a forked child, and
/// that is wiped on destruction. Small secrets share locked pages. Any thread may create and
/// destroy secrets; one secret belongs to one thread at a time.
class Secret {
  public:
    /// An empty secret; owns no memory.
    Secret() = default;
    /// `size` zero bytes. Error: secret-memory (the limit on locked memory is reached).
    static Result<Secret> with_size(std::size_t size);
    /// A copy of `text`, which the caller still has to wipe. Error: secret-memory.
    static Result<Secret> copy_of(std::string_view text);

    Secret(Secret&& other) noexcept
        : memory_(std::exchange(other.memory_, {})), size_(std::exchange(other.size_, 0)) {}
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(); }

    /// The bytes, to be written or read. Borrowed until the secret is moved or destroyed.
    [[nodiscard]] std::span<std::byte> expose() { return memory_.first(size_); }
    [[nodiscard]] std::span<const std::byte> expose() const { return memory_.first(size_); }
    /// The same as text; may hold NUL bytes.
    [[nodiscard]] std::string_view view() const;
    /// The same, with a NUL byte behind the last one: for C libraries.
    [[nodiscard]] const char* c_str() const;
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    /// A second one with the same bytes. Error: secret-memory.
    [[nodiscard]] Result<Secret> clone() const { return copy_of(view()); }

    /// Shortens to `size` bytes and wipes the rest. A larger `size` changes nothing.
    void shrink(std::size_t size);
    /// Overwrites and releases the bytes now; the secret is empty afterwards.
    void wipe() noexcept;

    /// Takes equally long whatever differs; only the lengths can be learned from the time.
    friend bool operator==(const Secret& left, const Secret& right);

  private:
    // One byte more than the secret has, for the NUL byte behind it.
    explicit Secret(std::span<std::byte> memory) : memory_(memory), size_(memory.size() - 1) {}

    std::span<std::byte> memory_;
    std::size_t size_ = 0;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

}  // namespace hearth::secret
