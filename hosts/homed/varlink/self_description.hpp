// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "hosts/homed/varlink/interface.hpp"

namespace hearth::homed::varlink {

/// org.varlink.service: what is served here.
class SelfDescription final : public Interface {
  public:
    /// Borrows the list of all interfaces.
    explicit SelfDescription(const std::vector<std::unique_ptr<Interface>>& interfaces)
        : interfaces_(interfaces) {}

    [[nodiscard]] std::string_view name() const override { return "org.varlink.service"; }
    [[nodiscard]] std::string_view description() const override;
    std::unique_ptr<Stream> call(const Call& call, const Peer& peer, std::string& out) override;

  private:
    void get_info(const Call& call, std::string& out) const;
    void get_description(const Call& call, std::string& out) const;

    const std::vector<std::unique_ptr<Interface>>& interfaces_;
};

}  // namespace hearth::homed::varlink
