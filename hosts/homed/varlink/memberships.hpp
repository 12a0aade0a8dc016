// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/service/registry.hpp"
#include "hosts/homed/varlink/interface.hpp"

namespace hearth::homed::varlink {

/// Which user is in which group: in the one of the same name, and in those that the record lists,
/// whether these exist or not. Users and groups of homes may be named by their aliases; replies
/// have the names themselves.
class Memberships {
  public:
    /// Borrows the homes, also for the streams.
    explicit Memberships(const service::Registry& homes) : homes_(homes) {}

    /// Of a user, of a group (not both), or all. Null: there are none.
    [[nodiscard]] std::unique_ptr<Stream> of(const std::optional<std::string_view>& user,
                                             const std::optional<std::string_view>& group) const;
    /// The reply that says yes, or nothing.
    [[nodiscard]] std::string test(std::string_view user, std::string_view group) const;

  private:
    [[nodiscard]] std::string name_of(std::string_view any_name) const;

    const service::Registry& homes_;
};

}  // namespace hearth::homed::varlink
