// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/service/registry.hpp"
#include "hosts/homed/varlink/interface.hpp"

namespace hearth::homed::varlink {

/// io.systemd.UserDatabase: the users and groups of all homes, for the C library, userdbctl and
/// everybody else who asks who somebody is.
class UserDatabase final : public Interface {
  public:
    /// Borrows the homes. `service` is what clients have to call it, the name of the socket.
    UserDatabase(const service::Registry& homes, std::string machine_id, std::string service);

    [[nodiscard]] std::string_view name() const override { return "io.systemd.UserDatabase"; }
    [[nodiscard]] std::string_view description() const override;
    std::unique_ptr<Stream> call(const Call& call, const Peer& peer, std::string& out) override;

  private:
    /// Whom a call is about; nobody: all.
    struct Key {
        std::optional<uid_t> id;
        std::optional<std::string_view> name;
        [[nodiscard]] bool is_anybody() const { return !id && !name; }
    };
    std::unique_ptr<Stream> get_user(const Call& call, const Peer& peer, std::string& out) const;
    std::unique_ptr<Stream> get_group(const Call& call, std::string& out) const;
    std::unique_ptr<Stream> get_memberships(const Call& call, std::string& out) const;
    /// Empty: the home has no group here.
    std::string group_reply(const service::Home& home, std::string_view asked) const;
    std::unique_ptr<Stream> all_groups() const;
    /// False, and the answer: the client means another service.
    bool is_for_us(const std::optional<std::string_view>& service, std::string& out) const;
    /// Null, and the answer: there is none.
    const service::Home* find(const Key& key, std::string& out) const;

    const service::Registry& homes_;
    const std::string machine_id_;
    const std::string service_;
};

}  // namespace hearth::homed::varlink
