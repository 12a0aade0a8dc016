// SPDX-License-Identifier: MIT
// A14 and on: tokens when something else goes wrong, and what is left of their secrets.
#include <array>

#include "auth_shop.hpp"
#include "failing.hpp"
#include "file_limit.hpp"
#include "life.hpp"
#include "process_state.hpp"

namespace hearth::check {
namespace {

constexpr std::uint32_t kMostCalls = 1000;
constexpr rlim_t kMostRoom = 8;

/// After a failure that is over, everything works as before.
Outcome after(AuthShop& shop, const hearth_auth& table, const std::string& when, const Did& did) {
    if (did.broken() || did.lost()) return failed(when + ": " + did.text);
    const Did again = use(shop, table);
    return again.ok() ? passed() : failed("after " + when + ": " + again.text);
}

Outcome fail_services(AuthShop& shop, const hearth_auth& table) {
    for (std::uint32_t k = 1; k < kMostCalls; k += shop.context.every) {
        Failing failing{k, 0, {}};
        failing.install();
        const Did did = use(shop, table);
        Failing::uninstall();
        if (failing.which.empty()) return to_outcome(did);
        CHECK_STEP(
            after(shop, table, failing.which + " failing at call " + std::to_string(k), did));
    }
    return passed();
}

Outcome survives_services(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop, [&](const hearth_auth& table) { return fail_services(shop, table); }, true);
}

Outcome survives_without_files(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop,
        [&](const hearth_auth& table) {
            for (rlim_t room = 0; room < kMostRoom; ++room) {
                Did did;
                {
                    const FileLimit limit(room);
                    did = use(shop, table);
                }
                CHECK_STEP(
                    after(shop, table, "room for " + std::to_string(room) + " open files", did));
            }
            return passed();
        },
        true);
}

/// Looks whenever the plugin calls a service: what it has open then, a helper program of somebody
/// else in this process would get.
Outcome passes_nothing_on(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop,
        [&](const hearth_auth& table) {
            CHECK_STEP(to_outcome(use(shop, table)));
            const auto at_first = inheritable_files();
            std::string found;
            Tap::instance().before = [&](std::string_view service) {
                for (const int fd : inheritable_files())
                    if (found.empty() && !at_first.contains(fd))
                        found = "the file " + std::to_string(fd) +
                                " is open without close-on-exec at " + std::string(service);
                return false;
            };
            const Did did = use(shop, table);
            Tap::instance().before = nullptr;
            return found.empty() ? to_outcome(did) : failed(found);
        },
        true);
}

Outcome writes_no_further(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop,
        [&](const hearth_auth& table) {
            Person person = shop.owner();
            person.guards_outputs = true;
            return to_outcome(use(shop, table, person));
        },
        true, true);
}

/// Gets the secret of a token, and gives it back.
Did get_once(AuthShop& shop, const hearth_auth& table, MaskedSecret& masked) {
    TokenSecret made;
    DID_STEP(enroll(shop, table, made, 0));
    TokenSecret found;
    DID_STEP(acquire(shop, table, {made.entry}, found, shop.owner()));
    masked = MaskedSecret::of(found.secret->view());
    return {};
}

Outcome forgets_secrets(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop,
        [&](const hearth_auth& table) {
            MaskedSecret secret;
            CHECK_STEP(to_outcome(get_once(shop, table, secret)));
            const auto where = find_in_memory(secret);
            return where ? failed("the secret of a token is left in memory: " + *where) : passed();
        },
        true);
}

constexpr auto kAuth = Rule::About::auth;
constexpr const char* kFirm = "L01! L06 A01 A02 A03 A04 A11";
constexpr std::array kRules = {
    Rule{"A14", "gives a secret or says why not when a service fails", kFirm, kAuth,
         survives_services},
    Rule{"A15", "survives that no more files can be opened", kFirm, kAuth, survives_without_files},
    Rule{"A16", "opens every file with close-on-exec", kFirm, kAuth, passes_nothing_on},
    Rule{"A17", "writes no further than it was given room", "L01! L05 L06 A01 A02 A03 A04 A11",
         kAuth, writes_no_further},
    Rule{"A18", "leaves no secret of a token in memory", kFirm, kAuth, forgets_secrets},
};

}  // namespace

std::span<const Rule> auth_fault_rules() {
    return kRules;
}

}  // namespace hearth::check
