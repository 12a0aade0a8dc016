// SPDX-License-Identifier: LGPL-2.1-or-later
#include "forgetful_ground.hpp"

#include <algorithm>
#include <cstring>

namespace hearth::luks::test {

namespace {

std::array<std::uint8_t, 512> content_of(std::uint64_t number) {
    std::array<std::uint8_t, 512> out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>((number * 2654435761U + i * 97) >> (i % 3));
    return out;
}

}  // namespace

sdk::Result<void> ForgetfulGround::step() {
    if (left_ == 0) return sdk::Error(HEARTH_E_INTERNAL, "killed");
    if (left_ > 0) --left_;
    if (left_ == 0) return sdk::Error(HEARTH_E_INTERNAL, "killed");
    return sdk::ok();
}

ReadAt ForgetfulGround::reader() const {
    return [this](std::uint64_t offset, std::span<std::uint8_t> out) {
        if (offset > length_ || length_ - offset < out.size()) return false;
        std::fill(out.begin(), out.end(), std::uint8_t{0});
        auto next = sectors_.lower_bound(offset / 512);
        for (; next != sectors_.end() && next->first * 512 < offset + out.size(); ++next) {
            const std::uint64_t at = next->first * 512;
            const std::uint64_t skip = at < offset ? offset - at : 0;
            const std::uint64_t to = at + skip - offset;
            const std::size_t some = std::min<std::size_t>(512 - skip, out.size() - to);
            std::copy_n(next->second.begin() + static_cast<std::ptrdiff_t>(skip), some,
                        out.begin() + static_cast<std::ptrdiff_t>(to));
        }
        return true;
    };
}

/// Remembers what the disk has there.
ForgetfulGround::Sector& ForgetfulGround::changing(std::uint64_t sector) {
    Sector& there = sectors_[sector];
    synced_.try_emplace(sector, there);
    return there;
}

void ForgetfulGround::cut(std::uint64_t length) {
    const auto first = sectors_.lower_bound(length / 512);
    for (auto it = first; it != sectors_.end(); ++it) synced_.try_emplace(it->first, it->second);
    sectors_.erase(first, sectors_.end());
}

void ForgetfulGround::put(std::uint64_t offset, std::span<const std::uint8_t> bytes,
                          bool remember) {
    for (std::size_t at = 0; at < bytes.size(); at += 512) {
        Sector& there = changing((offset + at) / 512);
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    std::min<std::size_t>(512, bytes.size() - at), there.begin());
        if (remember) pending_.push_back({(offset + at) / 512, there});
    }
}

/// Killed in the middle of a write, a part of it is there.
sdk::Result<void> ForgetfulGround::write(std::uint64_t offset,
                                         std::span<const std::uint8_t> bytes) {
    const auto alive = step();
    const std::size_t some = random_() % (bytes.size() / 512 + 1) * 512;
    put(offset, alive ? bytes : bytes.first(some), true);
    length_ = std::max(length_, offset + (alive ? bytes.size() : some));
    return alive;
}

sdk::Result<void> ForgetfulGround::set_length(std::uint64_t bytes) {
    HEARTH_SDK_CHECK(step());
    if (bytes > room) return sdk::Error(HEARTH_E_NO_SPACE, "no room");
    length_ = bytes;
    cut(bytes);
    return sdk::ok();
}

sdk::Result<void> ForgetfulGround::sync() {
    HEARTH_SDK_CHECK(step());
    synced_length_ = length_;
    synced_.clear();
    pending_.clear();
    return sdk::ok();
}

sdk::Result<void> ForgetfulGround::set_devices(const Extent&, const Extent& to) {
    HEARTH_SDK_CHECK(step());
    if (to.offset + to.size <= length_) return sdk::ok();
    return sdk::Error(HEARTH_E_IO, "the volume ends behind the file");
}

void ForgetfulGround::keep_some_sectors() {
    for (const auto& [sector, bytes] : synced_) sectors_[sector] = bytes;
    for (const Write& one : pending_) {
        // Once a write of a sector is lost, a later one of it may be there or not.
        if (random_() % 2 == 0) sectors_[one.sector] = one.bytes;
    }
}

void ForgetfulGround::start_again(bool power_cut) {
    left_ = -1;
    if (power_cut) {
        keep_some_sectors();
        // The length is a matter of the file system around: there, or not yet.
        if (random_() % 2 == 0) length_ = synced_length_;
        cut(length_);
    }
    synced_.clear();
    synced_length_ = length_;
    pending_.clear();
}

std::uint64_t ForgetfulGround::place_of(std::size_t block) const {
    return begin_ + kHeader + block * kMiB;
}

void ForgetfulGround::write_file(std::size_t block, std::uint64_t content) {
    put(place_of(block), content_of(content), false);
    files_[block] = content;
}

void ForgetfulGround::format(const Shape& shape) {
    length_ = shape.image;
    begin_ = shape.volume.offset;
    file_system_ = shape.volume.size - kHeader;
    if (shape.table) {
        const TableBytes bytes = to_bytes(*shape.table, shape.image);
        put(0, bytes.head, false);
        put(bytes.tail_offset, bytes.tail, false);
    } else {
        constexpr std::array<std::uint8_t, 8> kMagic{'L', 'U', 'K', 'S', 0xBA, 0xBE, 0, 2};
        put(0, kMagic, false);
    }
    start_again(false);
}

void ForgetfulGround::fill(std::size_t most) {
    for (std::size_t i = 0; i < most; ++i) {
        const std::size_t block = random_() % (file_system_ / kMiB);
        if (files_.count(block) == 0) write_file(block, next_content_++);
        // Somebody deletes files as well.
        if (!files_.empty() && random_() % 3 == 0) files_.erase(files_.begin());
    }
    start_again(false);
}

/// The data first, on the disk, then where it is: as a journal does it.
sdk::Result<void> ForgetfulGround::move_files_below(std::size_t blocks) {
    std::map<std::size_t, std::uint64_t> moved;
    for (const auto& [block, content] : files_)
        if (block < blocks) moved[block] = content;
    std::size_t free = 0;
    for (const auto& [block, content] : files_) {
        if (block < blocks) continue;
        while (moved.count(free) != 0) ++free;
        put(place_of(free), content_of(content), true);
        moved[free] = content;
    }
    HEARTH_SDK_CHECK(sync());
    HEARTH_SDK_CHECK(step());
    files_ = std::move(moved);
    return sdk::ok();
}

sdk::Result<void> ForgetfulGround::set_file_system(const Extent& volume) {
    HEARTH_SDK_CHECK(step());
    const std::uint64_t size = volume.size - kHeader;
    if (size / kMiB < files_.size()) return sdk::Error(HEARTH_E_NO_SPACE, "too much is in it");
    if (volume.offset + volume.size > length_)
        return sdk::Error(HEARTH_E_IO, "the file system would be larger than its device");
    if (size < file_system_) HEARTH_SDK_CHECK(move_files_below(size / kMiB));
    file_system_ = size;
    return sdk::ok();
}

std::string ForgetfulGround::look(const Shape& shape) {
    if (shape.volume.offset != begin_) return "the volume begins elsewhere";
    if (shape.volume.offset + shape.volume.size > length_) return "the volume is cut off";
    if (shape.volume.size - kHeader < file_system_) return "the file system is cut off";
    for (const auto& [block, content] : files_) {
        Sector there{};
        if ((block + 1) * kMiB > file_system_ || !reader()(place_of(block), there) ||
            there != content_of(content))
            return "the file in block " + std::to_string(block) + " is lost";
    }
    return {};
}

}  // namespace hearth::luks::test
