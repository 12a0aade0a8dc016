// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.hpp"
#include "hosts/homectl/options/changes.hpp"

namespace hearth::homectl {

struct Option;

/// What a kind of argument looks like, and what becomes of it.
struct Kind {
    /// As --help shows it: "BYTES".
    std::string_view metavar;
    /// Completes "It takes ...".
    std::string_view accepts;
    /// Text to value; nothing: not acceptable.
    std::optional<record::Value> (*convert)(std::string_view text) = nullptr;
    /// For options that do more than set one field to one value; then `convert` is not used by the
    /// parser.
    Result<void> (*apply)(const Option& option, Section section, std::string_view text,
                          Changes& changes) = nullptr;
    /// May the argument be left out (which drops the field)?
    bool argument_optional = false;
};

/// How --help and the manual sort the options.
enum class Group {
    general,
    person,
    account,
    environment,
    security,
    limits,
    storage,
    luks,
    mount,
    cifs,
    session,
    plugin
};

/// One option that changes a user record.
struct Option {
    std::string_view name;
    /// The one-letter form, or 0.
    char letter = 0;
    const Kind* kind = nullptr;
    /// The record's field; empty for options that are about something else.
    std::string_view field = {};
    Section section = Section::regular;
    /// Not moved by -A, -T and -N.
    bool fixed = false;
    Group group = Group::account;
    std::string_view help = {};
    /// Another spelling of an option that is shown already.
    bool hidden = false;
};

/// Every record option that homectl itself knows, group by group.
[[nodiscard]] std::span<const Option> person_options();
[[nodiscard]] std::span<const Option> environment_options();
[[nodiscard]] std::span<const Option> security_options();
[[nodiscard]] std::span<const Option> limit_options();
[[nodiscard]] std::span<const Option> storage_options();
[[nodiscard]] std::span<const Option> luks_options();
[[nodiscard]] std::span<const Option> session_options();

/// Checks the argument of one option and notes what it changes; an empty one drops the field.
/// Errors: option-bad-value.
Result<void> apply_option(const Option& option, Section section, std::string_view text,
                          Changes& changes);

/// The refusal of an argument, in words that name the option and say what it takes.
Error bad_value(const Option& option, std::string_view text, std::string_view reason = {});

}  // namespace hearth::homectl
