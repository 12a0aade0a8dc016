// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <cstdint>
#include <string>

#include "core/base/result.hpp"
#include "core/record/secret_section.hpp"

namespace hearth::homed {

// The next argument of a call. Errors of all of them: argument-invalid, and what is named below.

Result<std::string> read_text(sd_bus_message* call);
Result<std::uint64_t> read_number(sd_bus_message* call);
Result<bool> read_flag(sd_bus_message* call);

/// Flags of which only those in `known` exist.
Result<std::uint64_t> read_flags(sd_bus_message* call, std::uint64_t known);

/// The content of a record's secret section. Errors: those of parse_secret().
Result<secret::Secrets> read_secrets(sd_bus_message* call);

/// What a client sends as the record of a home.
enum class Sent {
    to_create,    ///< nothing that only one machine could know
    to_register,  ///< these parts are dropped
    to_update,    ///< these parts are dropped, and unknown fields are kept
};
/// Errors: those of parse_record_with_secret(), record-field, record-embedded-section.
Result<record::SplitRecord> read_record(sd_bus_message* call, Sent sent);

}  // namespace hearth::homed
