// SPDX-License-Identifier: MIT
#include "auth_shop.hpp"

#include "life.hpp"

namespace hearth::check {
namespace {

constexpr const char* kNoDevice = "hearth-check:no-such-device";

Did fails(const char* what, Did did) {
    if (did.ok()) return {Did::kLost, std::string(what) + " succeeds"};
    return did.broken() ? std::move(did) : Did{};
}

Did list(AuthShop& shop, const hearth_auth& table, const Person& person) {
    return shop.operate(
        table,
        [](AuthBench& bench) {
            std::vector<ShownDevice> shown;
            return bench.list_devices(shown);
        },
        person);
}

/// What every plugin can be asked, and has to refuse.
Did ask_in_vain(AuthShop& shop, const hearth_auth& table, const Person& person) {
    TokenSecret secret;
    DID_STEP(fails(
        "enrolling a device that is not there",
        shop.operate(
            table, [&](AuthBench& bench) { return bench.enroll(kNoDevice, 0, secret); }, person)));
    DID_STEP(
        fails("acquiring a secret for no entry at all", acquire(shop, table, {}, secret, person)));
    return fails("acquiring a secret for an entry that nobody has made",
                 acquire(shop, table, {kMadeUpEntry, kMadeUpEntry}, secret, person));
}

}  // namespace

Did enroll(AuthShop& shop, const hearth_auth& table, TokenSecret& out, hearth_flags flags) {
    return shop.operate(
        table, [&](AuthBench& bench) { return bench.enroll(shop.context.device, flags, out); },
        shop.owner());
}

Did acquire(AuthShop& shop, const hearth_auth& table, const std::vector<std::string>& entries,
            TokenSecret& out, const Person& person) {
    return shop.operate(
        table, [&](AuthBench& bench) { return bench.acquire(entries, out); }, person);
}

Did use(AuthShop& shop, const hearth_auth& table, const Person& person) {
    DID_STEP(list(shop, table, person));
    DID_STEP(ask_in_vain(shop, table, person));
    if (shop.context.device.empty()) return {};
    TokenSecret made;
    DID_STEP(shop.operate(
        table, [&](AuthBench& bench) { return bench.enroll(shop.context.device, 0, made); },
        person));
    TokenSecret found;
    return acquire(shop, table, {kMadeUpEntry, made.entry}, found, person);
}

Did use(AuthShop& shop, const hearth_auth& table) {
    return use(shop, table, shop.owner());
}

Outcome to_outcome(const Did& did) {
    return did.ok() ? passed() : failed(did.text);
}

}  // namespace hearth::check
