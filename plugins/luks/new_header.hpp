// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <string>

namespace hearth::luks {

/// The header of a volume that is being made, in memory. The library writes all of it anew for each
/// little thing that is added, twice, and syncs it each time; what does not exist yet needs none of
/// that. On the disk it is only when the volume is complete.
class NewHeader {
  public:
    /// As long as what is before the data of every new volume.
    static constexpr std::uint64_t kSize = std::uint64_t{16} << 20;

    static sdk::Result<NewHeader> make();

    /// How it is opened, as long as this object lives.
    [[nodiscard]] std::string path() const;
    /// Takes out what the library fills the room for keys with, so that nothing but keys is written
    /// later. For a medium that holds nothing of anybody's.
    sdk::Result<void> empty_slots();
    /// Writes it to a medium that reads as zeros from there on.
    sdk::Result<void> write_to(int medium, std::uint64_t offset) const;

  private:
    explicit NewHeader(sdk::UniqueFd memory) : memory_(std::move(memory)) {}

    sdk::UniqueFd memory_;
};

}  // namespace hearth::luks
