// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/compact_record.hpp"

#include "core/record/json.hpp"

namespace hearth::record {

namespace {

constexpr std::string_view kStatus = "status";
constexpr std::string_view kPrivileged = "privileged";
constexpr std::string_view kSecret = "secret";

}  // namespace

CompactRecord::CompactRecord(const UserRecord& record)
    : user_name_(record.user_name()), realm_(record.realm()), text_("{") {
    bool is_behind_status = false;
    for (const auto& [name, value] : record.json()) {
        if (name == kStatus) status_ = to_canonical(value);
        if (name == kStatus || name == kSecret) continue;
        if (!is_behind_status && name > kStatus) {
            status_at_ = text_.size();
            is_behind_status = true;
        }
        const std::size_t begin = text_.size();
        text_.append(to_canonical(Value(name))).append(":").append(to_canonical(value)) += ',';
        if (name != kPrivileged) continue;
        privileged_begin_ = begin;
        privileged_end_ = text_.size();
    }
    text_.back() = '}';
    text_.shrink_to_fit();
}

std::string CompactRecord::json(bool privileged, std::string_view status) const {
    std::string json;
    json.reserve(text_.size() + status.size() + kStatus.size() + 4);
    append_json(json, privileged, status);
    return json;
}

void CompactRecord::append_json(std::string& out, bool privileged, std::string_view status) const {
    const std::string_view text = text_;
    const std::size_t skipped = privileged ? privileged_begin_ : privileged_end_;
    out.append(text.substr(0, privileged_begin_));
    out.append(text.substr(skipped, status_at_ - skipped));
    if (!status.empty()) out.append("\"status\":").append(status) += ',';
    out.append(text.substr(status_at_));
}

/// What was a record is one again.
UserRecord CompactRecord::expand() const {
    return UserRecord::parse(json()).value();
}

Object CompactRecord::status() const {
    return status_.empty() ? Object() : parse_json_object(status_).value();
}

}  // namespace hearth::record
