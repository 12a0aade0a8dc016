// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/operation.hpp"

#include <sys/random.h>
#include <syslog.h>

#include "core/operation/credentials.hpp"
#include "core/operation/place.hpp"
#include "core/operation/recover.hpp"
#include "core/operation/sandbox.hpp"
#include "core/plugin/loader.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

/// What a plugin was lent stays where it is: lists of secrets grow, but never beyond this.
constexpr std::size_t kMostKeys = 128;

Result<void> add(std::vector<secret::Secret>& list, secret::Secret one) {
    if (list.size() == list.capacity())
        return Error(Code::invalid_argument, "secrets-too-many",
                     "Too many or too long passwords were given.");
    list.push_back(std::move(one));
    return ok();
}

std::uint64_t random_id() {
    std::uint64_t id = 0;
    // getrandom() of eight bytes is never interrupted and never short once the kernel is up.
    [[maybe_unused]] const ssize_t n = ::getrandom(&id, sizeof id, 0);
    return id;
}

}  // namespace

Operation::Operation(Request request, record::Machine machine, home::Store store, home::Lock lock,
                     Channel& channel)
    : request_(std::move(request)),
      machine_(std::move(machine)),
      store_(std::move(store)),
      lock_(std::move(lock)),
      channel_(channel),
      journal_(request_.root, request_.user),
      tokens_(*this) {
    request_.secrets.token_secrets.reserve(kMostKeys);
    request_.secrets.recovery_keys.reserve(kMostKeys);
    wire_context();
}

Result<std::unique_ptr<Operation>> Operation::begin(Request request, Channel& channel) {
    HEARTH_TRY(machine, home::read_machine(request.root));
    HEARTH_TRY(lock, home::Lock::take(request.root, request.user, to_text(request.verb)));
    HEARTH_TRY(store, home::Store::open(request.root));
    normalize_recovery_keys(request.secrets);
    auto op = std::make_unique<Operation>(std::move(request), std::move(machine), std::move(store),
                                          std::move(lock), channel);
    HEARTH_CHECK(recover_left_behind(*op));
    return op;
}

void Operation::wire_context() {
    context_.op_id = random_id();
    context_.user = request_.user;
    context_.cancel_fd = channel_.cancel_fd();
    context_.secrets = &request_.secrets;
    context_.on_log = [this](int priority, std::string_view text) { channel_.log(priority, text); };
    context_.on_progress = [this](std::uint64_t done, std::uint64_t total, std::string_view step) {
        channel_.progress(step, done, total);
    };
    context_.on_critical = [this](bool on) { channel_.critical(on); };
    context_.save_note = [this](std::string_view note) {
        return journal_.set_note(std::string(note));
    };
    context_.place_of = [this](const record::UserRecord& record) {
        return place_of(*this, record);
    };
}

Result<record::KeyStore*> Operation::keys() {
    if (!keys_) {
        HEARTH_TRY(opened, record::KeyStore::open(root().key_dirs(), root().state_dir()));
        keys_ = std::move(opened);
    }
    return &*keys_;
}

const home::Config& Operation::config() {
    if (config_) return *config_;
    config_ = home::read_config(root());
    for (const auto& problem : config_->warnings) warn(problem.one_line());
    return *config_;
}

const plugin::Registry& Operation::registry() {
    if (!registry_) registry_ = plugin::Registry::scan(plugin::default_folders());
    return *registry_;
}

/// Names of users are not all digits, so that this is nobody's home.
bool Operation::reserve_uid(uid_t uid) {
    if (uids_.contains(uid)) return true;
    auto lock = home::Lock::take(root(), std::to_string(uid), "a new home");
    if (lock) uids_.emplace(uid, std::move(lock).value());
    return lock || lock.error().code() != Code::home_busy;
}

Result<plugin::Registry::Storage> Operation::find_storage(const std::string& name) {
    if (registry_) return registry_->find_storage(name);
    auto known = registry_for_.find(name);
    if (known == registry_for_.end())
        known =
            registry_for_.emplace(name, plugin::Registry::scan_for(plugin::default_folders(), name))
                .first;
    return known->second.find_storage(name);
}

Result<plugin::StorageProvider> Operation::provider(const std::string& storage) {
    HEARTH_TRY(found, find_storage(storage));
    HEARTH_CHECK(open_plugin_store());
    HEARTH_CHECK(shut_in(found.entry->manifest->needs));
    return load(found);
}

Result<std::vector<plugin::StorageProvider>> Operation::providers(
    const std::vector<plugin::Registry::Storage>& storages) {
    plugin::Needs all;
    for (const auto& storage : storages) all.add(storage.entry->manifest->needs);
    HEARTH_CHECK(open_plugin_store());
    HEARTH_CHECK(shut_in(all));
    std::vector<plugin::StorageProvider> out;
    for (const auto& storage : storages) {
        if (auto loaded = load(storage))
            out.push_back(std::move(loaded).value());
        else
            warn("A plugin could not be asked.", loaded.error());
    }
    return out;
}

/// Once and for all: what has been given up cannot be had back, and what is left suffices for what
/// was loaded first.
Result<void> Operation::shut_in(const plugin::Needs& needs) {
    if (is_shut_in_) return ok();
    HEARTH_CHECK(enter_sandbox(needs, channel_.control_group()));
    is_shut_in_ = true;
    return ok();
}

Result<void> Operation::prepare_for(const std::vector<plugin::Registry::Auth>& plugins,
                                    const std::string& storage) {
    plugin::Needs all;
    if (const auto found = find_storage(storage)) all.add(found->entry->manifest->needs);
    for (const auto& plugin : plugins) all.add(plugin.entry->manifest->needs);
    HEARTH_CHECK(open_plugin_store());
    return shut_in(all);
}

Result<plugin::AuthProvider> Operation::auth_provider(const plugin::Registry::Auth& auth) {
    HEARTH_TRY(loaded, load_entry(*auth.entry));
    HEARTH_TRY(table, plugin::auth_table(*loaded, auth.manifest->name));
    channel_.progress("asking the security token", 0, 0);
    plugin::AuthProvider provider(*table, auth.entry->manifest->id, context_);
    if (auth.entry->builtin) provider.quote();
    return provider;
}

Result<void> Operation::add_token_secret(secret::Secret text) {
    return add(request_.secrets.token_secrets, std::move(text));
}

Result<void> Operation::add_recovery_key(secret::Secret key) {
    return add(request_.secrets.recovery_keys, std::move(key));
}

Result<const hearth_plugin*> Operation::load_entry(const plugin::Registry::Entry& entry) {
    channel_.progress("loading the plugin " + entry.manifest->id, 0, 0);
    return plugin::load(entry, plugin::host_table(HEARTH_ROLE_WORKER, "hearth-worker"));
}

Result<plugin::StorageProvider> Operation::load(const plugin::Registry::Storage& storage) {
    const plugin::Manifest& manifest = *storage.entry->manifest;
    HEARTH_TRY(loaded, load_entry(*storage.entry));
    HEARTH_TRY(table, plugin::storage_table(*loaded, storage.manifest->name));
    plugin::StorageProvider provider(*table, manifest.id, context_);
    if (storage.entry->builtin) provider.quote();
    // Loading has a short deadline, which what it is loaded for must not inherit.
    channel_.progress("asking the plugin " + manifest.id, 0, 0);
    return provider;
}

/// What plugins remember of this machine: one folder for each of them.
Result<void> Operation::open_plugin_store() {
    if (plugin_store_) return ok();
    const std::string path = root().hearth_dir() + "/plugins";
    HEARTH_CHECK(home::make_private_dir(root(), path));
    HEARTH_TRY(folder, system::open_dir(path));
    plugin_store_ = std::move(folder);
    context_.state_dir = plugin_store_.get();
    return ok();
}

Result<void> Operation::run(const std::vector<Step>& steps) {
    bool committed = false;
    std::vector<Step> watched = steps;
    for (Step& step : watched) {
        if (!step.commits) continue;
        step.run = [&committed, inner = step.run] {
            auto result = inner();
            committed = result.has_value();
            return result;
        };
    }
    auto result = run_steps(watched, *this);
    if (!journal_.is_open() || leave_journal_ || (!result && committed)) return result;
    // A failure may have left something that only recovery finds; without one there is nothing to
    // do.
    auto closed = result ? journal_.clear() : recover_left_behind(*this);
    if (!closed) warn("The operation's journal stays until the next start.", closed.error());
    return result;
}

Result<void> Operation::write_intent(const std::string& storage, system::Durability durability,
                                     const record::UserRecord* record, std::uint64_t change_usec) {
    Intent intent;
    intent.op_id = context_.op_id;
    // What is going on with the medium is the same, and plugins know but one word for it.
    intent.verb = verb() == Verb::fixate      ? Verb::adopt
                  : verb() == Verb::rebalance ? Verb::resize
                                              : verb();
    intent.user = user();
    intent.storage = storage;
    intent.change_usec = change_usec;
    if (record != nullptr) intent.record = record->clone();
    return journal_.begin(std::move(intent), durability);
}

Result<void> Operation::announce_opening(const std::string& storage) {
    Intent intent;
    intent.op_id = context_.op_id;
    intent.verb = Verb::activate;
    intent.user = user();
    intent.storage = storage;
    if (auto written = journal_.begin(std::move(intent), system::Durability::atomic); !written)
        warn("The journal could not be written; the operation goes on without it.",
             written.error());
    return ok();
}

Result<void> Operation::announce_record() {
    Intent intent;
    intent.op_id = context_.op_id;
    intent.verb = Verb::register_home;
    intent.user = user();
    return journal_.begin(std::move(intent), system::Durability::atomic);
}

void Operation::warn(std::string sentence) {
    channel_.log(LOG_WARNING, sentence);
    warnings_.push_back(std::move(sentence));
}

void Operation::warn(const std::string& sentence, const Error& cause) {
    warn(sentence + " " + cause.one_line());
}

void Operation::on_step(const std::string& name) {
    channel_.progress(name, 0, 0);
}

bool Operation::cancelled() {
    return context_.cancelled();
}

}  // namespace hearth::operation
