// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/service/service.hpp"

namespace hearth::homed {

/// Hears from the kernel, with or without udevd, that devices are gone.
class DeviceWatch {
  public:
    /// Borrows the service.
    explicit DeviceWatch(service::Service& service) : service_(service) {}
    DeviceWatch(const DeviceWatch&) = delete;
    DeviceWatch& operator=(const DeviceWatch&) = delete;

    /// Looks at once, too. Errors: device-watch.
    Result<void> start();

  private:
    void on_readable();

    service::Service& service_;
    UniqueFd fd_;
    std::unique_ptr<service::Loop::Handle> watch_;
};

}  // namespace hearth::homed
