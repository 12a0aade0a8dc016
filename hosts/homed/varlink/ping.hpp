// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homed/varlink/interface.hpp"

namespace hearth::homed::varlink {

/// io.systemd.service, as far as it asks whether anybody is there.
class Ping final : public Interface {
  public:
    [[nodiscard]] std::string_view name() const override { return "io.systemd.service"; }
    [[nodiscard]] std::string_view description() const override;
    std::unique_ptr<Stream> call(const Call& call, const Peer& peer, std::string& out) override;
};

}  // namespace hearth::homed::varlink
