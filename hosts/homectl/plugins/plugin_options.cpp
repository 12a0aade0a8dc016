// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/plugins/plugin_options.hpp"

#include <algorithm>

#include "hosts/homectl/options/general.hpp"
#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/option_set.hpp"
#include "hosts/homectl/plugins/storages.hpp"

namespace hearth::homectl {

namespace {

const Kind* kind_of(plugin::OptionType type) {
    switch (type) {
        case plugin::OptionType::number:
            return &kNumber;
        case plugin::OptionType::size:
            return &kSize;
        case plugin::OptionType::boolean:
            return &kBool;
        case plugin::OptionType::path:
            return &kPath;
        case plugin::OptionType::list:
            return &kTextList;
        case plugin::OptionType::string:
            break;
    }
    return &kText;
}

bool is_taken(std::string_view name, const std::vector<Option>& so_far) {
    static const OptionSet kOwn;
    const auto general = general_options();
    return kOwn.find(name) != nullptr ||
           std::any_of(general.begin(), general.end(),
                       [&](const GeneralOption& o) { return o.name == name; }) ||
           std::any_of(so_far.begin(), so_far.end(),
                       [&](const Option& o) { return o.name == name; });
}

std::vector<const plugin::Option*> all_declared(const plugin::Registry& registry) {
    std::vector<const plugin::Option*> declared;
    for (const auto& storage : registry.storages())
        for (const plugin::Option& option : storage.manifest->options) declared.push_back(&option);
    for (const auto& auth : registry.auths())
        for (const plugin::Option& option : auth.manifest->options) declared.push_back(&option);
    return declared;
}

}  // namespace

std::vector<Option> options_of(const std::vector<const plugin::Option*>& declared) {
    std::vector<Option> options;
    for (const plugin::Option* option : declared) {
        if (is_taken(option->name, options)) continue;
        options.push_back(Option{.name = option->name,
                                 .kind = kind_of(option->type),
                                 .field = option->field,
                                 .group = Group::plugin,
                                 .help = option->help});
    }
    return options;
}

std::span<const Option> plugin_options() {
    static const std::vector<Option> kOptions = options_of(all_declared(installed_plugins()));
    return kOptions;
}

}  // namespace hearth::homectl
