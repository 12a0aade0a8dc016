// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/tokens/new_keys.hpp"

#include <algorithm>

#include "core/secret/recovery_key.hpp"

namespace hearth::homectl {

namespace {

constexpr const char* kList = "list";

}  // namespace

Result<void> NewKeys::make_recovery_key(const std::string& path) {
    HEARTH_TRY(place, RecoveryKeyPlace::open(path));
    place_ = std::move(place);
    HEARTH_TRY(key, secret::make_recovery_key());
    HEARTH_TRY(copy, key.clone());
    recovery_key_ = std::move(key);
    keys_.push_back({"recoveryKey", std::move(copy)});
    return ok();
}

Result<void> NewKeys::fill(worker::Request& request) const {
    for (const NewKey& key : keys_) {
        HEARTH_TRY(copy, key.secret.clone());
        request.new_keys.push_back(std::move(copy));
    }
    return ok();
}

Result<void> NewKeys::show(const std::string& user) {
    if (!recovery_key_) return ok();
    auto place = std::exchange(place_, std::nullopt);
    return place->write(*recovery_key_, user);
}

Result<NewKeys> make_new_keys(record::UserRecord& record, const record::Machine& machine,
                              const TokenChanges& changes, Dialogue& dialogue) {
    NewKeys out;
    HEARTH_CHECK(remove_entries(record, changes));
    if (changes.recovery_key.value_or(false)) {
        HEARTH_CHECK(out.make_recovery_key(changes.recovery_key_file));
        add_recovery_entry(record);
    }
    HEARTH_TRY(keys, enroll_tokens(record, machine, changes, dialogue));
    for (NewKey& key : keys) out.keys_.push_back(std::move(key));
    sort_as_in_record(out.keys_);
    return out;
}

bool list_devices_instead(const TokenChanges& changes) {
    return std::any_of(changes.enroll.begin(), changes.enroll.end(),
                       [](const auto& wish) { return wish.device == kList; });
}

bool list_tokens_instead(const TokenChanges& changes) {
    return std::find(changes.remove.begin(), changes.remove.end(), kList) != changes.remove.end();
}

Result<ExitStatus> show_devices(const Context& context) {
    for (const auto& wish : context.invocation.changes.tokens().enroll)
        if (wish.device == kList) HEARTH_CHECK(print_devices(wish.kind));
    return 0;
}

Result<ExitStatus> show_tokens(const record::UserRecord& record) {
    print_tokens(record);
    return 0;
}

}  // namespace hearth::homectl
