// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/record_view.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "core/record/effective.hpp"
#include "core/record/value.hpp"

namespace hearth::plugin {
namespace {

constexpr std::string_view kBinding = "/binding/";

Error missing(std::string_view pointer) {
    return Error(Code::not_supported, "record-value-missing",
                 "The record has no value at \"" + std::string(pointer) + "\".");
}

Error wrong_type(std::string_view pointer, std::string_view expected) {
    return Error(Code::invalid_argument, "record-value-type",
                 "The record's value at \"" + std::string(pointer) + "\" is not " +
                     std::string(expected) + ".");
}

Result<record::Value> value_at(const record::UserRecord& record, const record::Machine& machine,
                               std::string_view pointer) {
    if (pointer.size() < 2 || pointer.front() != '/')
        return Error(Code::invalid_argument, "record-pointer",
                     "\"" + std::string(pointer) + "\" is not a JSON pointer to a value.");
    auto value = record::Effective(record, machine).value(pointer);
    if (!value || value->is_null()) return missing(pointer);
    return std::move(*value);
}

}  // namespace

std::string_view RecordView::keep(std::string text) const {
    const auto same = std::find(lent_.begin(), lent_.end(), text);
    return same != lent_.end() ? *same : lent_.emplace_back(std::move(text));
}

Result<std::string_view> RecordView::get_str(std::string_view pointer) const {
    HEARTH_TRY(value, value_at(record_, machine_, pointer));
    auto text = value.text();
    if (!text) return wrong_type(pointer, "a text");
    return keep(*std::move(text));
}

Result<std::uint64_t> RecordView::get_u64(std::string_view pointer) const {
    HEARTH_TRY(value, value_at(record_, machine_, pointer));
    const auto number = value.number();
    if (!number) return wrong_type(pointer, "a whole number");
    return *number;
}

Result<bool> RecordView::get_bool(std::string_view pointer) const {
    HEARTH_TRY(value, value_at(record_, machine_, pointer));
    const auto flag = value.flag();
    if (!flag) return wrong_type(pointer, "true or false");
    return *flag;
}

Result<std::string_view> RecordView::get_json(std::string_view pointer) const {
    HEARTH_TRY(value, value_at(record_, machine_, pointer));
    return keep(value.json());
}

Result<void> RecordView::patch(std::string_view pointer, const char* json) {
    const std::string_view field =
        pointer.starts_with(kBinding) ? pointer.substr(kBinding.size()) : std::string_view{};
    if (field.empty() || field.find_first_of("/~") != std::string_view::npos)
        return Error(Code::permission, "record-patch-refused",
                     "A plugin may not change the record at \"" + std::string(pointer) + "\".")
            .why("Only values directly below /binding/ are not signed.");
    if (json == nullptr) {
        record_.remove_binding(machine_.id, field);
        return ok();
    }
    auto value = record::Value::parse(json);
    if (!value)
        return Error(Code::invalid_argument, "record-patch-value",
                     "A plugin gave a value for \"" + std::string(pointer) + "\" that is not JSON.")
            .why(value.error().one_line());
    record_.set_binding(machine_.id, field, *value);
    return ok();
}

}  // namespace hearth::plugin
