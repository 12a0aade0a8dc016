// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/abi.h>

#include <string_view>

namespace hearth::plugin {

/// What core says about a code of the ABI, whatever the plugin said.
struct CodeWords {
    hearth_status code;
    /// As in ids: "bad-secret".
    std::string_view name;
    /// Without its full stop.
    std::string_view sentence;
    std::string_view hint;
};

/// Null for HEARTH_OK and for numbers that are no code.
[[nodiscard]] const CodeWords* find_code_words(hearth_status code);

/// The same of a token, which is no storage.
[[nodiscard]] const CodeWords* find_token_words(hearth_status code);

}  // namespace hearth::plugin
