// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "file_system_size.hpp"
#include "loop_device.hpp"
#include "luks_volume.hpp"
#include "resize_steps.hpp"

namespace hearth::luks {

/// The file of an image, with nothing above it.
class ImageGround : public Ground {
  public:
    /// `sparse`: growing takes no room yet. The descriptor is borrowed.
    ImageGround(int image, bool sparse) : image_(image), sparse_(sparse) {}

    [[nodiscard]] ReadAt reader() const override { return reader_of(image_); }
    sdk::Result<std::uint64_t> length() override;
    sdk::Result<void> set_length(std::uint64_t bytes) override;
    sdk::Result<void> write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override;
    sdk::Result<void> sync() override;
    sdk::Result<void> set_devices(const Extent& /*from*/, const Extent& /*to*/) override {
        return sdk::ok();
    }
    sdk::Result<void> set_file_system(const Extent& /*volume*/) override { return sdk::ok(); }

  private:
    int image_;
    bool sparse_;
};

/// What an open home lies on; everything is borrowed.
struct Stack {
    int image = -1;
    const LoopDevice* loop = nullptr;
    int root = -1;  ///< of its mounted file system
    std::uint64_t data_offset = 0;
    /// The mapping changes as well, which takes the key, or that the kernel finds it by itself;
    /// without, it has to go before anybody opens the home again.
    LuksVolume* volume = nullptr;
    sdk::Secret* key = nullptr;
    std::string mapping = {};
    bool has_kept_key = false;

    [[nodiscard]] std::uint64_t payload(const Extent& volume_extent) const {
        return volume_extent.size - data_offset;
    }
};

/// An image with its home open.
class LiveGround final : public ImageGround {
  public:
    LiveGround(Stack stack, FileSystemKind kind, bool sparse)
        : ImageGround(stack.image, sparse), stack_(std::move(stack)), kind_(kind) {}

    sdk::Result<void> set_devices(const Extent& from, const Extent& to) override;
    sdk::Result<void> set_file_system(const Extent& volume) override;

  private:
    sdk::Result<void> set_mapping(const Extent& volume);

    Stack stack_;
    FileSystemKind kind_;
};

}  // namespace hearth::luks
