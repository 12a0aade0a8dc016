// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "live_resize.hpp"
#include "medium.hpp"
#include "open_mapping.hpp"
#include "plan.hpp"

namespace hearth::luks {

/// A home in an image while an operation works on it.
class LuksSession final : public sdk::Session {
  public:
    /// Makes an image under the operation's temporary name.
    static sdk::Result<std::unique_ptr<sdk::Session>> create(sdk::Op op, const sdk::Place& place,
                                                             sdk::WritableRecord record,
                                                             sdk::Credentials credentials);
    /// Finds the key of the image that is there. `repair`: mends what is damaged in it, too.
    static sdk::Result<std::unique_ptr<sdk::Session>> open(sdk::Op op, const sdk::Place& place,
                                                           const Settings& settings, bool repair);
    /// Joins a home that is active, without any secret: only resize() and close() are for it.
    /// Errors: NOT_SUPPORTED (its key was not kept), HOME_NOT_ACTIVE, HOME_LOCKED.
    static sdk::Result<std::unique_ptr<sdk::Session>> join(sdk::Op op, const sdk::Place& place,
                                                           const Settings& settings);

    sdk::Result<std::string> header_load(sdk::Op op) override;
    sdk::Result<void> header_store(sdk::Op op, std::string_view text) override;
    sdk::Result<void> mount(sdk::Op op, hearth_root& root) override;
    sdk::Result<void> unmount(sdk::Op op) override;
    sdk::Result<void> resize(sdk::Op op, int root_fd, std::uint64_t bytes, hearth_flags flags,
                             std::uint64_t& actual) override;
    sdk::Result<void> rekey_prepare(sdk::Op op, sdk::Credentials credentials) override;
    sdk::Result<void> rekey_finish(sdk::Op op, bool commit) override;
    sdk::Result<void> close(sdk::Op op, std::uint32_t disposition) override;

    [[nodiscard]] LuksVolume& volume() { return *medium_.volume; }

  private:
    LuksSession(const sdk::Place& place, Settings settings, Medium medium, sdk::Secret key,
                int opened)
        : place_(place),
          settings_(std::move(settings)),
          medium_(std::move(medium)),
          key_(std::move(key)),
          opened_(opened) {}

    sdk::Result<void> fill_new(sdk::Op op, const Uuid& file_system, sdk::Credentials credentials);
    sdk::Result<void> map(const std::string& name);
    sdk::Result<void> mount_mapping(sdk::Op op);
    sdk::Result<void> take_room(sdk::Op op);
    sdk::Result<void> leave_open(sdk::Op op);
    [[nodiscard]] sdk::Result<void> require_key() const;
    sdk::Result<void> write_header();
    sdk::Result<void> publish_new(sdk::Op op);
    sdk::Result<void> discard_new(sdk::Op op);
    [[nodiscard]] Stack stack_at(int root);
    sdk::Result<void> resize_offline(sdk::Op op, const SizeRequest& request, std::uint64_t& actual);
    sdk::Result<void> resize_mounted(sdk::Op op, const Stack& stack, ResizePlan& plan,
                                     std::uint64_t& actual);
    sdk::Result<void> resize_on_copy(sdk::Op op, ResizePlan& plan, std::uint64_t& actual);
    void release(sdk::Op op);

    sdk::Place place_;  // borrowed until the operation ends, as this session is
    Settings settings_;
    Medium medium_;
    sdk::Secret key_;  // none in a session that was joined
    int opened_;       // the slot that a secret opened, or -1
    std::optional<OpenMapping> mapping_;
    sdk::UniqueFd mount_;
    std::optional<Plan> plan_;
    bool created_ = false;
};

/// The derivation for new keys on this machine.
sdk::Result<KeyDerivation> derivation_on_this_machine(sdk::Op op, const Settings& settings);

}  // namespace hearth::luks
