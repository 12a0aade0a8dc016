// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/host_tables.hpp"
#include "core/plugin/record_view.hpp"

namespace hearth::plugin {
namespace {

/// Reads by one of RecordView's members and converts what it gives.
template <typename Read, typename Store>
hearth_status read_value(const hearth_record* record, const char* pointer, const void* out,
                         Read read, Store store) {
    if (record == nullptr || pointer == nullptr || out == nullptr) return HEARTH_E_INVALID_ARGUMENT;
    return guarded([&]() -> hearth_status {
        const auto value = (RecordView::of(record).*read)(pointer);
        if (!value) return to_status(value.error());
        store(*value);
        return HEARTH_OK;
    });
}

hearth_status get_str(const hearth_record* record, const char* pointer, hearth_bytes* out) {
    return read_value(record, pointer, out, &RecordView::get_str, [out](std::string_view text) {
        *out = {text.data(), text.size()};
    });
}

hearth_status get_u64(const hearth_record* record, const char* pointer, std::uint64_t* out) {
    return read_value(record, pointer, out, &RecordView::get_u64,
                      [out](std::uint64_t number) { *out = number; });
}

hearth_status get_bool(const hearth_record* record, const char* pointer, std::uint32_t* out) {
    return read_value(record, pointer, out, &RecordView::get_bool,
                      [out](bool flag) { *out = flag ? 1 : 0; });
}

hearth_status get_json(const hearth_record* record, const char* pointer, hearth_bytes* out) {
    return read_value(record, pointer, out, &RecordView::get_json, [out](std::string_view text) {
        *out = {text.data(), text.size()};
    });
}

hearth_status patch(hearth_record* record, const char* pointer, const char* json) {
    if (record == nullptr || pointer == nullptr) return HEARTH_E_INVALID_ARGUMENT;
    return guarded([&] { return to_status(RecordView::of(record).patch(pointer, json)); });
}

}  // namespace

const hearth_host_record kRecordTable = {
    sizeof(hearth_host_record), 0, get_str, get_u64, get_bool, get_json, patch};

}  // namespace hearth::plugin
