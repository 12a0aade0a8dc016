// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/plugin.h>

#include <sys/types.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/blobs.hpp"
#include "core/home/config.hpp"
#include "core/home/lock.hpp"
#include "core/home/neighbours.hpp"
#include "core/home/root.hpp"
#include "core/home/store.hpp"
#include "core/operation/channel.hpp"
#include "core/operation/journal.hpp"
#include "core/operation/tokens.hpp"
#include "core/operation/transaction.hpp"
#include "core/operation/verb.hpp"
#include "core/plugin/auth.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/storage.hpp"
#include "core/record/key_store.hpp"
#include "core/secret/secrets.hpp"
#include "core/secret/verifier.hpp"

namespace hearth::operation {

/// One operation on one home: what all its steps share. Made in the worker, one per process and
/// thread.
///
/// begin() takes the home's lock and first finishes or undoes what an earlier process left.
/// Everything else is opened when it is first asked for, so that an operation pays for nothing it
/// does not use.
class Operation final : public StepObserver {
  public:
    struct Request {
        home::Root root;
        Verb verb = Verb::activate;
        std::string user;
        secret::Secrets secrets;
        std::vector<secret::Secret> new_passwords;
        /// create, update: the secrets of those entries of the record that have no hash yet.
        std::vector<secret::Secret> new_keys;
        bool skip_quality = false;
        /// resize: bytes, or one of the special sizes of size.hpp. rebalance: bytes.
        std::uint64_t size = UINT64_MAX;
        /// resize: a share of the largest size instead, of 2^32-1.
        std::optional<std::uint64_t> size_share = std::nullopt;
        /// deactivate: no change of size on the way.
        bool keep_size = false;
        /// deactivate: of a home whose device was pulled out, whoever uses it.
        bool forced = false;
        /// create: of a home that has its record here already.
        bool realize = false;
        /// update: of this machine's record alone.
        bool offline = false;
        /// Does an authentication use up one of the attempts that the record allows?
        bool counted = true;
        /// create, register, update: the files that belong to the record. Nothing: they stay as
        /// they are.
        std::optional<home::BlobFiles> blobs = std::nullopt;
        /// For a new home: what is known of the others. Nothing: their records say it.
        std::optional<home::Neighbours> neighbours = std::nullopt;
    };

    /// `channel` is borrowed until the operation is gone.
    /// Errors: home-busy, machine-id-*, store-unreadable, and those of the recovery.
    static Result<std::unique_ptr<Operation>> begin(Request request, Channel& channel);

    [[nodiscard]] const home::Root& root() const { return request_.root; }
    [[nodiscard]] const record::Machine& machine() const { return machine_; }
    [[nodiscard]] Verb verb() const { return request_.verb; }
    [[nodiscard]] const std::string& user() const { return request_.user; }
    [[nodiscard]] const Request& request() const { return request_; }
    [[nodiscard]] home::Store& store() { return store_; }
    [[nodiscard]] secret::PasswordVerifier& verifier() { return verifier_; }
    [[nodiscard]] Tokens& tokens() { return tokens_; }
    [[nodiscard]] Journal& journal() { return journal_; }
    [[nodiscard]] plugin::OperationContext& context() { return context_; }
    [[nodiscard]] Channel& channel() { return channel_; }

    Result<record::KeyStore*> keys();
    /// What the administrator decided for new homes. Mistakes in it are warnings of the operation.
    const home::Config& config();
    /// All that is installed.
    const plugin::Registry& registry();
    /// The plugin for a storage; reads no other manifest if it need not. Errors: storage-unknown,
    /// storage-refused.
    Result<plugin::Registry::Storage> find_storage(const std::string& name);
    /// Loads the plugin that provides this storage. Errors: storage-unknown, storage-refused,
    /// plugin-*.
    Result<plugin::StorageProvider> provider(const std::string& storage);
    /// Loads several, to ask all of them the same. One that cannot be loaded is left out, with a
    /// warning. Errors: those of the sandbox.
    Result<std::vector<plugin::StorageProvider>> providers(
        const std::vector<plugin::Registry::Storage>& storages);

    /// Shuts this process in for these plugins and the one of a storage that may follow. Errors:
    /// those of the sandbox.
    Result<void> prepare_for(const std::vector<plugin::Registry::Auth>& plugins,
                             const std::string& storage);
    /// Loads the plugin for one kind of token. Errors: plugin-*.
    Result<plugin::AuthProvider> auth_provider(const plugin::Registry::Auth& auth);
    /// From now on storages see it among the secrets. Errors: secrets-too-many.
    Result<void> add_token_secret(secret::Secret text);
    /// The same for recovery keys.
    Result<void> add_recovery_key(secret::Secret key);

    /// Runs the steps; when they fail before their point of no return, the journal is closed as
    /// well.
    Result<void> run(const std::vector<Step>& steps);
    /// Opens the journal for this operation. `durability`: see Journal::begin(); `record`,
    /// `change_usec`: see Intent.
    Result<void> write_intent(const std::string& storage, system::Durability durability,
                              const record::UserRecord* record = nullptr,
                              std::uint64_t change_usec = 0);
    /// The same for a home that is opened, whatever for: recovery closes it again. Without room for
    /// it the operation goes on.
    Result<void> announce_opening(const std::string& storage);
    /// The same for an operation that writes nothing but the host's record. Errors: file-*.
    Result<void> announce_record();

    /// Something is left to do for recovery: the journal stays although the operation succeeds.
    void leave_journal() { leave_journal_ = true; }

    /// What an earlier operation left in the journal can be finished only once the home is open.
    void wait_for_opening(bool waits) { waits_for_opening_ = waits; }
    [[nodiscard]] bool waits_for_opening() const { return waits_for_opening_; }

    /// Something went wrong that is not the goal: the person is told, the operation goes on.
    /// Keeps a UID from all other operations until this one ends. False: one of them has it.
    bool reserve_uid(uid_t uid);

    void warn(std::string sentence);
    void warn(const std::string& sentence, const Error& cause);
    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

    void on_step(const std::string& name) override;
    [[nodiscard]] bool cancelled() override;

    Operation(Request request, record::Machine machine, home::Store store, home::Lock lock,
              Channel& channel);

  private:
    void wire_context();
    Result<void> open_plugin_store();
    Result<void> shut_in(const plugin::Needs& needs);
    Result<plugin::StorageProvider> load(const plugin::Registry::Storage& storage);
    Result<const hearth_plugin*> load_entry(const plugin::Registry::Entry& entry);

    Request request_;
    record::Machine machine_;
    home::Store store_;
    home::Lock lock_;
    std::map<uid_t, home::Lock> uids_;
    Channel& channel_;
    Journal journal_;
    secret::PasswordVerifier verifier_;
    Tokens tokens_;
    std::optional<record::KeyStore> keys_;
    std::optional<home::Config> config_;
    std::optional<plugin::Registry> registry_;
    std::map<std::string, plugin::Registry> registry_for_;
    plugin::OperationContext context_;
    UniqueFd plugin_store_;
    std::vector<std::string> warnings_;
    bool leave_journal_ = false;
    bool waits_for_opening_ = false;
    bool is_shut_in_ = false;
};

}  // namespace hearth::operation
