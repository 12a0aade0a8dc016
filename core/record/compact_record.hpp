// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/record/user_record.hpp"

namespace hearth::record {

/// A user record that nobody works with right now: its text, in a fifth of the memory, and what is
/// asked for most. It has no secret section. Any number of threads may read one.
class CompactRecord {
  public:
    explicit CompactRecord(const UserRecord& record);

    [[nodiscard]] const std::string& user_name() const { return user_name_; }
    [[nodiscard]] const std::string& realm() const { return realm_; }  ///< empty if there is none
    [[nodiscard]] std::string identity() const {
        return realm_.empty() ? user_name_ : user_name_ + "@" + realm_;
    }
    [[nodiscard]] bool has_privileged() const { return privileged_end_ > privileged_begin_; }

    /// The whole record, to work with.
    [[nodiscard]] UserRecord expand() const;
    /// Its status section; empty if it has none.
    [[nodiscard]] Object status() const;
    /// canonical() of the record with this status section (canonical JSON text of an object; "":
    /// none), and without its privileged section unless that is wanted.
    [[nodiscard]] std::string json(bool privileged, std::string_view status) const;
    /// The same behind what there is. One who says it to many need not copy it for each.
    void append_json(std::string& out, bool privileged, std::string_view status) const;
    /// Equal for records that say the same, of whichever sections.
    [[nodiscard]] std::string json() const { return json(true, status_); }

    bool operator==(const CompactRecord& other) const {
        return text_ == other.text_ && status_ == other.status_;
    }

  private:
    std::string user_name_, realm_;
    std::string text_;    // canonical, but for the status
    std::string status_;  // that of the record; empty if it has none
    // Of the text. The user name is behind both, so that each ends with its comma.
    std::size_t privileged_begin_ = 0, privileged_end_ = 0;
    std::size_t status_at_ = 0;
};

}  // namespace hearth::record
