// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/error.hpp>

#include <cerrno>
#include <string>

namespace hearth::luks {

/// The failure of a function of libcryptsetup, which returns a negative errno.
inline sdk::Error crypt_error(int result, std::string text) {
    switch (-result) {
        case ENOTSUP:
        case ENOENT:
            return {HEARTH_E_BACKEND_UNAVAILABLE, std::move(text), -result};
        case EINVAL:
            return {HEARTH_E_INVALID_ARGUMENT, std::move(text), -result};
        default:
            return sdk::sys_error(-result, std::move(text));
    }
}

}  // namespace hearth::luks
