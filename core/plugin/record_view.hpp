// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/host_record.h>

#include <deque>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"

namespace hearth::plugin {

/// A user record as plugins see it: the effective values of this machine, never the section
/// `secret`.
///
/// Borrows the record, which it changes only below /binding/ of this machine. Texts that it handed
/// out live as long as the view. One thread.
class RecordView {
  public:
    RecordView(record::UserRecord& record, record::Machine machine)
        : record_(record), machine_(std::move(machine)) {}
    RecordView(const RecordView&) = delete;
    RecordView& operator=(const RecordView&) = delete;

    [[nodiscard]] const record::UserRecord& record() const { return record_; }
    [[nodiscard]] const record::Machine& machine() const { return machine_; }

    /// The value a JSON pointer names. Errors: record-value-missing (not_supported),
    /// record-value-type (invalid_argument), record-pointer (invalid_argument).
    Result<std::string_view> get_str(std::string_view pointer) const;
    Result<std::uint64_t> get_u64(std::string_view pointer) const;
    Result<bool> get_bool(std::string_view pointer) const;
    Result<std::string_view> get_json(std::string_view pointer) const;

    /// Sets "/binding/NAME" of this machine, or removes it if `json` is null.
    /// Errors: record-patch-refused (permission), record-patch-value (invalid_argument).
    Result<void> patch(std::string_view pointer, const char* json);

    [[nodiscard]] const hearth_record* handle() const {
        return reinterpret_cast<const hearth_record*>(this);
    }
    [[nodiscard]] hearth_record* handle() { return reinterpret_cast<hearth_record*>(this); }
    static const RecordView& of(const hearth_record* handle) {
        return *reinterpret_cast<const RecordView*>(handle);
    }
    static RecordView& of(hearth_record* handle) { return *reinterpret_cast<RecordView*>(handle); }

  private:
    std::string_view keep(std::string text) const;

    record::UserRecord& record_;
    record::Machine machine_;
    /// A deque, because texts in it must not move.
    mutable std::deque<std::string> lent_;
};

}  // namespace hearth::plugin
