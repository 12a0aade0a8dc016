// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/home.hpp"

#include <utility>

#include "core/home/state.hpp"
#include "core/record/effective.hpp"
#include "core/record/json.hpp"
#include "core/service/status.hpp"

namespace hearth::service {

namespace {

State at_rest(home::State state) {
    switch (state) {
        case home::State::absent:
            return State::absent;
        case home::State::inactive:
            return State::inactive;
        case home::State::dirty:
            return State::dirty;
        case home::State::active:
            return State::active;
        case home::State::locked:
            return State::locked;
    }
    return State::absent;
}

}  // namespace

Home::Home(const record::UserRecord& record, bool fixated, const Surroundings& surroundings)
    : record_(record), fixated_(fixated), surroundings_(surroundings) {
    remember(record);
}

void Home::replace_record(const record::UserRecord& record, bool fixated) {
    record_ = record::CompactRecord(record);
    fixated_ = fixated;
    remember(record);
}

void Home::remember(const record::UserRecord& record) {
    const record::Effective effective(record, surroundings_.machine);
    uid_ = static_cast<uid_t>(effective.number("uid").value_or(kNoUid));
    real_name_ = effective.text("realName").value_or(user_name());
    home_directory_ = effective.home_directory();
    shell_ = effective.shell();
    image_path_ = effective.text("imagePath").value_or("");
    aliases_ = effective.strings("aliases");
    member_of_ = effective.strings("memberOf");
    auto_login_ = effective.flag("autoLogin").value_or(false);
    uuid_ = record.json().get("uuid").text().value_or("");
    disposition_ = record.json().get("disposition");
    signed_here_.reset();
}

Home::Look Home::look() const {
    if (activity_) return {*activity_};
    if (!fixated_) return {State::unfixated};
    const home::Look seen = home::look_at({home_directory_, image_path_}, surroundings_.root);
    const State now = at_rest(seen.state);
    return {now == State::active && retry ? State::lingering : now, seen.image};
}

Shown Home::shown(bool trusted) const {
    Shown shown;
    shown.incomplete = append_shown(shown.json, trusted);
    return shown;
}

bool Home::append_shown(std::string& out, bool trusted) const {
    if (!signed_here_) signed_here_ = surroundings_.is_signed_here(record_);
    record_.append_json(out, trusted,
                        record::to_canonical(status_now(*this, surroundings_, *signed_here_)));
    return !trusted && record_.has_privileged();
}

}  // namespace hearth::service
