// SPDX-License-Identifier: MIT
#include "masked_secret.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <random>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace hearth::check {
namespace {

constexpr std::uint8_t kMask = 0xA7;
constexpr std::size_t kRandomSize = 24;
constexpr std::size_t kMostSize = 256;
constexpr std::size_t kMaxRegion = std::size_t{1} << 30;

struct Region {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    std::string name;
};

/// What can be written, and so may hold what somebody copied. Sanitizers reserve terabytes: those
/// are left out.
std::vector<Region> writable_regions() {
    std::vector<Region> out;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        Region region;
        char mode[5] = "";
        int name_at = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %*s %n", &region.begin, &region.end,
                        mode, &name_at) < 3)
            continue;
        region.name = line.substr(static_cast<std::size_t>(name_at));
        const bool is_device = region.name.starts_with("/dev/") || region.name == "[vvar]";
        if (mode[0] == 'r' && mode[1] == 'w' && !is_device &&
            region.end - region.begin <= kMaxRegion)
            out.push_back(region);
    }
    return out;
}

}  // namespace

MaskedSecret::MaskedSecret() : masked_(kRandomSize) {
    constexpr std::string_view kLetters =
        "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    std::random_device random;
    for (auto& byte : masked_)
        byte = static_cast<std::uint8_t>(kLetters[random() % kLetters.size()]) ^ kMask;
}

std::optional<MaskedSecret> MaskedSecret::from_file(const std::string& path) {
    // One byte at a time and without a buffer: nothing else of this process may hold the line.
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    MaskedSecret out;
    out.masked_.clear();
    char byte = 0;
    while (::read(file.get(), &byte, 1) == 1 && byte != '\n' && out.masked_.size() < kMostSize)
        out.masked_.push_back(static_cast<std::uint8_t>(byte) ^ kMask);
    if (out.masked_.empty()) return std::nullopt;
    return out;
}

MaskedSecret MaskedSecret::of(std::string_view bytes) {
    MaskedSecret out;
    out.masked_.clear();
    for (const char byte : bytes) out.masked_.push_back(static_cast<std::uint8_t>(byte) ^ kMask);
    return out;
}

secret::Secret MaskedSecret::reveal() const {
    auto made = secret::Secret::with_size(masked_.size());
    if (!made) return {};
    auto bytes = made->expose();
    for (std::size_t i = 0; i < masked_.size(); ++i)
        bytes[i] = static_cast<std::byte>(masked_[i] ^ kMask);
    return std::move(made).value();
}

bool MaskedSecret::is_in(std::string_view bytes) const {
    for (std::size_t at = 0; at + masked_.size() <= bytes.size(); ++at) {
        std::size_t i = 0;
        while (i < masked_.size() &&
               (static_cast<std::uint8_t>(bytes[at + i]) ^ kMask) == masked_[i])
            ++i;
        if (i == masked_.size()) return true;
    }
    return false;
}

std::optional<std::string> find_in_memory(const MaskedSecret& secret) {
    for (const auto& region : writable_regions()) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel says it is mapped
        const auto* begin = reinterpret_cast<const char*>(region.begin);
        if (secret.is_in({begin, region.end - region.begin}))
            return region.name.empty() ? "memory without a name" : region.name;
    }
    return std::nullopt;
}

}  // namespace hearth::check
