// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <memory>
#include <optional>

#include "medium.hpp"
#include "plan.hpp"

namespace hearth::fscrypt {

/// What a new home is to be.
struct NewHome {
    SlotFormat format = SlotFormat::v2;
    std::uint32_t uid = 0;  // of its owner
    std::optional<std::uint64_t> limit;
};

/// An encrypted home while an operation works on it: the folder, and its volume key.
class FscryptSession final : public sdk::Session {
  public:
    /// Makes an encrypted folder under the operation's temporary name.
    static sdk::Result<std::unique_ptr<sdk::Session>> create(sdk::Op op, const sdk::Place& place,
                                                             const NewHome& wanted,
                                                             sdk::Credentials credentials);
    /// Finds the key of the folder that is there. `wanted`: what the record asks for in new slots.
    static sdk::Result<std::unique_ptr<sdk::Session>> open(sdk::Op op, const sdk::Place& place,
                                                           std::uint32_t uid,
                                                           std::optional<SlotFormat> wanted);

    sdk::Result<void> mount(sdk::Op op, hearth_root& root) override;
    sdk::Result<void> unmount(sdk::Op op) override;
    sdk::Result<void> resize(sdk::Op op, int root_fd, std::uint64_t bytes, hearth_flags flags,
                             std::uint64_t& actual) override;
    sdk::Result<void> rekey_prepare(sdk::Op op, sdk::Credentials credentials) override;
    sdk::Result<void> rekey_finish(sdk::Op op, bool commit) override;
    sdk::Result<void> close(sdk::Op op, std::uint32_t disposition) override;

  private:
    FscryptSession(const sdk::Place& place, std::uint32_t uid, Medium medium, sdk::Secret key,
                   SlotFormat format)
        : place_(place),
          uid_(uid),
          medium_(std::move(medium)),
          key_(std::move(key)),
          format_(format) {}

    sdk::Result<void> put_key(sdk::Op op);
    void take_key(sdk::Op op);
    sdk::Result<void> prepare(sdk::Op op, const NewHome& wanted, sdk::Credentials credentials);
    sdk::Result<void> discard(sdk::Op op);

    sdk::Place place_;  // borrowed until the operation ends, as this session is
    std::uint32_t uid_;
    Medium medium_;
    sdk::Secret key_;
    SlotFormat format_;  // of new slots
    std::optional<Plan> plan_;
    bool created_ = false;
    bool limited_ = false;
    bool in_kernel_ = false;  // the key is there for this session alone
};

}  // namespace hearth::fscrypt
