// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/sdk/host.hpp>
#include <hearth/sdk/result.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace hearth::sdk {

/// A secret that somebody else owns: read only.
class SecretView {
  public:
    SecretView() = default;
    explicit SecretView(const hearth_secret* handle) : handle_(handle) {}

    explicit operator bool() const { return handle_ != nullptr; }
    [[nodiscard]] const hearth_secret* handle() const { return handle_; }
    [[nodiscard]] std::string_view text() const {
        if (handle_ == nullptr) return {};
        std::size_t size = 0;
        const void* data = host().secrets->data(handle_, &size);
        return {static_cast<const char*>(data), size};
    }
    [[nodiscard]] std::size_t size() const { return text().size(); }

  private:
    const hearth_secret* handle_ = nullptr;
};

/// Bytes in the host's locked memory, wiped when this is destroyed.
class Secret {
  public:
    Secret() = default;
    explicit Secret(hearth_secret* handle) : handle_(handle) {}
    Secret(Secret&& other) noexcept : handle_(other.release()) {}
    Secret& operator=(Secret&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { host_release(); }

    /// `size` zero bytes.
    static Result<Secret> with_size(hearth_op* op, std::size_t size) {
        if (auto* handle = host().secrets->create(op, size)) return Secret(handle);
        return Error(HEARTH_E_NO_MEMORY, "the host gave no memory for a secret");
    }

    [[nodiscard]] std::span<std::byte> bytes() {
        if (handle_ == nullptr) return {};
        std::size_t size = 0;
        void* data = host().secrets->data(handle_, &size);
        return {static_cast<std::byte*>(data), size};
    }
    [[nodiscard]] SecretView view() const { return SecretView(handle_); }
    explicit operator bool() const { return handle_ != nullptr; }
    /// Gives it away, to the host.
    hearth_secret* release() { return std::exchange(handle_, nullptr); }

  private:
    void host_release() {
        if (handle_ != nullptr) host().secrets->release(handle_);
    }
    hearth_secret* handle_ = nullptr;
};

}  // namespace hearth::sdk
