// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/bus_error.hpp"

#include <algorithm>
#include <array>

namespace hearth::client {

namespace {

constexpr std::string_view kStandard = "org.freedesktop.DBus.Error.";
constexpr std::string_view kHome = "org.freedesktop.home1.";

/// What programs decide by. Everything else is told to people in the service's words.
struct Known {
    std::string_view name;
    Error (*make)(std::string words);
};
constexpr std::array kKnown = {
    Known{"NoSuchHome",
          [](std::string words) { return Error(Code::home_absent, "home-unknown", words); }},
    Known{"HomeBusy", [](std::string words) { return Error(Code::home_busy, "home-busy", words); }},
    Known{"HomeLocked",
          [](std::string words) { return Error(Code::home_locked, "home-locked", words); }},
    Known{"HomeNotActive",
          [](std::string words) { return Error(Code::home_not_active, "home-not-active", words); }},
    Known{"HomeAbsent",
          [](std::string words) { return Error(Code::home_absent, "home-absent", words); }},
    Known{
        "RebalanceNotNeeded",
        [](std::string words) { return Error(Code::not_supported, "rebalance-needless", words); }},
    Known{"AccessDenied",
          [](std::string words) { return Error(Code::permission, "access-denied", words); }},
    Known{"InteractiveAuthorizationRequired",
          [](std::string words) { return Error(Code::permission, "access-denied", words); }},
};
constexpr std::array<std::string_view, 5> kNobody = {"ServiceUnknown", "NameHasNoOwner", "NoServer",
                                                     "Disconnected", "NoReply"};
constexpr std::array<std::string_view, 3> kNotOurs = {"UnknownMethod", "UnknownObject",
                                                      "UnknownInterface"};

bool is_one_of(std::string_view name, const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Error foreign() {
    return Error(Code::not_supported, "service-foreign",
                 "The service for home directories that runs here is not Hearth's.")
        .why("It does not know how Hearth's own programs ask.")
        .hint("Use the homectl that belongs to it, or stop it and start hearthd instead.");
}

std::string_view last_part(std::string_view name) {
    for (const auto prefix : {kStandard, kHome})
        if (name.starts_with(prefix)) return name.substr(prefix.size());
    return name;
}

}  // namespace

Error unreachable(std::string why) {
    return Error(Code::not_supported, "service-unreachable",
                 "The service for home directories cannot be reached.")
        .why(std::move(why))
        .hint("Start it with: systemctl start hearthd");
}

Error error_of_bus(std::string_view name, std::string_view text) {
    const std::string_view short_name = last_part(name);
    const std::string words(text.empty() ? name : text);
    if (is_one_of(short_name, kNobody) || short_name.starts_with("Spawn."))
        return unreachable(words);
    if (is_one_of(short_name, kNotOurs)) return foreign();
    for (const Known& known : kKnown)
        if (known.name == short_name) return known.make(words);
    return Error(Code::internal, "service-refused", words);
}

}  // namespace hearth::client
