// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/operation/operation.hpp"

namespace hearth::operation {

/// What opening a medium costs on this machine, from when it is made. A home that was made on a
/// faster one asks for more than people here would choose, and says so.
class OpeningCost {
  public:
    OpeningCost();

    /// Warns if it was a lot: time of the processor, which other programs cannot lengthen.
    void warn_if_dear(Operation& op) const;

  private:
    double begin_;
};

}  // namespace hearth::operation
