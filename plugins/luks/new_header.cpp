// SPDX-License-Identifier: LGPL-2.1-or-later
#include "new_header.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "io.hpp"
#include "luks_volume.hpp"

namespace hearth::luks {

namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;

bool is_empty(const Bytes& bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

sdk::Result<NewHeader> NewHeader::make() {
    sdk::UniqueFd memory(memfd_create("hearth-luks-header", MFD_CLOEXEC));
    if (!memory || ftruncate(memory.get(), static_cast<off_t>(kSize)) != 0)
        return sdk::sys_error(errno, "there is no memory for the header of the volume");
    return NewHeader(std::move(memory));
}

std::string NewHeader::path() const {
    return "/proc/self/fd/" + std::to_string(memory_.get());
}

sdk::Result<void> NewHeader::empty_slots() {
    constexpr std::uint64_t kBegin = 2 * LuksVolume::kMetadataSize;
    if (fallocate(memory_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(kBegin), static_cast<off_t>(kSize - kBegin)) == 0)
        return sdk::ok();
    return sdk::sys_error(errno, "the room for keys cannot be made empty");
}

sdk::Result<void> NewHeader::write_to(int medium, std::uint64_t offset) const {
    const ReadAt read = reader_of(memory_.get());
    Bytes chunk(kChunk);
    for (std::uint64_t at = 0; at < kSize; at += kChunk) {
        if (!read(at, chunk))
            return sdk::Error(HEARTH_E_IO, "the header of the volume is not in memory any more");
        if (!is_empty(chunk)) HEARTH_SDK_CHECK(write_at(medium, offset + at, chunk));
    }
    return sdk::ok();
}

}  // namespace hearth::luks
