// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <vector>

#include "fake_token.hpp"

namespace hearth::pkcs11::test {

/// A driver with tokens that are made up; one of these lives at a time. Slots are numbered from 0
/// in their order.
class FakeModule {
  public:
    FakeModule();
    FakeModule(const FakeModule&) = delete;
    FakeModule& operator=(const FakeModule&) = delete;
    ~FakeModule();

    [[nodiscard]] CK_FUNCTION_LIST* functions();

    std::vector<FakeToken> tokens;
    /// Called before every function, with its name.
    std::function<void(const std::string&)> on_call = {};
    /// Of the driver itself: C_GetInfo, C_GetSlotList.
    std::map<std::string, CK_RV> answers;
};

}  // namespace hearth::pkcs11::test
