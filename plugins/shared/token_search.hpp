// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/op.hpp>

#include <optional>

// What every kind of token does the same way while it looks for one that opens.

namespace hearth::shared {

/// HEARTH_E_CANCELLED, if nobody waits for the operation any more. Asked before every call that a
/// token may take its time for.
sdk::Result<void> go_on(sdk::Op op);

/// Is this the end of the search, or may another token have what is needed?
bool ends_search(const sdk::Error& error);

/// Of several failures the one that a person can do most about: a PIN is worse to get wrong than a
/// token is to forget.
class WorstFailure {
  public:
    /// Also says it in the log. Gives the error back if it ends the search.
    sdk::Result<void> note(sdk::Op op, sdk::Error error);
    void add(sdk::Error error);
    [[nodiscard]] const std::optional<sdk::Error>& error() const { return error_; }

  private:
    std::optional<sdk::Error> error_;
};

}  // namespace hearth::shared
