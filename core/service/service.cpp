// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/service.hpp"

#include <utility>
#include <vector>

#include "core/home/blob_folder.hpp"
#include "core/service/job.hpp"
#include "core/system/clock.hpp"
#include "core/worker/client.hpp"

namespace hearth::service {

namespace {

/// What is proven is written down together with what is proven soon after.
constexpr std::uint64_t kKeepUsec = 2'000'000;

}  // namespace

Service::Service(home::Root root, record::Machine machine, Loop& loop, Events& events)
    : surroundings_{std::move(root), std::move(machine),
                    [this](const record::CompactRecord& record) { return is_signed_here(record); }},
      loop_(loop),
      events_(events),
      registry_(surroundings_),
      runner_(surroundings_.root, loop,
              [this](worker::Request& request) { tell_of_neighbours(request); }),
      limit_(surroundings_.root),
      proven_(surroundings_.root),
      metrics_(system::now_usec()) {}

Service::~Service() {
    keep_proven();
}

Result<record::KeyStore*> Service::keys() {
    if (!keys_) {
        HEARTH_TRY(opened, record::KeyStore::open(root().key_dirs(), root().state_dir()));
        for (const Error& warning : opened.warnings()) events_.on_problem(warning);
        keys_ = std::move(opened);
    }
    return &*keys_;
}

bool Service::is_signed_here(const record::CompactRecord& record) {
    const auto store = keys();
    const record::PublicKey* const own = store ? (*store)->local_public_key() : nullptr;
    if (own == nullptr) return false;
    const std::string_view key(reinterpret_cast<const char*>(own->raw().data()), own->raw().size());
    const std::string text = record.json(true, "");
    if (proven_.contains(key, text)) return true;
    const auto trust = (*store)->verify(record.expand());
    if (!trust || *trust != record::Trust::exclusive) return false;
    proven_.add(key, text);
    if (!soon_) soon_ = loop_.after(kKeepUsec, [this] { keep_proven(); });
    return true;
}

/// It is worth no message when it fails: the next run does the work again.
void Service::keep_proven() {
    soon_.reset();
    if (proven_.is_new()) static_cast<void>(proven_.save());
}

Result<void> Service::start() {
    std::vector<Error> problems;
    HEARTH_CHECK(registry_.load(problems));
    for (const Error& problem : problems) events_.on_problem(problem);
    for (const std::string& user : worker::unfinished_homes(root())) recover(user);
    for (const auto& entry : registry_.homes()) make_files_folder(*entry.second);
    for (const std::string& user : References::left_behind(root())) {
        const auto there = registry_.homes().find(user);
        if (there != registry_.homes().end()) restore_references(*there->second);
    }
    return ok();
}

void Service::restore_references(Home& home) {
    home.was_referenced = true;
    const auto found = home.references().restore(root(), loop_, home.user_name(),
                                                 [this, name = home.user_name()] { unused(name); });
    if (!found) events_.on_problem(found.error());
    if (!found || !*found) home.was_referenced = false;
}

void Service::make_files_folder(const Home& home) {
    if (!home.is_fixated() || home::BlobFolder::has_system(root(), home.user_name())) return;
    const auto made = home::BlobFolder::make_system(root(), home.user_name());
    if (!made) events_.on_problem(made.error());
}

/// What an earlier run was doing with a home comes to its end before anything else is done with it.
void Service::recover(const std::string& user) {
    if (!recovering_.insert(user).second) return;
    runner_.run(worker::plain_request("recover", user), "", nullptr,
                [this, user](const Result<worker::Reply>& result) {
                    recovering_.erase(user);
                    if (!result) events_.on_problem(result.error());
                    record_changed(user);
                });
}

bool Service::is_at_rest(const Home& home) const {
    return !home.activity() && !recovering_.contains(home.user_name());
}

void Service::record_changed(const std::string& user) {
    const Home* const known = registry_.find(user);
    // An operation looks for itself when it has ended.
    if ((known != nullptr && known->activity()) || making_.contains(user)) return;
    const auto change = registry_.reload(user);
    if (!change) return events_.on_problem(change.error());
    if (*change == Registry::Change::added) {
        make_files_folder(*registry_.find(user));
        events_.on_added(*registry_.find(user));
    }
    if (*change == Registry::Change::changed) events_.on_changed(*registry_.find(user));
    if (*change == Registry::Change::removed) record_gone(user);
    serve_queue(user);
}

void Service::record_gone(const std::string& user) {
    events_.on_removed(user);
    when_record_goes_();
}

void Service::found(const record::UserRecord& record) {
    const std::string& user = record.user_name();
    if (registry_.find(user) != nullptr || making_.contains(user)) return;
    events_.on_added(registry_.add_unfixated(record));
}

void Service::lost(const std::string& user) {
    const Home* const home = registry_.find(user);
    if (home == nullptr || home->is_fixated() || home->activity()) return;
    registry_.forget(user);
    events_.on_removed(user);
    serve_queue(user);
}

}  // namespace hearth::service
