// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/record/compact_record.hpp"
#include "core/record/user_record.hpp"
#include "core/record/value.hpp"
#include "core/service/loop.hpp"
#include "core/service/order.hpp"
#include "core/service/references.hpp"
#include "core/service/state.hpp"
#include "core/service/surroundings.hpp"

namespace hearth::service {

/// The UID of a home that has none on this machine.
inline constexpr uid_t kNoUid = static_cast<uid_t>(-1);

/// A record as a reader gets it.
struct Shown {
    std::string json;
    /// Was there a privileged section that this reader may not see?
    bool incomplete = false;
};

/// One home: its record, and what is going on with it. Owned by the Registry; one thread.
class Home {
  public:
    /// `fixated`: the record is this machine's own copy, not only what the name of an image tells.
    /// Any thread may make one.
    Home(const record::UserRecord& record, bool fixated, const Surroundings& surroundings);

    /// The record, to work with: made from its text, which is what is kept of it.
    [[nodiscard]] record::UserRecord record() const { return record_.expand(); }
    [[nodiscard]] const record::CompactRecord& compact() const { return record_; }
    [[nodiscard]] const std::string& user_name() const { return record_.user_name(); }
    [[nodiscard]] const std::string& realm() const { return record_.realm(); }
    [[nodiscard]] std::string identity() const { return record_.identity(); }
    [[nodiscard]] bool is_fixated() const { return fixated_; }

    // What holds on this machine, kept at hand because everybody asks for it.
    [[nodiscard]] uid_t uid() const { return uid_; }
    [[nodiscard]] const std::string& real_name() const { return real_name_; }
    [[nodiscard]] const std::string& home_directory() const { return home_directory_; }
    [[nodiscard]] const std::string& shell() const { return shell_; }
    [[nodiscard]] const std::vector<std::string>& aliases() const { return aliases_; }
    [[nodiscard]] const std::vector<std::string>& member_of() const { return member_of_; }
    [[nodiscard]] const std::string& image_path() const { return image_path_; }
    [[nodiscard]] bool auto_login() const { return auto_login_; }
    /// As the record itself has it; empty if it does not.
    [[nodiscard]] const std::string& uuid() const { return uuid_; }
    /// The same; null if it does not.
    [[nodiscard]] const record::Value& disposition() const { return disposition_; }

    /// The state; and the image, if it was looked at for that and is there.
    struct Look {
        State state = State::absent;
        std::optional<struct stat> image = std::nullopt;
    };
    /// Looks at the kernel and the file system unless an operation is running.
    [[nodiscard]] Look look() const;
    [[nodiscard]] State state() const { return look().state; }
    /// Canonical JSON without secrets, with the status of this moment. `trusted`: root or the
    /// owner.
    [[nodiscard]] Shown shown(bool trusted) const;
    /// The same behind what there is; returns whether it is incomplete.
    bool append_shown(std::string& out, bool trusted) const;

    // For the service alone.
    void replace_record(const record::UserRecord& record, bool fixated);
    /// The state while an operation runs; nothing: it is over.
    void set_activity(std::optional<State> activity) { activity_ = activity; }
    [[nodiscard]] const std::optional<State>& activity() const { return activity_; }
    [[nodiscard]] References& references() { return references_; }
    [[nodiscard]] const References& references() const { return references_; }
    /// Set while deactivating is going to be tried again.
    std::unique_ptr<Loop::Handle> retry;
    /// What runs is the service's own idea, and ends as soon as anybody wants something else.
    std::optional<Ticket> gives_way;
    /// Somebody got a reference to it: when the last one is gone, the home is closed. A reference
    /// that was only held while a wrong password was tried closes nothing.
    bool was_referenced = false;
    /// The last reference went while the home could not be closed; see to it when it can.
    bool close_when_unused = false;

  private:
    void remember(const record::UserRecord& record);

    record::CompactRecord record_;
    bool fixated_;
    const Surroundings& surroundings_;
    std::optional<State> activity_;
    References references_;
    uid_t uid_ = 0;
    std::string real_name_, home_directory_, shell_, image_path_, uuid_;
    std::vector<std::string> aliases_, member_of_;
    bool auto_login_ = false;
    record::Value disposition_;
    mutable std::optional<bool> signed_here_;
};

}  // namespace hearth::service
