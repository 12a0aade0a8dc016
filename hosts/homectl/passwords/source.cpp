// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/passwords/source.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace hearth::homectl {

namespace {

secret::Secret take_variable(const char* name) {
    char* const value = std::getenv(name);
    if (value == nullptr) return {};
    auto copy = secret::Secret::copy_of(value);
    explicit_bzero(value, std::strlen(value));
    unsetenv(name);
    return copy ? std::move(*copy) : secret::Secret();
}

}  // namespace

PasswordSource::PasswordSource()
    : existing_(take_variable("PASSWORD")),
      fresh_(take_variable("NEWPASSWORD")),
      pin_(take_variable("PIN")) {}

}  // namespace hearth::homectl
