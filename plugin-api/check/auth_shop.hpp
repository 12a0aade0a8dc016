// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "auth_bench.hpp"
#include "rule.hpp"

namespace hearth::check {

/// What an entry that no token knows looks like.
inline constexpr const char* kMadeUpEntry = R"({"hearthCheck":"an entry that nobody has made"})";
/// Why a rule is skipped.
inline constexpr const char* kNeedsDevice =
    "needs a device for tests, see --device: with one that people use it would spend tries of its "
    "PIN";

/// A plugin that runs in this process, with the PIN of its device. The usual start of a rule about
/// tokens.
struct AuthShop {
    const Context& context;
    Loaded loaded = {};
    Breaches breaches = {};
    const MaskedSecret& pin = context.pin;

    Outcome load(bool needs_device = false, bool guarded_host = false) {
        if (needs_device && context.device.empty()) return skipped(kNeedsDevice);
        return check::load(context.subject, tapped_host(guarded_host), loaded);
    }
    template <typename Work>
    Did operate(const hearth_auth& table, Work work, const Person& person) {
        AuthBench bench(table, pin, breaches, person);
        return work(bench);
    }
    /// Somebody who has everything.
    [[nodiscard]] Person owner() const {
        Person out;
        out.knows_pin = !context.device.empty();
        return out;
    }
};

/// Enrolls the device for tests.
Did enroll(AuthShop& shop, const hearth_auth& table, TokenSecret& out, hearth_flags flags = 0);
Did acquire(AuthShop& shop, const hearth_auth& table, const std::vector<std::string>& entries,
            TokenSecret& out, const Person& person);

/// The use of a kind of token from the first look to the last, as far as there is a device.
/// `person`: who does it.
Did use(AuthShop& shop, const hearth_auth& table, const Person& person);
Did use(AuthShop& shop, const hearth_auth& table);

Outcome to_outcome(const Did& did);

/// Runs `rule` for each kind of token that the plugin has.
template <typename Check>
Outcome for_each_kind(AuthShop& shop, Check rule, bool needs_device = false,
                      bool guarded_host = false) {
    CHECK_STEP(shop.load(needs_device, guarded_host));
    for (const auto* table : shop.loaded.auth) CHECK_STEP(rule(*table));
    return passed();
}

}  // namespace hearth::check
