// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/crypto/sodium.hpp"

#include <sodium.h>
#include <unistd.h>

#include <cstdio>

namespace hearth::crypto {

namespace {

constexpr int kCannotRun = 127;  // what the dynamic linker ends with when a library is missing

}  // namespace

void ready() {
    if (::sodium_init() >= 0) return;
    static_cast<void>(std::fputs("hearth: libsodium cannot be used on this machine.\n", stderr));
    ::_exit(kCannotRun);
}

}  // namespace hearth::crypto
