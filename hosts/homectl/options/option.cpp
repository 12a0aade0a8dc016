// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/option.hpp"

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

Error bad_value(const Option& option, std::string_view text, std::string_view reason) {
    std::string why(reason);
    if (why.empty()) why = "It takes " + std::string(option.kind->accepts) + ".";
    return Error(Code::invalid_argument, "option-bad-value",
                 "The option --" + std::string(option.name) + " does not accept \"" + clean(text) +
                     "\".")
        .why(std::move(why));
}

Result<void> apply_option(const Option& option, Section section, std::string_view text,
                          Changes& changes) {
    if (option.fixed) section = option.section;
    if (option.kind->apply != nullptr) return option.kind->apply(option, section, text, changes);
    const std::string field(option.field);
    if (text.empty()) {
        changes.drop(field);
        return ok();
    }
    std::optional<record::Value> value = option.kind->convert(text);
    if (!value) return bad_value(option, text);
    changes.set(section, field, std::move(*value));
    return ok();
}

}  // namespace hearth::homectl
