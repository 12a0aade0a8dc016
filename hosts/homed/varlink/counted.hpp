// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "hosts/homed/varlink/interface.hpp"

namespace hearth::homed::varlink {

/// An interface whose calls are counted.
class Counted final : public Interface {
  public:
    /// Told the name of the method without the interface: whatever the client wrote there.
    using Count = std::function<void(std::string_view method)>;
    Counted(std::unique_ptr<Interface> counted, Count count)
        : counted_(std::move(counted)), count_(std::move(count)) {}

    [[nodiscard]] std::string_view name() const override { return counted_->name(); }
    [[nodiscard]] std::string_view description() const override { return counted_->description(); }
    std::unique_ptr<Stream> call(const Call& call, const Peer& peer, std::string& out) override {
        count_(std::string_view(call.method).substr(call.interface().size() + 1));
        return counted_->call(call, peer, out);
    }

  private:
    std::unique_ptr<Interface> counted_;
    Count count_;
};

}  // namespace hearth::homed::varlink
