// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <string>

#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

enum class Measure { number, size, seconds, microseconds, nice };

struct LimitName {
    std::string_view name;
    Measure measure;
};

// getrlimit(2)
constexpr std::array kNames = {
    LimitName{"AS", Measure::size},           LimitName{"CORE", Measure::size},
    LimitName{"CPU", Measure::seconds},       LimitName{"DATA", Measure::size},
    LimitName{"FSIZE", Measure::size},        LimitName{"LOCKS", Measure::number},
    LimitName{"MEMLOCK", Measure::size},      LimitName{"MSGQUEUE", Measure::size},
    LimitName{"NICE", Measure::nice},         LimitName{"NOFILE", Measure::number},
    LimitName{"NPROC", Measure::number},      LimitName{"RSS", Measure::size},
    LimitName{"RTPRIO", Measure::number},     LimitName{"RTTIME", Measure::microseconds},
    LimitName{"SIGPENDING", Measure::number}, LimitName{"STACK", Measure::size},
};

const LimitName* find_name(std::string_view name) {
    if (name.starts_with("RLIMIT_")) name.remove_prefix(7);
    if (name.starts_with("Limit")) name.remove_prefix(5);
    const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                     [&](const LimitName& n) { return n.name == name; });
    return found == kNames.end() ? nullptr : found;
}

/// A nice level as the kernel's limit counts it: -20 is 40, 19 is 1. Plain numbers are the kernel's
/// own.
std::optional<std::uint64_t> parse_nice_limit(std::string_view text) {
    if (!text.starts_with('+') && !text.starts_with('-')) return parse_unsigned(text);
    const auto level = parse_signed(text);
    if (!level || *level < -20 || *level > 19) return std::nullopt;
    return static_cast<std::uint64_t>(20 - *level);
}

std::optional<std::uint64_t> parse_time_limit(std::string_view text, Measure measure) {
    if (const auto plain = parse_unsigned(text)) return plain;
    const auto span = parse_span(text);
    if (!span || measure == Measure::microseconds) return span;
    return (*span + 999999) / 1000000;
}

/// One bound; `bound` stays empty for infinity.
bool parse_bound(std::string_view text, Measure measure, std::optional<std::uint64_t>& bound) {
    bound.reset();
    if (text == "infinity") return true;
    if (measure == Measure::size) bound = parse_size(text);
    if (measure == Measure::number) bound = parse_unsigned(text);
    if (measure == Measure::nice) bound = parse_nice_limit(text);
    if (measure == Measure::seconds || measure == Measure::microseconds)
        bound = parse_time_limit(text, measure);
    return bound.has_value();
}

std::optional<Limit> parse_limit(std::string_view text, Measure measure) {
    Limit limit;
    const std::size_t colon = text.find(':');
    if (!parse_bound(text.substr(0, colon), measure, limit.current)) return std::nullopt;
    limit.maximum = limit.current;
    if (colon != std::string_view::npos &&
        !parse_bound(text.substr(colon + 1), measure, limit.maximum))
        return std::nullopt;
    const bool above = limit.maximum && (!limit.current || *limit.current > *limit.maximum);
    if (above) return std::nullopt;
    return limit;
}

Result<void> apply_limit(const Option& option, Section, std::string_view text, Changes& changes) {
    if (text.empty()) {
        changes.drop_all_limits();
        return ok();
    }
    const std::size_t equals = text.find('=');
    const LimitName* const name = find_name(text.substr(0, equals));
    if (name == nullptr || equals == std::string_view::npos) return bad_value(option, text);
    const std::string field = "RLIMIT_" + std::string(name->name);
    const std::string_view value = text.substr(equals + 1);
    if (value.empty()) {
        changes.drop_limit(field);
        return ok();
    }
    const std::optional<Limit> limit = parse_limit(value, name->measure);
    if (!limit) return bad_value(option, text);
    changes.set_limit(field, *limit);
    return ok();
}

}  // namespace

const Kind kResourceLimit = {
    "LIMIT=VALUE",
    "a limit of getrlimit(2) and one or two values, as in NOFILE=1024:4096 or CORE=infinity; "
    "the first may not be above the second",
    nullptr, apply_limit};

}  // namespace hearth::homectl
