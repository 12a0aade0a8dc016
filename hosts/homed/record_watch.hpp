// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <set>
#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/service/service.hpp"

namespace hearth::homed {

/// Notices records that others write or remove: root's own homectl, a backup that is put back.
class RecordWatch {
  public:
    /// Makes the folder of records if there is none. Borrows the service. Errors: record-watch.
    static Result<std::unique_ptr<RecordWatch>> start(service::Service& service);

  private:
    RecordWatch(service::Service& service, UniqueFd fd) : service_(service), fd_(std::move(fd)) {}
    void on_readable();
    void add_everybody(std::set<std::string>& users) const;

    service::Service& service_;
    UniqueFd fd_;
    std::unique_ptr<service::Loop::Handle> watch_;
};

}  // namespace hearth::homed
