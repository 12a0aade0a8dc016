// SPDX-License-Identifier: MIT
// C01 to C14: the life of a home, and what is seen in passing.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "core/base/unique_fd.hpp"
#include "process_state.hpp"
#include "workshop.hpp"

namespace hearth::check {
namespace {

Did expect(const Did& did, hearth_status wanted, const std::string& when) {
    if (did.broken() || did.lost()) return did;
    if (did.status == wanted) return {};
    return {Did::kLost,
            when + " gives " + name_of_code(did.status) + " and not " + name_of_code(wanted)};
}

Did expect_state(Workshop& shop, bool exists) {
    std::uint32_t state = 0;
    DID_STEP(shop.state(state));
    if ((state == HEARTH_STATE_ABSENT) != exists) return {};
    return {Did::kLost, exists ? "state says that a home is absent that is there"
                               : "state says that a home is there that is absent"};
}

/// From nothing to nothing, with the usual mistakes of people in between.
Did live(Workshop& shop, const BenchSettings& settings = {}) {
    DID_STEP(expect_state(shop, false));
    DID_STEP(expect(shop.operate(open_home, settings), HEARTH_E_HOME_ABSENT,
                    "opening a home that is absent"));
    DID_STEP(shop.operate(create_home, settings));
    DID_STEP(expect_state(shop, true));
    DID_STEP(expect(shop.operate(create_home, settings), HEARTH_E_HOME_EXISTS,
                    "making a home that is there"));
    DID_STEP(shop.operate(open_home, settings));
    DID_STEP(shop.operate([](Bench& bench) { return use_home(bench); }, settings));
    DID_STEP(shop.operate(open_home, settings));
    DID_STEP(shop.operate(remove_home, settings));
    return expect_state(shop, false);
}

/// The first two calls. What breaks the contract here breaks it before a home is in danger.
Did begin_life(Workshop& shop) {
    std::uint32_t state = 0;
    DID_STEP(shop.state(state));
    DID_STEP(shop.operate(create_home));
    return shop.operate(remove_home);
}

Outcome lives(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    Did did = begin_life(shop);
    // Whether this file system will do shows here.
    if (!did.ok() && !did.broken()) return to_outcome(did, "making a home");
    if (did.ok()) did = live(shop);
    if (did.broken()) return skipped("stopped by something else: " + did.text);
    CHECK_STEP(to_outcome(did, "in the life of a home"));
    return is_tidy(shop.home(), false);
}

/// The life of a home without one kind of breach.
Outcome lives_without(const Context& context, Breach kind, const BenchSettings& settings = {}) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    Did did = begin_life(shop);
    if (did.ok()) did = live(shop, settings);
    if (const auto* text = shop.breaches().first(kind)) return failed(*text);
    return did.broken() ? skipped("stopped by something else: " + did.text)
                        : to_outcome(did, "making a home");
}

Outcome gives_results(const Context& context) {
    return lives_without(context, Breach::result);
}
Outcome gives_codes(const Context& context) {
    return lives_without(context, Breach::code);
}
Outcome throws_nothing(const Context& context) {
    return lives_without(context, Breach::exception);
}
Outcome explains(const Context& context) {
    return lives_without(context, Breach::silent);
}
Outcome patches_binding(const Context& context) {
    return lives_without(context, Breach::patch);
}
Outcome tells_no_secret(const Context& context) {
    return lives_without(context, Breach::secret);
}
Outcome passes_nothing_on(const Context& context) {
    BenchSettings settings;
    settings.watches_files = true;
    return lives_without(context, Breach::inherited, settings);
}

Outcome replaces_nothing(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    if (shop.operate(create_home).ok()) return failed("create replaces a home that is there");
    CHECK_STEP(is_whole(shop));
    // Now the other home comes while the new one is being made.
    const std::string aside = shop.home().medium_path() + ".aside";
    if (::rename(shop.home().medium_path().c_str(), aside.c_str()) != 0)
        return skipped("the medium is not a name in the folder");
    BenchSettings settings;
    settings.halfway = [&] { ::rename(aside.c_str(), shop.home().medium_path().c_str()); };
    if (shop.operate(create_home, settings).ok())
        return failed("close replaces a home that came meanwhile");
    // The new one may be left for recover(), which the host asks for with this phase.
    shop.ledger().phase = HEARTH_PHASE_BEGUN;
    CHECK_STEP(to_outcome(shop.recover(), "recovering after that"));
    CHECK_STEP(is_whole(shop));
    return is_tidy(shop.home(), true);
}

Outcome keeps_no_text(const Context& context) {
    Tap::instance().lends_strictly = true;
    return lives_without(context, Breach::exception);
}

Outcome writes_no_further(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load(true));
    BenchSettings settings;
    settings.guards_outputs = true;
    CHECK_STEP(to_outcome(live(shop, settings), "making a home, and so on"));
    const auto ask = [&](auto question) {
        const Did did = shop.operate(question, settings);
        return did.status == HEARTH_E_NOT_SUPPORTED ? passed() : to_outcome(did, "asking");
    };
    CHECK_STEP(to_outcome(shop.operate(create_home, settings), "making a home"));
    CHECK_STEP(ask([](Bench& bench) {
        hearth_usage usage{};
        return usage_of(bench, usage);
    }));
    return ask([&](Bench& bench) {
        const UniqueFd folder(::open(bench.home().folder.c_str(), O_PATH | O_CLOEXEC));
        hearth_probe probe{};
        return probe_of(bench, folder.get(), probe);
    });
}

/// A cancellation that came before the call: either it was too quick for it, or all is undone.
Outcome cancelled(Workshop& shop, const char* what, Did (*verb)(Bench&), bool exists) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("there is no pipe");
    const UniqueFd reading(ends[0]);
    const UniqueFd writing(ends[1]);
    if (::write(writing.get(), "x", 1) != 1) return failed("the pipe takes nothing");
    BenchSettings settings;
    settings.cancel_fd = reading.get();
    const Did did = shop.operate(verb, settings);
    if (did.ok()) return passed();
    if (did.status != HEARTH_E_CANCELLED)
        return failed(std::string(what) + ", cancelled, does not say so: " + did.text);
    if (auto tidy = is_tidy(shop.home(), exists); !tidy)
        return failed(std::string(what) + ", cancelled: " + tidy.text);
    return exists ? is_whole(shop) : passed();
}

Outcome can_be_cancelled(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(cancelled(shop, "create", create_home, false));
    std::uint32_t state = 0;
    CHECK_STEP(to_outcome(shop.state(state), "asking for the state"));
    if (state == HEARTH_STATE_ABSENT)
        CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    CHECK_STEP(cancelled(shop, "opening", open_home, true));
    CHECK_STEP(cancelled(shop, "remove", remove_home, true));
    if (const auto* text = shop.breaches().first(Breach::cancelled)) return failed(*text);
    return passed();
}

Outcome forgets_secrets(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    CHECK_STEP(to_outcome(live(shop), "making a home, and so on"));
    for (const auto& password : shop.home().passwords)
        if (const auto where = find_in_memory(password))
            return failed("a password is left in memory: " + *where);
    return passed();
}

Outcome leaves_nothing_open(const Context& context) {
    Workshop shop(context);
    CHECK_STEP(shop.load());
    const auto at_first = ProcessState::take(context.folder).without_caches();
    CHECK_STEP(to_outcome(live(shop), "making a home, and so on"));
    CHECK_STEP(is_tidy(shop.home(), false));
    const std::string lasting =
        at_first.difference(ProcessState::take(context.folder).without_caches());
    if (!lasting.empty()) return failed(lasting);
    const auto before = ProcessState::take(context.folder);
    CHECK_STEP(to_outcome(live(shop), "making a home, and so on"));
    const std::string change = before.difference(ProcessState::take(context.folder));
    return change.empty() ? is_tidy(shop.home(), false) : failed(change);
}

Outcome holds_two(const Context& context) {
    Workshop shop(context);
    Workshop other(context, "neighbour");
    CHECK_STEP(shop.load());
    CHECK_STEP(other.load());
    CHECK_STEP(to_outcome(shop.operate(create_home), "making a home"));
    BenchSettings settings;
    Did inner;
    settings.halfway = [&] { inner = shop.operate(open_home); };
    const Did outer = other.operate(create_home, settings);
    CHECK_STEP(to_outcome(inner, "opening a home while another one is being made"));
    CHECK_STEP(to_outcome(outer, "making a home while another one is opened"));
    CHECK_STEP(is_whole(shop));
    return is_whole(other);
}

constexpr auto kStorage = Rule::About::storage;
constexpr const char* kLoaded = "L01! L06";
constexpr const char* kAlive = "L01! L06 C01";
constexpr const char* kFirm = "L01! L06 C01! C02 C03 C04";
constexpr std::array kRules = {
    Rule{"C01", "makes, opens, closes and removes a home", kLoaded, kStorage, lives},
    Rule{"C02", "gives a result with every success, and none without", kAlive, kStorage,
         gives_results},
    Rule{"C03", "answers with codes and values of the ABI", kAlive, kStorage, gives_codes},
    Rule{"C04", "lets no exception out", kAlive, kStorage, throws_nothing},
    Rule{"C05", "explains its failures", kFirm, kStorage, explains},
    Rule{"C06", "replaces no home that is there", kFirm, kStorage, replaces_nothing},
    Rule{"C07", "patches the record below /binding only", kFirm, kStorage, patches_binding},
    Rule{"C08", "keeps no text that it was lent", kFirm, kStorage, keeps_no_text},
    Rule{"C09", "can be cancelled, and leaves nothing then", kFirm, kStorage, can_be_cancelled},
    Rule{"C10", "tells no secret to logs, notes and programs", kFirm, kStorage, tells_no_secret},
    Rule{"C11", "leaves no secret in memory", "L01! L06 C01! C02 C03 C04 C10", kStorage,
         forgets_secrets},
    Rule{"C12", "leaves nothing open, mounted, running or changed", kFirm, kStorage,
         leaves_nothing_open},
    Rule{"C13", "opens every file with close-on-exec", kFirm, kStorage, passes_nothing_on},
    Rule{"C14", "writes no further than it was given room", "L01! L05 L06 C01! C02 C03 C04",
         kStorage, writes_no_further},
    Rule{"C15", "holds two homes at once", kFirm, kStorage, holds_two},
};

}  // namespace

std::span<const Rule> contract_rules() {
    return kRules;
}

}  // namespace hearth::check
