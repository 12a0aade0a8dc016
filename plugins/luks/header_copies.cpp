// SPDX-License-Identifier: LGPL-2.1-or-later
#include "header_copies.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "luks_header.hpp"

namespace hearth::luks {

namespace {

/// Where the fields are, as the format's description (LUKS2 On-Disk Format) has them.
namespace at {
constexpr std::size_t kSize = 8;
constexpr std::size_t kAlgorithm = 72;
constexpr std::size_t kChecksum = 448;
}  // namespace at
constexpr std::size_t kAlgorithmSize = 32;
constexpr std::size_t kChecksumSize = 64;
constexpr std::size_t kBinarySize = 4096;
constexpr std::size_t kChunk = std::size_t{1} << 20;

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

std::uint64_t size_in(const Bytes& head) {
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < sizeof size; ++i) size = size << 8U | head[at::kSize + i];
    return size;
}

Digest digest_of(const Bytes& head) {
    const auto* name = reinterpret_cast<const char*>(head.data()) + at::kAlgorithm;
    const std::string algorithm(name, strnlen(name, kAlgorithmSize));
    const EVP_MD* kind = EVP_get_digestbyname(algorithm.c_str());
    Digest digest(EVP_MD_CTX_new());
    if (kind == nullptr || !digest || EVP_DigestInit_ex(digest.get(), kind, nullptr) != 1)
        return {};
    return digest;
}

/// The rest of a copy, behind its binary part.
bool add_rest(EVP_MD_CTX* digest, const ReadAt& read, std::uint64_t offset, std::uint64_t end) {
    Bytes chunk(kChunk);
    while (offset < end) {
        const std::span part(chunk.data(), std::min<std::uint64_t>(chunk.size(), end - offset));
        if (!read(offset, part)) return false;
        EVP_DigestUpdate(digest, part.data(), part.size());
        offset += part.size();
    }
    return true;
}

bool is_whole(const ReadAt& read, const Extent& extent, std::uint64_t place, std::uint64_t size) {
    Bytes head(kBinarySize);
    if (place + size > extent.size || !read(extent.offset + place, head)) return false;
    if (size_in(head) != size) return false;
    const Digest digest = digest_of(head);
    std::array<std::uint8_t, kChecksumSize> said{};
    std::copy_n(head.begin() + at::kChecksum, said.size(), said.begin());
    std::fill_n(head.begin() + at::kChecksum, said.size(), std::uint8_t{0});
    if (!digest) return false;
    EVP_DigestUpdate(digest.get(), head.data(), head.size());
    const std::uint64_t begin = extent.offset + place;
    if (!add_rest(digest.get(), read, begin + kBinarySize, begin + size)) return false;
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> found{};
    unsigned length = 0;
    EVP_DigestFinal_ex(digest.get(), found.data(), &length);
    return std::equal(found.begin(), found.begin() + length, said.begin());
}

sdk::Error damaged(const char* which) {
    return {HEARTH_E_CORRUPT,
            std::string("the ") + which +
                " of the two copies of the volume's header (LUKS2) is damaged; the other is whole, "
                "and nothing was changed: homectl repair writes the damaged one anew"};
}

}  // namespace

sdk::Result<void> require_both_copies(const ReadAt& read, const Extent& extent) {
    for (const std::uint64_t size : second_header_places()) {
        const bool first = is_whole(read, extent, 0, size);
        const bool second = is_whole(read, extent, size, size);
        if (first && second) return sdk::ok();
        if (first) return damaged("second");
        if (second) return damaged("first");
    }
    return sdk::Error(HEARTH_E_CORRUPT,
                      "both copies of the volume's header (LUKS2) are damaged, or it is none");
}

}  // namespace hearth::luks
