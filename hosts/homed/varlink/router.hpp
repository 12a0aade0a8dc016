// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hosts/homed/varlink/interface.hpp"

namespace hearth::homed::varlink {

/// Hands calls to the interface that they are for.
class Router {
  public:
    explicit Router(std::vector<std::unique_ptr<Interface>> interfaces);

    /// As Interface::call().
    std::unique_ptr<Stream> call(const Call& call, const Peer& peer, std::string& out) const;
    /// Null: there is none of this name.
    [[nodiscard]] Interface* find(std::string_view name) const;

  private:
    std::vector<std::unique_ptr<Interface>> interfaces_;
};

}  // namespace hearth::homed::varlink
