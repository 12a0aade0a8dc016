// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/home.hpp"

#include <utility>

#include "core/home/state.hpp"
#include "core/record/effective.hpp"
#include "core/record/json.hpp"
#include "core/service/status.hpp"

namespace hearth::service {

namespace {

using record::Sections;

constexpr std::string_view kStatus = "status";

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

Home::Home(record::UserRecord record, bool fixated, const Surroundings& surroundings)
    : record_(std::move(record)), fixated_(fixated), surroundings_(surroundings) {
    remember();
}

void Home::replace_record(record::UserRecord record, bool fixated) {
    record_ = std::move(record);
    fixated_ = fixated;
    remember();
}

void Home::remember() {
    const record::Effective effective(record_, surroundings_.machine);
    uid_ = static_cast<uid_t>(effective.number("uid").value_or(kNoUid));
    real_name_ = effective.text("realName").value_or(user_name());
    home_directory_ = effective.home_directory();
    shell_ = effective.shell();
    image_path_ = effective.text("imagePath").value_or("");
    aliases_ = effective.strings("aliases");
    member_of_ = effective.strings("memberOf");
    auto_login_ = effective.flag("autoLogin").value_or(false);
    plain_.made = full_.made = false;
    signed_here_.reset();
}

State Home::state() const {
    if (activity_) return *activity_;
    if (!fixated_) return State::unfixated;
    const State now = at_rest(home::state_at({home_directory_, image_path_}, surroundings_.root));
    return now == State::active && retry ? State::lingering : now;
}

/// Everything but the status stays the same from one reader to the next.
const Home::Text& Home::text(bool trusted) const {
    Text& text = trusted ? full_ : plain_;
    if (text.made) return text;
    const record::UserRecord shown =
        record_.with_sections(trusted ? Sections::stored : Sections::shown);
    record::Object before = shown.json();
    record::Object after = before;
    before.remove_if([](std::string_view name) { return name >= kStatus; });
    after.remove_if([](std::string_view name) { return name <= kStatus; });
    text.before = record::to_canonical(before);
    // The user name is always behind it.
    text.before.back() = before.empty() ? '{' : ',';
    if (before.empty()) text.before = "{";
    text.after = "," + record::to_canonical(after).substr(1);
    text.made = true;
    return text;
}

Shown Home::shown(bool trusted) const {
    if (!signed_here_) signed_here_ = surroundings_.is_signed_here(record_);
    const Text& around = text(trusted);
    Shown shown;
    shown.json = around.before + "\"status\":" +
                 record::to_canonical(status_now(*this, surroundings_, *signed_here_)) +
                 around.after;
    shown.incomplete = !trusted && record::overlap(record_.sections(), Sections::privileged);
    return shown;
}

}  // namespace hearth::service
