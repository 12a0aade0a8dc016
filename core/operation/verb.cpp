// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/verb.hpp"

#include <array>
#include <utility>

namespace hearth::operation {

namespace {

constexpr std::array<std::pair<Verb, std::string_view>, 17> kVerbs = {{
    {Verb::create, "create"},
    {Verb::activate, "activate"},
    {Verb::deactivate, "deactivate"},
    {Verb::update, "update"},
    {Verb::passwd, "passwd"},
    {Verb::resize, "resize"},
    {Verb::lock, "lock"},
    {Verb::unlock, "unlock"},
    {Verb::remove, "remove"},
    {Verb::adopt, "adopt"},
    {Verb::authenticate, "authenticate"},
    {Verb::repair, "repair"},
    {Verb::recover, "recover"},
    {Verb::register_home, "register"},
    {Verb::unregister, "unregister"},
    {Verb::fixate, "fixate"},
    {Verb::rebalance, "rebalance"},
}};

}  // namespace

std::string_view to_text(Verb verb) {
    for (const auto& [value, text] : kVerbs) {
        if (value == verb) return text;
    }
    return "unknown";
}

std::optional<Verb> parse_verb(std::string_view text) {
    for (const auto& [value, name] : kVerbs) {
        if (name == text) return value;
    }
    return std::nullopt;
}

}  // namespace hearth::operation
