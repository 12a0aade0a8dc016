// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"
#include "core/secret/secret.hpp"
#include "hosts/homectl/options/settings.hpp"

namespace hearth::homectl {

/// A record as create needs it, and the plain passwords that came with it.
struct NewRecord {
    record::UserRecord record;
    std::vector<secret::Secret> passwords;
};

/// The record of a home to be: from --identity or from nothing, with the options applied and
/// checked. `source` is the text of --identity's file. Errors: name-missing, name-differs,
/// identity-signed, user-name-*, record-* (what is wrong with the source).
Result<NewRecord> build_new_record(const Invocation& invocation,
                                   std::optional<std::string_view> source,
                                   const record::Machine& machine, std::uint64_t now);

/// The record of a home as it should become. `source` replaces what is stored; otherwise at least
/// one option has to. Errors: update-nothing, storage-fixed, record-from-the-future, name-differs,
/// identity-signed, record-*.
Result<record::UserRecord> build_updated_record(const Invocation& invocation,
                                                std::optional<std::string_view> source,
                                                const record::UserRecord& current,
                                                const record::Machine& machine, std::uint64_t now);

}  // namespace hearth::homectl
