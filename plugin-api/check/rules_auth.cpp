// SPDX-License-Identifier: MIT
// A: kinds of tokens. A token that somebody uses is never touched: what takes one is done with the
// device that the caller names for it, and no PIN goes anywhere else.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "auth_shop.hpp"
#include "core/base/unique_fd.hpp"
#include "process_state.hpp"
#include "rule.hpp"

namespace hearth::check {
namespace {

/// With all that a device can ask for, but to recognize people.
hearth_flags asking_for(hearth_flags features) {
    hearth_flags out = 0;
    if ((features & HEARTH_DEVICE_PIN) != 0) out |= HEARTH_ENROLL_PIN;
    if ((features & HEARTH_DEVICE_PRESENCE) != 0) out |= HEARTH_ENROLL_PRESENCE;
    return out;
}

Outcome used_without(const Context& context, Breach kind) {
    AuthShop shop{context};
    return for_each_kind(shop, [&](const hearth_auth& table) {
        const Did did = use(shop, table);
        if (const auto* text = shop.breaches.first(kind)) return failed(*text);
        return did.broken() ? skipped("stopped by something else: " + did.text) : to_outcome(did);
    });
}

/// A host that has seen enough says so, and is not asked again.
Outcome ends_listing(AuthShop& shop, const hearth_auth& table) {
    std::vector<ShownDevice> shown;
    const auto look = [&](hearth_status answer) {
        return shop.operate(
            table, [&](AuthBench& bench) { return bench.list_devices(shown, answer); }, {});
    };
    const Did whole = look(HEARTH_OK);
    if (whole.broken()) return skipped("stopped by something else: " + whole.text);
    CHECK_STEP(to_outcome(whole));
    std::set<std::string> ids;
    for (const auto& device : shown)
        if (!ids.insert(device.id).second) return failed("two devices have the id " + device.id);
    if (!shop.context.device.empty() && !ids.contains(shop.context.device))
        return failed("it does not list the device " + shop.context.device);
    if (shown.empty()) return passed();
    const Did ended = look(HEARTH_E_CANCELLED);
    if (ended.status == HEARTH_E_CANCELLED && shown.size() == 1) return passed();
    return failed("told to end the listing, list_devices gives " + name_of_code(ended.status) +
                  " after " + std::to_string(shown.size()) + " devices");
}

Outcome lists(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(shop, [&](const hearth_auth& table) { return ends_listing(shop, table); });
}

Outcome gives_results(const Context& context) {
    return used_without(context, Breach::result);
}
Outcome gives_codes(const Context& context) {
    return used_without(context, Breach::code);
}
Outcome throws_nothing(const Context& context) {
    return used_without(context, Breach::exception);
}
Outcome explains(const Context& context) {
    return used_without(context, Breach::silent);
}
Outcome keeps_no_text(const Context& context) {
    Tap::instance().lends_strictly = true;
    return used_without(context, Breach::exception);
}

Outcome can_be_cancelled(const Context& context) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed("there is no pipe");
    const UniqueFd reading(ends[0]);
    const UniqueFd writing(ends[1]);
    if (::write(writing.get(), "x", 1) != 1) return failed("the pipe takes nothing");
    AuthShop shop{context};
    return for_each_kind(shop, [&](const hearth_auth& table) {
        Person person = shop.owner();
        person.cancel_fd = reading.get();
        TokenSecret secret;
        const Did did = acquire(shop, table, {kMadeUpEntry}, secret, person);
        if (did.status == HEARTH_E_CANCELLED) return passed();
        return failed("acquire, cancelled, does not say so: it gives " + name_of_code(did.status));
    });
}

Outcome tells_no_pin(const Context& context) {
    return context.device.empty() ? skipped(kNeedsDevice) : used_without(context, Breach::secret);
}

Outcome forgets_pins(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop,
        [&](const hearth_auth& table) {
            CHECK_STEP(to_outcome(use(shop, table)));
            const auto where = find_in_memory(shop.pin);
            return where ? failed("the PIN is left in memory: " + *where) : passed();
        },
        true);
}

Outcome leaves_nothing_open(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(shop, [&](const hearth_auth& table) {
        const auto at_first = ProcessState::take().without_caches();
        CHECK_STEP(to_outcome(use(shop, table)));
        const std::string lasting = at_first.difference(ProcessState::take().without_caches());
        if (!lasting.empty()) return failed(lasting);
        const auto before = ProcessState::take();
        CHECK_STEP(to_outcome(use(shop, table)));
        const std::string change = before.difference(ProcessState::take());
        return change.empty() ? passed() : failed(change);
    });
}

bool is_same(const TokenSecret& left, const TokenSecret& right) {
    return left.secret->size() == right.secret->size() &&
           left.secret->view() == right.secret->view();
}

Outcome gives_again(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop,
        [&](const hearth_auth& table) {
            TokenSecret made;
            TokenSecret other;
            CHECK_STEP(to_outcome(enroll(shop, table, made)));
            CHECK_STEP(to_outcome(enroll(shop, table, other)));
            if (is_same(made, other)) return failed("two people get the same secret");
            TokenSecret found;
            CHECK_STEP(
                to_outcome(acquire(shop, table, {kMadeUpEntry, made.entry}, found, shop.owner())));
            if (found.which != 1)
                return failed("acquire names another entry than that of the token");
            return is_same(made, found) ? passed()
                                        : failed("acquire gives another secret than enroll did");
        },
        true);
}

/// Without what the device asks for there is no secret, and the code says what is missing.
Outcome is_told(AuthShop& shop, const hearth_auth& table, const std::string& entry,
                const Person& person, hearth_status wanted) {
    TokenSecret secret;
    const Did did = acquire(shop, table, {entry}, secret, person);
    if (did.status == wanted) return passed();
    return failed("where it has to give " + name_of_code(wanted) + ", acquire gives " +
                  name_of_code(did.status));
}

Outcome asks_for_what_is_missing(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(
        shop,
        [&](const hearth_auth& table) {
            std::vector<ShownDevice> shown;
            CHECK_STEP(to_outcome(shop.operate(
                table, [&](AuthBench& bench) { return bench.list_devices(shown); }, {})));
            const auto device =
                std::find_if(shown.begin(), shown.end(),
                             [&](const ShownDevice& one) { return one.id == context.device; });
            if (device == shown.end()) return failed("the device is not listed");
            TokenSecret made;
            CHECK_STEP(to_outcome(enroll(shop, table, made, asking_for(device->features))));
            Person nobody = shop.owner();
            nobody.permits = 0;
            if ((device->features & HEARTH_DEVICE_PRESENCE) != 0)
                CHECK_STEP(is_told(shop, table, made.entry, nobody, HEARTH_E_NEED_PRESENCE));
            Person without_pin = shop.owner();
            without_pin.knows_pin = false;
            if ((device->features & HEARTH_DEVICE_PIN) != 0)
                CHECK_STEP(is_told(shop, table, made.entry, without_pin, HEARTH_E_NEED_PIN));
            return passed();
        },
        true);
}

std::vector<std::string> nonsense(const std::string& whole) {
    std::vector<std::string> out = {"",
                                    "null",
                                    "0",
                                    "[]",
                                    "{",
                                    "\"\"",
                                    "{}",
                                    "[{}]",
                                    "\n",
                                    "{\"a\":\"b",
                                    "\xff{",
                                    std::string(65536, '['),
                                    "{\"a\":\"" + std::string(65536, 'x') + "\"}"};
    for (std::size_t i = 0; i < whole.size(); ++i) {
        out.push_back(whole.substr(0, i));
        out.push_back(whole);
        out.back()[i] = '"';
    }
    return out;
}

Outcome survives_nonsense(const Context& context) {
    AuthShop shop{context};
    return for_each_kind(shop, [&](const hearth_auth& table) {
        TokenSecret made;
        if (!context.device.empty()) CHECK_STEP(to_outcome(enroll(shop, table, made)));
        for (const auto& entry : nonsense(made.entry)) {
            TokenSecret secret;
            Person stranger;  // nothing of what it says may cost a try of a PIN
            const Did did = acquire(shop, table, {entry}, secret, stranger);
            if (did.broken()) return failed(did.text);
        }
        return passed();
    });
}

constexpr auto kAuth = Rule::About::auth;
constexpr const char* kLoaded = "L01! L06";
constexpr const char* kFirm = "L01! L06 A01 A02 A03 A04";
constexpr std::array kRules = {
    Rule{"A01", "lists its devices, until it is told to end", kLoaded, kAuth, lists},
    Rule{"A02", "gives a secret with every success, and none without", kLoaded, kAuth,
         gives_results},
    Rule{"A03", "answers with codes of the ABI that are about tokens", kLoaded, kAuth, gives_codes},
    Rule{"A04", "lets no exception out", kLoaded, kAuth, throws_nothing},
    Rule{"A05", "explains its failures", kFirm, kAuth, explains},
    Rule{"A06", "keeps no text that it was lent", kFirm, kAuth, keeps_no_text},
    Rule{"A07", "can be cancelled", kFirm, kAuth, can_be_cancelled},
    Rule{"A08", "tells no PIN to logs", kFirm, kAuth, tells_no_pin},
    Rule{"A09", "leaves no PIN in memory", "L01! L06 A01 A02 A03 A04 A08", kAuth, forgets_pins},
    Rule{"A10", "leaves nothing open, running or changed", kFirm, kAuth, leaves_nothing_open},
    Rule{"A11", "gives the secret that it enrolled, and to each person another", kFirm, kAuth,
         gives_again},
    Rule{"A12", "says what is missing: a PIN, a touch", kFirm, kAuth, asks_for_what_is_missing},
    Rule{"A13", "makes nothing of entries full of nonsense", kFirm, kAuth, survives_nonsense},
};

}  // namespace

std::span<const Rule> auth_rules() {
    return kRules;
}

}  // namespace hearth::check
