// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/record/password_age.hpp"
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/format.hpp"
#include "hosts/homectl/output/inspect.hpp"

namespace hearth::homectl {

namespace {

struct Verdict {
    std::string text;
    Colour colour;
};

std::uint64_t add(std::uint64_t a, std::uint64_t b) {
    return a > kInfinity - b ? kInfinity : a + b;
}

bool is_nologin(const std::string& shell) {
    const std::string_view name = std::string_view(shell).substr(shell.rfind('/') + 1);
    return name == "nologin" || name == "false";
}

/// When attempts to log in are counted out: the time from which on there may be another one.
std::optional<std::uint64_t> rate_limit_end(const Home& home) {
    const auto begin = home.effective.number("/status/rateLimitBeginUSec");
    const auto count = home.effective.number("/status/rateLimitCount");
    if (!begin || !count || *begin > home.now) return std::nullopt;
    if (*count < home.effective.number("rateLimitBurst").value_or(30)) return std::nullopt;
    const std::uint64_t end =
        add(*begin, home.effective.number("rateLimitIntervalUSec").value_or(60000000));
    if (end <= home.now) return std::nullopt;
    return end;
}

Verdict login_verdict(const Home& home) {
    const auto no = [](std::string why) {
        return Verdict{"no (" + std::move(why) + ")", Colour::red};
    };
    const record::Effective& record = home.effective;
    if (record.flag("locked").value_or(false)) return no("record is locked");
    if (home.now < record.number("notBeforeUSec").value_or(0)) return no("not valid yet");
    if (home.now > record.number("notAfterUSec").value_or(kInfinity))
        return no("not valid anymore");
    if (is_nologin(record.shell())) return no("no login shell");
    if (rate_limit_end(home)) return no("too many attempts");
    return {"yes", Colour::green};
}

/// What the dates of the password's policy say.
Verdict policy_verdict(const Home& home) {
    using record::PasswordAge;
    switch (record::password_term(home.effective, home.now).age) {
        case PasswordAge::cannot_change:
            return {"change not permitted", Colour::yellow};
        case PasswordAge::expires_soon:
            return {"expires soon", Colour::yellow};
        case PasswordAge::change_now:
            return {"change now", Colour::yellow};
        case PasswordAge::expired:
            return {"expired, change now", Colour::yellow};
        case PasswordAge::dead:
            return {"expired for good", Colour::red};
        case PasswordAge::no_timestamp:
            return {"no timestamp", Colour::yellow};
        case PasswordAge::from_the_future:
            return {"last change is in the future", Colour::yellow};
        case PasswordAge::fine:
            break;
    }
    return {"yes", Colour::green};
}

Verdict password_verdict(const Home& home) {
    const std::vector<std::string> hashes = home.record.hashed_passwords();
    if (hashes.empty()) return {"no (none set)", Colour::red};
    const auto all = [&](auto&& is) { return std::all_of(hashes.begin(), hashes.end(), is); };
    if (all([](const std::string& hash) { return hash.empty(); }))
        return {"no (set but empty)", Colour::red};
    if (all([](const std::string& hash) { return hash.starts_with('!') || hash.starts_with('*'); }))
        return {"no (locked)", Colour::red};
    return policy_verdict(home);
}

}  // namespace

void show_validity(Page& page, const Home& home) {
    const Verdict login = login_verdict(home);
    page.line("Login OK", login.text, login.colour);
    if (home.incomplete) return;
    const Verdict password = password_verdict(home);
    page.line("Password OK", password.text, password.colour);
}

}  // namespace hearth::homectl
