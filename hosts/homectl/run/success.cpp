// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/success.hpp"

#include "core/record/effective.hpp"
#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

void say_done(std::string_view sentence) {
    print(clean(sentence) + "\n");
}

std::string created_details(const record::UserRecord& record, const record::Machine& machine) {
    const record::Effective effective(record, machine);
    std::string text;
    if (const auto uid = effective.number("uid")) text += ", UID " + std::to_string(*uid);
    if (const auto storage = effective.text("storage")) text += ", storage " + *storage;
    return text;
}

}  // namespace hearth::homectl
