// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "plugins/luks/gpt_format.hpp"
#include "plugins/luks/resize_steps.hpp"

namespace hearth::luks::test {

/// A disk that has what it was told only once it was told to sync, and may be stopped at any call.
/// In the volume lies a make-believe file system: files of one MiB each, of which the first bytes
/// are looked at, moved when it shrinks.
class ForgetfulGround final : public Ground {
  public:
    static constexpr std::uint64_t kMiB = gpt::kMiB;
    static constexpr std::uint64_t kHeader = 16 * kMiB;

    explicit ForgetfulGround(std::uint32_t seed) : random_(seed) {}

    [[nodiscard]] ReadAt reader() const override;
    sdk::Result<std::uint64_t> length() override { return length_; }
    sdk::Result<void> set_length(std::uint64_t bytes) override;
    sdk::Result<void> write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override;
    sdk::Result<void> sync() override;
    sdk::Result<void> set_devices(const Extent& from, const Extent& to) override;
    sdk::Result<void> set_file_system(const Extent& volume) override;

    /// The process is killed in the call with this number from now on; -1: never.
    void stop_after(int calls) { left_ = calls; }
    [[nodiscard]] bool is_stopped() const { return left_ == 0; }
    /// The machine comes up again: of what was not synced an arbitrary part is there. Without a
    /// power cut all of it is.
    void start_again(bool power_cut);

    void format(const Shape& shape);
    /// As many files as fit; no more than `most`.
    void fill(std::size_t most);
    /// Every file is whole, and inside the volume. Otherwise what is wrong.
    [[nodiscard]] std::string look(const Shape& shape);

    std::uint64_t room = UINT64_MAX;  ///< longest file that the disk around has room for

  private:
    using Sector = std::array<std::uint8_t, 512>;
    struct Write {
        std::uint64_t sector = 0;
        Sector bytes{};
    };

    sdk::Result<void> step();
    void put(std::uint64_t offset, std::span<const std::uint8_t> bytes, bool remember);
    Sector& changing(std::uint64_t sector);
    void cut(std::uint64_t length);
    void keep_some_sectors();
    [[nodiscard]] std::uint64_t place_of(std::size_t block) const;
    void write_file(std::size_t block, std::uint64_t content);
    sdk::Result<void> move_files_below(std::size_t blocks);

    std::mt19937 random_;
    int left_ = -1;
    std::uint64_t length_ = 0;
    std::map<std::uint64_t, Sector> sectors_;
    // What a power cut may bring back.
    std::uint64_t synced_length_ = 0;
    std::map<std::uint64_t, Sector> synced_;  ///< of what has changed since
    std::vector<Write> pending_;

    std::uint64_t begin_ = 0;        ///< of the volume
    std::uint64_t file_system_ = 0;  ///< its size
    std::uint64_t next_content_ = 1;
    std::map<std::size_t, std::uint64_t> files_;  ///< content by block
};

}  // namespace hearth::luks::test
