// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/operation/verb.hpp"
#include "core/record/user_record.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

/// How far an operation has come; the numbers are those of hearth_intent.
enum class Phase : std::uint32_t { begun = 0, committing = 1, recorded = 2 };

/// What an operation is about to do: enough for another process to finish or undo it. Never a
/// secret.
struct Intent {
    std::uint64_t op_id = 0;
    Verb verb = Verb::activate;
    std::string user;
    std::string storage;
    Phase phase = Phase::begun;
    /// create and adopt: the record as it will be. Otherwise the host's own copy tells.
    std::optional<record::UserRecord> record;
    /// update and passwd: lastChangeUSec of the new record; the host's copy says whether it was
    /// written.
    std::uint64_t change_usec = 0;
    /// The plugin's last note, arbitrary bytes.
    std::string note;
};

/// The journal of one home: one file in the state folder, there while an operation that changes
/// something is on its way.
///
/// A power cut may take what was not synced, also the content of the file: then it asks for
/// nothing. A lost clear() is harmless: what the journal asks for can be done twice.
class Journal {
  public:
    Journal(home::Root root, std::string user) : root_(std::move(root)), user_(std::move(user)) {}

    /// `synced`: it is on disk when this returns. Otherwise it is for the death of this process, as
    /// long as the operation has done nothing that a restart of the machine would leave half done.
    Result<void> begin(Intent intent, system::Durability durability);
    /// Not synced.
    Result<void> set_phase(Phase phase);
    /// What the plugin has bound to this machine meanwhile. Not synced.
    Result<void> set_record(const record::UserRecord& record);
    /// On disk when this returns, with all that was said before.
    Result<void> set_note(std::string note);
    Result<void> sync();
    Result<void> clear();

    [[nodiscard]] bool is_open() const { return open_; }
    [[nodiscard]] const Intent& intent() const { return intent_; }

    /// What an earlier process left for this user; nothing if it left nothing.
    /// Errors: journal-damaged (the file stays where it is).
    static Result<std::optional<Intent>> left_behind(const home::Root& root,
                                                     const std::string& user);

  private:
    Result<void> write(system::Durability durability);

    home::Root root_;
    std::string user_;
    Intent intent_;
    bool open_ = false;
};

/// The journal's file format, strictly parsed. Errors: journal-damaged.
Result<Intent> parse_intent(const std::string& content);
std::string to_text(const Intent& intent);

}  // namespace hearth::operation
