// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

const std::string kRelative = "diskSizeRelative";
const std::string kRebalanceField = "rebalanceWeight";

/// Two fields of which only one may be there: the other one goes.
void set_one_of(Section section, const std::string& wanted, const std::string& other,
                std::uint64_t value, Changes& changes) {
    changes.drop(other);
    changes.set(section, wanted, value);
}

/// A size that a person chose must not be changed by rebalancing.
Result<void> apply_disk_size(const Option& option, Section section, std::string_view text,
                             Changes& changes) {
    const std::string absolute(option.field);
    if (text.empty()) {
        for (const std::string& field : {absolute, kRelative, kRebalanceField}) changes.drop(field);
        return ok();
    }
    if (const auto share = parse_share(text)) {
        set_one_of(section, kRelative, absolute, *share, changes);
    } else {
        std::optional<std::uint64_t> size = parse_size(text);
        if (text == "min") size = 0;
        if (text == "max") size = kInfinity - 1;
        if (!size) return bad_value(option, text);
        set_one_of(section, absolute, kRelative, *size, changes);
    }
    changes.set(section, kRebalanceField, std::uint64_t{0});
    return ok();
}

Result<void> apply_memory_limit(const Option& option, Section section, std::string_view text,
                                Changes& changes) {
    const std::string absolute(option.field);
    const std::string relative = absolute + "Scale";
    if (text.empty()) {
        changes.drop(absolute);
        changes.drop(relative);
    } else if (const auto share = parse_share(text)) {
        set_one_of(section, relative, absolute, *share, changes);
    } else if (const auto size = parse_size(text)) {
        set_one_of(section, absolute, relative, *size, changes);
    } else {
        return bad_value(option, text);
    }
    return ok();
}

Result<void> apply_rebalance(const Option& option, Section section, std::string_view text,
                             Changes& changes) {
    const std::string field(option.field);
    std::optional<std::uint64_t> weight = parse_unsigned(text);
    if (text == "off") weight = 0;
    const bool good = text == "off" || (weight && *weight >= 1 && *weight <= 10000);
    if (!text.empty() && !good) return bad_value(option, text);
    changes.drop(field);
    if (!text.empty()) changes.set(section, field, *weight);
    return ok();
}

}  // namespace

const Kind kDiskSize = {"BYTES", "a size as in 20G, a share of the disk as in 50%, min or max",
                        nullptr, apply_disk_size};
const Kind kMemoryLimit = {"BYTES", "a size as in 500M, or a share of the memory as in 10%",
                           nullptr, apply_memory_limit};
const Kind kRebalance = {"WEIGHT", "a whole number from 1 to 10000, or off", nullptr,
                         apply_rebalance};

}  // namespace hearth::homectl
