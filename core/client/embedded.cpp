// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/embedded.hpp"

#include <algorithm>
#include <optional>

#include "core/client/logged.hpp"
#include "core/client/side_by_side.hpp"
#include "core/client/worker_strand.hpp"
#include "core/home/many_records.hpp"
#include "core/home/state.hpp"
#include "core/record/effective.hpp"
#include "core/record/key_store.hpp"

namespace hearth::client {

namespace {

/// These name no home that has a record here yet, or none at all.
bool names_no_home(const worker::Request& request) {
    return request.record || request.verb == "adopt" || request.verb == "recover";
}

Result<record::UserRecord> look_up(const home::Root& root, const std::string& name) {
    HEARTH_TRY(machine, home::read_machine(root));
    HEARTH_TRY(store, home::Store::open(root));
    return store.find(name, machine);
}

/// A text that the record itself gives; defaults are not shown.
std::string own_text(const record::UserRecord& record, std::string_view field) {
    const auto value = record.get(field);
    return value ? value->text().value_or("") : "";
}

Listing::Row row_of(const record::UserRecord& record, const record::Machine& machine,
                    const home::Root& root) {
    const record::Effective effective(record, machine);
    return {.name = record.identity(),
            .uid = effective.number("uid"),
            .gid = effective.number("gid"),
            .state = std::string(home::to_text(home::state_of(effective, root))),
            .real_name = own_text(record, "realName"),
            .home_directory = effective.home_directory(),
            .shell = effective.shell()};
}

}  // namespace

Result<worker::Reply> Embedded::run(worker::Request request, worker::Observer& observer) {
    if (!names_no_home(request) && request.subject != found_) {
        HEARTH_TRY(record, look_up(root_, request.subject));
        request.subject = record.user_name();
    }
    Logged logged(request, observer);
    auto result = client_.run(std::move(request), logged);
    logged.ended(result);
    return result;
}

/// One worker more than there are processors: while one waits for the disk, another one computes.
Result<void> Embedded::run_batch(Batch& batch, worker::Observer& observer) {
    return SideBySide(batch, observer, processors() + 1,
                      [&](worker::Request request) {
                          return WorkerStrand::begin(root_, std::move(request), observer);
                      })
        .run();
}

Result<Listing> Embedded::list() {
    HEARTH_TRY(store, home::Store::open(root_));
    HEARTH_TRY(names, store.names());
    if (names.empty()) return Listing();
    const auto machine = home::read_machine(root_);
    std::vector<std::optional<Result<Listing::Row>>> found(names.size());
    home::read_records(store, names, [&](std::size_t at, const Result<record::UserRecord>& record) {
        if (!record)
            found[at].emplace(record.error());
        else if (machine)
            found[at].emplace(row_of(*record, *machine, root_));
    });
    Listing out;
    out.rows.reserve(found.size());
    for (auto& one : found) {
        if (!one) return machine.error();
        // One damaged record must not hide the others.
        if (*one)
            out.rows.push_back(std::move(*one).value());
        else
            out.damaged.push_back(std::move(*one).error());
    }
    return out;
}

Result<Known> Embedded::find(const std::string& name) {
    HEARTH_TRY(machine, home::read_machine(root_));
    HEARTH_TRY(store, home::Store::open(root_));
    HEARTH_TRY(record, store.find(name, machine));
    const auto state = home::state_of(record::Effective(record, machine), root_);
    found_ = record.user_name();
    return Known{std::move(record), std::string(home::to_text(state)), false};
}

std::optional<bool> Embedded::is_signed_here(const Known& home) {
    const auto keys = record::KeyStore::open(root_.key_dirs(), root_.state_dir());
    if (!keys) return std::nullopt;
    const auto trust = keys->verify(home.record);
    return trust && (*trust == record::Trust::exclusive || *trust == record::Trust::shared);
}

bool Embedded::opens_without_secret(const Known& home) const {
    return home.state == home::to_text(home::State::active);
}

Result<Use> Embedded::acquire(worker::Request request, worker::Observer& observer) {
    HEARTH_TRY(known, find(request.subject));
    if (opens_without_secret(known)) return Use{std::move(known.record), UniqueFd(), false};
    request.verb = "activate";
    HEARTH_TRY(reply, run(std::move(request), observer));
    // The record inside the home may be newer, and is what says where the home is.
    auto& record = reply.record ? *reply.record : known.record;
    return Use{std::move(record), UniqueFd(), true};
}

Result<void> Embedded::release(Use use, worker::Observer& observer) {
    if (!use.opened) return ok();
    HEARTH_TRY(reply, run(worker::plain_request("deactivate", use.record.user_name()), observer));
    (void)reply;
    return ok();
}

Result<void> Embedded::run_on_all(const worker::Request& like,
                                  const std::vector<std::string>& states,
                                  worker::Observer& observer, const Each& each) {
    HEARTH_TRY(listing, list());
    for (const auto& row : listing.rows) {
        if (std::find(states.begin(), states.end(), row.state) == states.end()) continue;
        worker::Request request = worker::plain_request(like.verb, row.name);
        request.keep_size = like.keep_size;
        const auto done = run(std::move(request), observer);
        each(row.name, done);
        if (!done && done.error().code() == Code::cancelled) break;
    }
    for (const Error& problem : listing.damaged) each("", problem);
    return ok();
}

Result<void> Embedded::lock_all(worker::Observer& observer, const Each& each) {
    return run_on_all(worker::plain_request("lock", ""), {"active"}, observer, each);
}

/// Shutting down, nobody waits for homes to become smaller.
Result<void> Embedded::deactivate_all(worker::Observer& observer, const Each& each) {
    worker::Request like = worker::plain_request("deactivate", "");
    like.keep_size = true;
    return run_on_all(like, {"active", "locked"}, observer, each);
}

Result<void> Embedded::rebalance() {
    return Error(Code::not_supported, "rebalance-needs-service",
                 "Only the service for home directories divides the disk among them.")
        .hint("Start it with: systemctl start hearthd");
}

Result<std::string> Embedded::metrics() {
    return Error(Code::not_supported, "metrics-need-service",
                 "Only the service for home directories counts what is done.")
        .hint("Start it with: systemctl start hearthd");
}

Result<std::vector<PublicKey>> Embedded::keys() {
    HEARTH_TRY(store, record::KeyStore::open(root_.key_dirs(), root_.state_dir()));
    HEARTH_TRY(keys, store.all_keys());
    std::vector<PublicKey> out;
    for (const auto& trusted : keys) out.push_back({trusted.name, trusted.key.pem()});
    return out;
}

Result<void> Embedded::add_key(const PublicKey& key) {
    HEARTH_TRY(store, record::KeyStore::open(root_.key_dirs(), root_.state_dir()));
    return store.add_key(key.name, key.pem);
}

Result<void> Embedded::remove_key(const std::string& name) {
    HEARTH_TRY(store, record::KeyStore::open(root_.key_dirs(), root_.state_dir()));
    return store.remove_key(name);
}

bool Embedded::needs_recovery() const {
    return worker::needs_recovery(root_);
}

}  // namespace hearth::client
