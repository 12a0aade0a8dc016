// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/discovery/discovery.hpp"
#include "core/service/service.hpp"

namespace hearth::homed {

/// Finds homes that lie in /home or on a device without a record here, when the service starts and
/// when they come and go.
class HomeWatch {
  public:
    /// Borrows the service.
    explicit HomeWatch(service::Service& service);
    HomeWatch(const HomeWatch&) = delete;
    HomeWatch& operator=(const HomeWatch&) = delete;

    /// Looks everywhere, and again whenever something changes. Errors: home-watch (it has looked
    /// all the same).
    Result<void> start();
    /// Looks everywhere anew.
    void look_everywhere();
    /// The same in a moment, once for all who ask until then.
    void look_everywhere_soon();

  private:
    void on_readable();
    void look_soon();
    void look_at_changed();
    void look_at(const std::string& name);

    service::Service& service_;
    discovery::Discovery discovery_;
    UniqueFd fd_;
    int homes_ = -1;
    int devices_ = -1;
    std::unique_ptr<service::Loop::Handle> watch_;
    std::unique_ptr<service::Loop::Handle> soon_;
    std::set<std::string> changed_;  ///< names in /home
    bool everything_ = false;
};

}  // namespace hearth::homed
