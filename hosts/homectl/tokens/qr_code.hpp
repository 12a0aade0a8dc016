// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "core/secret/secret.hpp"

namespace hearth::homectl {

/// The text as a QR code out of half-block characters, light on dark for any terminal. It is as
/// secret as the text. Nothing: libqrencode is not installed, or there is no memory.
[[nodiscard]] std::optional<secret::Secret> qr_code_of(const secret::Secret& text);

}  // namespace hearth::homectl
