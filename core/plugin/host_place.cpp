// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/host_tables.hpp"

namespace hearth::plugin {
namespace {

hearth_status of(hearth_op* op, const hearth_record* record, hearth_place* out) {
    if (record == nullptr || out == nullptr || out->struct_size < sizeof *out)
        return HEARTH_E_INVALID_ARGUMENT;
    return guarded([&]() -> hearth_status {
        auto& context = OperationContext::of(op);
        if (!context.place_of) return HEARTH_E_NOT_SUPPORTED;
        auto place = context.place_of(RecordView::of(record).record());
        if (!place) return report(op, place.error());
        const Place& kept = context.places.emplace_back(std::move(place).value());
        out->dir_fd = kept.dir.get();
        out->name = kept.name.c_str();
        out->temp_name = kept.temp_name.c_str();
        out->trash_name = kept.trash_name.c_str();
        return HEARTH_OK;
    });
}

}  // namespace

const hearth_host_place kPlaceTable = {sizeof(hearth_host_place), 0, of};

}  // namespace hearth::plugin
