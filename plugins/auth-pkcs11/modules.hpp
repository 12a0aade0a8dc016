// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <p11-kit/p11-kit.h>

#include <hearth/sdk/result.hpp>

#include <span>
#include <utility>
#include <vector>

namespace hearth::pkcs11 {

/// The drivers of tokens that this machine is configured for, from p11-kit. Ready for use while one
/// of these lives; each operation has its own.
class Modules {
  public:
    /// Errors: HEARTH_E_BACKEND_UNAVAILABLE.
    static sdk::Result<Modules> load();
    Modules(Modules&& other) noexcept
        : loaded_(std::exchange(other.loaded_, nullptr)), list_(std::move(other.list_)) {}
    Modules& operator=(Modules&&) = delete;
    ~Modules();

    [[nodiscard]] std::span<CK_FUNCTION_LIST* const> list() const { return list_; }

  private:
    explicit Modules(CK_FUNCTION_LIST** loaded);

    CK_FUNCTION_LIST** loaded_;  // ends with nullptr
    std::vector<CK_FUNCTION_LIST*> list_;
};

}  // namespace hearth::pkcs11
