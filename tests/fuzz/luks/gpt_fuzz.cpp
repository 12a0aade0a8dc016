// SPDX-License-Identifier: LGPL-2.1-or-later
// Partition tables: what is accepted lies inside the medium, and reads the same when it is written
// again. The checksums are made right first: without that, nothing behind them would be reached.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "plugins/luks/gpt.hpp"
#include "plugins/luks/gpt_format.hpp"

namespace {

using namespace hearth::luks;

ReadAt reader_of(const Bytes& medium) {
    return [&medium](std::uint64_t offset, std::span<std::uint8_t> out) {
        if (offset > medium.size() || medium.size() - offset < out.size()) return false;
        std::copy_n(medium.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
        return true;
    };
}

void seal(Bytes& medium) {
    if (medium.size() < 1024) return;
    const auto header = std::span(medium).subspan(512, 512);
    const std::uint64_t size =
        std::uint64_t{gpt::get<std::uint32_t>(header, gpt::at::kEntryCount)} *
        gpt::get<std::uint32_t>(header, gpt::at::kEntrySize);
    const auto sector = gpt::get<std::uint64_t>(header, gpt::at::kEntriesSector);
    if (sector < medium.size() / 512 && size <= medium.size() - sector * 512)
        gpt::put(header, gpt::at::kEntriesCrc,
                 gpt::crc32(std::span(medium).subspan(sector * 512, size)));
    const auto length = gpt::get<std::uint32_t>(header, gpt::at::kHeaderSize);
    if (length < gpt::kHeaderSize || length > 512) return;
    gpt::put(header, gpt::at::kHeaderCrc, std::uint32_t{0});
    gpt::put(header, gpt::at::kHeaderCrc, gpt::crc32(header.first(length)));
}

void look_at(const Bytes& medium) {
    const auto table = parse_table(reader_of(medium), medium.size());
    if (!table) return;
    bool rewritable = true;
    for (const Partition& one : table->partitions) {
        const Extent extent = extent_of(*table, one);
        if (extent.offset > medium.size() || extent.size > medium.size() - extent.offset)
            std::abort();
        if (one.slot >= gpt::kEntryCount || one.name.find('?') != std::string::npos)
            rewritable = false;
    }
    const TableBytes made = to_bytes(*table, medium.size());
    if (!rewritable || made.head.size() > made.tail_offset) return;
    Bytes again(medium.size());
    std::copy(made.head.begin(), made.head.end(), again.begin());
    std::copy(made.tail.begin(), made.tail.end(),
              again.begin() + static_cast<std::ptrdiff_t>(made.tail_offset));
    const auto back = parse_table(reader_of(again), again.size());
    if (!back || !(*back == *table)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > (1U << 20U)) return 0;
    Bytes medium(data, data + size);
    look_at(medium);
    // Most of a medium is its partitions, which no table looks into.
    medium.resize(std::max<std::size_t>(size, 80 * 512));
    seal(medium);
    look_at(medium);
    return 0;
}
