// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

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

/// What the dates of the password's policy say; nothing if there is no policy.
std::optional<Verdict> policy_verdict(const Home& home) {
    const record::Effective& record = home.effective;
    if (record.flag("passwordChangeNow").value_or(false))
        return Verdict{"change now", Colour::yellow};
    const auto least = record.number("passwordChangeMinUSec");
    const auto most = record.number("passwordChangeMaxUSec");
    if (!least && !most) return std::nullopt;
    const auto changed = record.number("lastPasswordChangeUSec");
    if (!changed) return Verdict{"no timestamp", Colour::yellow};
    if (*changed > home.now) return Verdict{"last change is in the future", Colour::yellow};
    const bool permitted = home.now >= add(*changed, least.value_or(0));
    if (most && *most != kInfinity) {
        const std::uint64_t expires = add(*changed, *most);
        const std::uint64_t warn = record.number("passwordChangeWarnUSec").value_or(0);
        const std::uint64_t dead =
            add(expires, record.number("passwordChangeInactiveUSec").value_or(kInfinity));
        if (home.now >= dead || (home.now >= expires && !permitted))
            return Verdict{"expired for good", Colour::red};
        if (home.now >= expires) return Verdict{"expired, change now", Colour::yellow};
        if (permitted && home.now >= expires - std::min(warn, expires))
            return Verdict{"expires soon", Colour::yellow};
    }
    if (!permitted) return Verdict{"change not permitted", Colour::yellow};
    return std::nullopt;
}

Verdict password_verdict(const Home& home) {
    const std::vector<std::string> hashes = home.record.hashed_passwords();
    if (hashes.empty()) return {"no (none set)", Colour::red};
    const auto all = [&](auto&& is) { return std::all_of(hashes.begin(), hashes.end(), is); };
    if (all([](const std::string& hash) { return hash.empty(); }))
        return {"no (set but empty)", Colour::red};
    if (all([](const std::string& hash) { return hash.starts_with('!') || hash.starts_with('*'); }))
        return {"no (locked)", Colour::red};
    return policy_verdict(home).value_or(Verdict{"yes", Colour::green});
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
