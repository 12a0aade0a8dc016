// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/op.hpp>

#include <span>
#include <string>
#include <vector>

#include "uri.hpp"

namespace hearth::pkcs11 {

/// The drivers in use; the unit tests bring their own.
using ModuleList = std::span<CK_FUNCTION_LIST* const>;

/// A token in its slot, and what it says about itself.
struct Token {
    CK_FUNCTION_LIST* module = nullptr;
    CK_INFO module_info{};
    CK_SLOT_ID slot = 0;
    CK_SLOT_INFO slot_info{};
    CK_TOKEN_INFO info{};

    [[nodiscard]] bool is_meant_by(const Uri& uri) const;
    [[nodiscard]] bool has(CK_FLAGS flag) const { return (info.flags & flag) != 0; }
    /// Asks it about itself again: how many tries are left, say. What it does not tell stays.
    void refresh();
};

/// All tokens that are there, have been set up, and can decrypt or agree on secrets. A driver that
/// fails is noted in the log, and its tokens are left out. Errors: HEARTH_E_CANCELLED.
sdk::Result<std::vector<Token>> find_tokens(sdk::Op op, ModuleList modules);

/// A text of fixed size, which the standard fills up with spaces.
std::string text_of(std::span<const unsigned char> field);

}  // namespace hearth::pkcs11
