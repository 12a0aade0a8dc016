// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/dirty_mark.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/operation/device_place.hpp"
#include "core/operation/place.hpp"
#include "core/record/effective.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

constexpr const char* kMark = "user.home-dirty";

/// Nothing: the storage of this home wants no such mark, or keeps no file.
UniqueFd image_to_mark(Operation& op, const record::UserRecord& record) {
    const auto storage = record::Effective(record, op.machine()).text("storage").value_or("");
    const auto found = op.find_storage(storage);
    if (!found || !found->manifest->dirty_xattr) return {};
    if (is_device_path(record::Effective(record, op.machine()).text("imagePath").value_or("")))
        return {};
    const auto place = place_of(op, record);
    if (!place) return {};
    auto image = system::open_file_at(place->dir.get(), place->name, O_RDONLY | O_NONBLOCK);
    return image ? std::move(image).value() : UniqueFd();
}

}  // namespace

bool mark_dirty(Operation& op, const record::UserRecord& record) {
    const UniqueFd image = image_to_mark(op, record);
    if (!image || ::fsetxattr(image.get(), kMark, "1", 1, XATTR_CREATE) != 0) return false;
    // On disk before the first change of the home can be.
    ::fsync(image.get());
    return true;
}

void clear_dirty(Operation& op, const record::UserRecord& record) {
    const UniqueFd image = image_to_mark(op, record);
    if (!image || ::fgetxattr(image.get(), kMark, nullptr, 0) < 0) return;
    ::fsync(image.get());
    if (::fremovexattr(image.get(), kMark) == 0) ::fsync(image.get());
}

}  // namespace hearth::operation
