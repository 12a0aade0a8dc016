// SPDX-License-Identifier: MIT
// K: the worker dies, and another one recovers.
#include <array>
#include <csignal>
#include <filesystem>

#include "killer.hpp"
#include "workshop.hpp"

namespace hearth::check {
namespace {

/// A verb that dies, and whether there is a home before it.
struct Victim {
    std::string_view name;
    Did (*verb)(Bench&);
    bool needs_home;
};

Did rekey_to_second(Bench& bench) {
    return rekey_home(bench, 2, true);
}
Did use_plainly(Bench& bench) {
    return use_home(bench);
}

constexpr Victim kCreate{"making a home", create_home, false};
constexpr Victim kOpen{"opening a home", open_home, true};
constexpr Victim kUse{"using a home", use_plainly, true};
constexpr Victim kRemove{"removing a home", remove_home, true};
constexpr Victim kRekey{"changing the keys", rekey_to_second, true};

void clear(const std::string& folder) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        std::filesystem::remove_all(entry.path(), error);
}

/// As the next worker would find it: a fresh process.
Outcome afresh(Workshop& shop, const std::function<Outcome()>& body) {
    return in_child([&]() -> Outcome {
               CHECK_STEP(shop.load());
               return body();
           })
        .outcome;
}

/// Nothing half done, nothing lost, and what core believes is true.
Outcome judge(Workshop& shop, const Ledger& left) {
    std::uint32_t state = 0;
    CHECK_STEP(to_outcome(shop.state(state), "asking for the state"));
    const bool exists = state != HEARTH_STATE_ABSENT;
    CHECK_STEP(is_tidy(shop.home(), exists));
    if (exists && state != HEARTH_STATE_INACTIVE && state != HEARTH_STATE_DIRTY)
        return failed("the state is " + std::to_string(state) +
                      ", neither ABSENT nor INACTIVE nor DIRTY");
    switch (left.verb) {
        case HEARTH_VERB_CREATE:
            if (exists && left.phase == HEARTH_PHASE_BEGUN)
                return failed("a home is there that was never put in its place");
            if (!exists && left.phase == HEARTH_PHASE_RECORDED)
                return failed("a home that was complete is gone");
            return exists ? is_whole(shop) : passed();
        case HEARTH_VERB_REMOVE:
            return exists ? is_whole(shop) : passed();
        case HEARTH_VERB_PASSWD:
            if (!exists) return failed("the home is gone");
            return is_whole(shop, left.phase == HEARTH_PHASE_RECORDED ? 2 : 1);
        default:
            return exists ? is_whole(shop) : failed("the home is gone");
    }
}

/// With a secret it has to go on, and then to come to an end.
Outcome recover_at_open(Workshop& shop, const Ledger& left) {
    CHECK_STEP(is_whole(
        shop, left.phase == HEARTH_PHASE_RECORDED && left.verb == HEARTH_VERB_PASSWD ? 2 : 1));
    return to_outcome(shop.recover(), "recovering after the home was opened");
}

Outcome recover_twice(Workshop& shop) {
    const Ledger left = shop.ledger();
    for (const char* when : {"recovering", "recovering again"}) {
        const Did did = shop.recover();
        if (did.status == HEARTH_E_RECOVER_AT_OPEN)
            CHECK_STEP(recover_at_open(shop, left));
        else
            CHECK_STEP(to_outcome(did, when));
    }
    return judge(shop, left);
}

/// Ends recoveries at service calls, each later by `step`, until one gets to its end.
Outcome kill_recoveries(Workshop& shop, std::uint32_t step) {
    for (std::uint32_t k = 1; k < 1000; k += step) {
        const auto ended = run_and_kill(
            DeathAt::service, k, [&] { return shop.load(); },
            [&] { return to_outcome(shop.recover(), "recovering after a killed recovery"); });
        if (!ended.killed()) return ended.outcome;
    }
    return passed();
}

/// One death and what comes after it; `more`: there was a k-th point to die at. `recovery_step`: of
/// the deaths of its recovery; 0: none.
Outcome die_at(Workshop& shop, const Victim& victim, DeathAt where, std::uint32_t k,
               std::uint32_t recovery_step, bool& more) {
    clear(shop.home().folder);
    if (victim.needs_home)
        CHECK_STEP(
            afresh(shop, [&] { return to_outcome(shop.operate(create_home), "making a home"); }));
    shop.ledger() = {};
    const auto ended = run_and_kill(
        where, k, [&] { return shop.load(); },
        [&] { return to_outcome(shop.operate(victim.verb), std::string(victim.name)); });
    more = ended.killed();
    if (more && ended.signal != SIGKILL) return ended.outcome;
    if (!more) return ended.outcome;
    if (recovery_step != 0) CHECK_STEP(kill_recoveries(shop, recovery_step));
    Outcome after = afresh(shop, [&] { return recover_twice(shop); });
    if (!after && after.kind == Outcome::Kind::fail)
        after.text = std::string(victim.name) + ", killed at " +
                     (where == DeathAt::service ? "service call " : "system call ") +
                     std::to_string(k) + ": " + after.text;
    return after;
}

Outcome survives(const Context& context, const Victim& victim, DeathAt where = DeathAt::service,
                 bool in_recovery = false) {
    Workshop shop(context);
    SharedLedger ledger;
    shop.use_ledger(ledger.get());
    bool more = true;
    for (std::uint32_t k = 1; more && k < 2000; k += context.every)
        CHECK_STEP(die_at(shop, victim, where, k, in_recovery ? context.every : 0, more));
    return passed();
}

bool has_slots(const Context& context) {
    return context.manifest().credentials == plugin::Credentials::slots;
}

Outcome create_survives(const Context& context) {
    return survives(context, kCreate);
}
Outcome open_survives(const Context& context) {
    CHECK_STEP(survives(context, kOpen));
    return survives(context, kUse);
}
Outcome remove_survives(const Context& context) {
    return survives(context, kRemove);
}
Outcome rekey_survives(const Context& context) {
    if (!has_slots(context)) return skipped("its medium has no keys of its own");
    return survives(context, kRekey);
}
Outcome recovery_survives(const Context& context) {
    CHECK_STEP(survives(context, kCreate, DeathAt::service, true));
    CHECK_STEP(survives(context, kRemove, DeathAt::service, true));
    return has_slots(context) ? survives(context, kRekey, DeathAt::service, true) : passed();
}
Outcome any_step_survives(const Context& context) {
    for (const Victim& victim : {kCreate, kUse, kRemove})
        CHECK_STEP(survives(context, victim, DeathAt::system_call));
    return has_slots(context) ? survives(context, kRekey, DeathAt::system_call) : passed();
}

constexpr auto kStorage = Rule::About::storage;
constexpr const char* kFirm = "L01! L06 C01! C02 C03 C04 C20";
constexpr const char* kAfterUse = "L01! L06 C01! C02 C03 C04 C20 K02";
constexpr const char* kOthers = "L01! L06 C01! C02 C03 C04 C20 K01 K02 K03 K04";
constexpr std::array kRules = {
    Rule{"K01", "recovers from death while a home is made", kFirm, kStorage, create_survives},
    Rule{"K02", "recovers from death while a home is used", kFirm, kStorage, open_survives},
    Rule{"K03", "recovers from death while a home is removed", kFirm, kStorage, remove_survives},
    Rule{"K04", "recovers from death while keys change", kAfterUse, kStorage, rekey_survives},
    Rule{"K05", "recovers from death while it recovers", kOthers, kStorage, recovery_survives},
    Rule{"K06", "recovers from death at every change that it makes", kOthers, kStorage,
         any_step_survives},
};

}  // namespace

std::span<const Rule> kill_rules() {
    return kRules;
}

}  // namespace hearth::check
