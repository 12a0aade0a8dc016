// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "device.hpp"

namespace hearth::fido2 {

/// The PINs that the person gave, and what one key said to them: none is tried there twice, because
/// a key has few tries.
class PinTries {
  public:
    PinTries(sdk::Op op, Device& device) : op_(op), device_(device) {}

    /// Does something that takes a PIN, until one is right. `call` gives FIDO_OK or FIDO_ERR_*;
    /// what it gives is the answer, unless it is about a wrong PIN.
    /// Errors: NEED_PIN, BAD_PIN*, PIN_LOCKED, CANCELLED, TOKEN_TIMEOUT.
    sdk::Result<int> with_pin(const std::function<int(fido_dev_t*, const char*)>& call);

  private:
    sdk::Result<int> try_one(std::size_t which,
                             const std::function<int(fido_dev_t*, const char*)>& call);
    [[nodiscard]] std::vector<std::size_t> worth_trying() const;
    sdk::Error wrong();

    sdk::Op op_;
    Device& device_;
    std::set<std::size_t> wrong_;
    std::optional<sdk::Error> refusal_;
};

}  // namespace hearth::fido2
