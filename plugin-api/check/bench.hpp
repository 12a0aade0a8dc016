// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/storage.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "breaches.hpp"
#include "core/plugin/services.hpp"
#include "home.hpp"
#include "tap.hpp"

namespace hearth::check {

/// What core would have in its journal. Plain bytes, so that it may lie in memory that outlives the
/// process that is killed.
struct Ledger {
    std::uint64_t op_id = 0;
    std::uint32_t verb = 0;
    std::uint32_t phase = HEARTH_PHASE_BEGUN;
    std::uint32_t note_size = 0;
    std::uint32_t calls = 0;
    char note[4096] = {};
};

/// How one call or a series of them went.
struct Did {
    static constexpr hearth_status kBroken = -1;  // the contract was broken: see the breaches
    static constexpr hearth_status kLost = -2;    // the calls succeeded, their effect is missing

    hearth_status status = HEARTH_OK;
    std::string text;

    [[nodiscard]] bool ok() const { return status == HEARTH_OK; }
    [[nodiscard]] bool broken() const { return status == kBroken; }
    [[nodiscard]] bool lost() const { return status == kLost; }
};

/// Everything that a bench may be asked for besides the ordinary.
struct BenchSettings {
    unsigned known_passwords = 1;   // bits: which ones the person types
    unsigned listed_passwords = 1;  // bits: which ones the record has
    int cancel_fd = -1;
    bool guards_outputs = false;  // memory behind what the plugin fills in is forbidden
    bool watches_files = false;   // Breach::inherited
    std::uint64_t disk_size = 0;  // diskSize of the record; 0: none
    /// Further fields of the record: name and JSON text.
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::function<void()> halfway = {};  // a new home is whole, and not in its place yet
};

/// One operation on one home, as a plugin sees it. Ended, nothing that it lent is valid any more.
class Bench {
  public:
    Bench(const hearth_storage& table, const Home& home, Ledger& ledger, Breaches& breaches,
          BenchSettings settings = {});
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;
    ~Bench();

    [[nodiscard]] const Home& home() const { return home_; }
    [[nodiscard]] Ledger& ledger() { return ledger_; }
    [[nodiscard]] Breaches& breaches() { return breaches_; }
    [[nodiscard]] const BenchSettings& settings() const { return settings_; }
    [[nodiscard]] const hearth_storage& table() const { return table_; }
    [[nodiscard]] hearth_record* record() { return view_.handle(); }

    /// Calls one member of the table and looks at what comes back. Absent: NOT_SUPPORTED.
    template <typename... Parameters, typename... Arguments>
    Did call(const char* name, hearth_status (*hearth_storage::*member)(hearth_op*, Parameters...),
             Arguments... arguments) {
        auto* const function = table_.*member;
        if (function == nullptr) return {HEARTH_E_NOT_SUPPORTED, std::string(name) + " is absent"};
        Tap::instance().forget();
        try {
            return judge(name, function(context_.handle(), arguments...));
        } catch (...) {
            return broke(Breach::exception, std::string(name) + " lets an exception out");
        }
    }
    /// Notes a breach; the result says so.
    Did broke(Breach kind, std::string text);
    /// Credentials for the passwords with these bits.
    std::vector<hearth_credential> credentials(unsigned mask);

  private:
    Did judge(const char* name, hearth_status status);
    void look_at_files(const char* name);

    const hearth_storage& table_;
    const Home& home_;
    Ledger& ledger_;
    Breaches& breaches_;
    BenchSettings settings_;
    std::set<int> inherited_;  // files that are open from before
    secret::Secrets secrets_;
    std::vector<secret::Secret> fresh_;
    record::UserRecord record_;
    plugin::RecordView view_;
    plugin::OperationContext context_;
};

/// Looks at what a function gave, and at what was heard while it ran.
Did judge_status(Breaches& breaches, const char* name, hearth_status status);

/// "home-busy" for HEARTH_E_HOME_BUSY.
[[nodiscard]] std::string name_of_code(hearth_status status);

}  // namespace hearth::check
