// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/arguments.hpp"

#include <string_view>

#include "core/record/validate.hpp"

namespace hearth::homed {

namespace {

using record::Sections;

Error unreadable() {
    return Error(Code::invalid_argument, "argument-invalid",
                 "An argument of the call is not what it should be.");
}

/// Borrowed from the message.
Result<std::string_view> read_borrowed(sd_bus_message* call) {
    const char* text = nullptr;
    if (sd_bus_message_read_basic(call, SD_BUS_TYPE_STRING, &text) <= 0) return unreadable();
    return std::string_view(text);
}

Error foreign_section(const char* name) {
    return Error(Code::invalid_argument, "record-embedded-section",
                 "The record has a section that only this machine may make.")
        .why("It is the section " + std::string(name) + ".")
        .hint("Leave it out.");
}

Error reserved_field(const char* name) {
    return Error(Code::invalid_argument, "record-field",
                 "The record has a field that only this machine may set.")
        .why("It is the field " + std::string(name) + ".")
        .hint("Leave it out.");
}

Result<void> check_fields(const record::UserRecord& record) {
    // The second is how systemd-homed tells its worker about files that come beside the record.
    for (const char* name : {"blobDirectory", "__systemd_homework_internal_blob_fdmap"})
        if (record.get(name)) return reserved_field(name);
    return ok();
}

Result<void> check_sections(record::UserRecord& record, Sent sent) {
    if (sent == Sent::to_create) {
        if (record::overlap(record.sections(), Sections::binding))
            return foreign_section("binding");
        if (record::overlap(record.sections(), Sections::status)) return foreign_section("status");
    }
    record.remove_sections(Sections::binding | Sections::status);
    return ok();
}

}  // namespace

Result<std::string> read_text(sd_bus_message* call) {
    HEARTH_TRY(text, read_borrowed(call));
    return std::string(text);
}

Result<std::uint64_t> read_number(sd_bus_message* call) {
    std::uint64_t number = 0;
    if (sd_bus_message_read_basic(call, SD_BUS_TYPE_UINT64, &number) <= 0) return unreadable();
    return number;
}

Result<bool> read_flag(sd_bus_message* call) {
    int flag = 0;
    if (sd_bus_message_read_basic(call, SD_BUS_TYPE_BOOLEAN, &flag) <= 0) return unreadable();
    return flag != 0;
}

Result<std::uint64_t> read_flags(sd_bus_message* call, std::uint64_t known) {
    HEARTH_TRY(flags, read_number(call));
    if ((flags & ~known) == 0) return flags;
    return Error(Code::invalid_argument, "argument-invalid",
                 "The call has flags that this version does not know.");
}

Result<secret::Secrets> read_secrets(sd_bus_message* call) {
    sd_bus_message_sensitive(call);
    HEARTH_TRY(text, read_borrowed(call));
    return record::parse_secret(text);
}

Result<record::SplitRecord> read_record(sd_bus_message* call, Sent sent) {
    sd_bus_message_sensitive(call);
    HEARTH_TRY(text, read_borrowed(call));
    const auto unknown = sent == Sent::to_create ? record::Unknown::refuse : record::Unknown::keep;
    HEARTH_TRY(split, record::parse_record_with_secret(text, unknown));
    HEARTH_CHECK(check_fields(split.record));
    HEARTH_CHECK(check_sections(split.record, sent));
    HEARTH_CHECK(record::validate_managed(split.record, unknown));
    return split;
}

}  // namespace hearth::homed
