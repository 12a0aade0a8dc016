// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "hosts/homectl/output/fields.hpp"
#include "hosts/homectl/output/format.hpp"
#include "hosts/homectl/output/inspect.hpp"

namespace hearth::homectl {

namespace {

constexpr std::array kCounters = {
    FieldLine{"Good Auth.", "/status/goodAuthenticationCounter", show_number},
    FieldLine{"Last Good", "/status/lastGoodAuthenticationUSec", show_time},
    FieldLine{"Bad Auth.", "/status/badAuthenticationCounter", show_number},
    FieldLine{"Last Bad", "/status/lastBadAuthenticationUSec", show_time},
};

constexpr std::array kChangeTimes = {
    FieldLine{"min", "passwordChangeMinUSec", show_span},
    FieldLine{"max", "passwordChangeMaxUSec", show_span},
    FieldLine{"warn", "passwordChangeWarnUSec", show_span},
    FieldLine{"inactive", "passwordChangeInactiveUSec", show_span},
};

std::optional<std::string> next_try(const Home& home) {
    const auto begin = home.effective.number("/status/rateLimitBeginUSec");
    const auto count = home.effective.number("/status/rateLimitCount");
    if (!begin || !count || *begin > home.now) return std::nullopt;
    const std::uint64_t end =
        *begin + home.effective.number("rateLimitIntervalUSec").value_or(60000000);
    const bool free =
        *count < home.effective.number("rateLimitBurst").value_or(30) || end <= home.now;
    return free ? "anytime" : "in " + format_span(end - home.now);
}

void show_change_times(Page& page, const record::Effective& record) {
    std::string text;
    for (const FieldLine& line : kChangeTimes)
        if (const auto span = line.show(record, line.field))
            text += (text.empty() ? "" : ", ") + std::string(line.label) + " " + *span;
    if (!text.empty()) page.line("Passwd Chg.", text);
}

void show_policy(Page& page, const record::Effective& record) {
    page.line("Auth. Limit",
              std::to_string(record.number("rateLimitBurst").value_or(30)) + " attempts per " +
                  format_span(record.number("rateLimitIntervalUSec").value_or(60000000)));
    page.line_if("Passwd Pol.", show_flag(record, "enforcePasswordPolicy"));
    show_change_times(page, record);
    page.line_if("Pas. Ch. Now", show_flag(record, "passwordChangeNow"));
}

void show_resizing(Page& page, const record::Effective& record) {
    page.line_if("Drop Caches", show_flag(record, "dropCaches"));
    page.line_if("Auto Resize", record.text("autoResizeMode"));
    if (const auto weight = record.number("rebalanceWeight"))
        page.line("Rebalance", *weight == 0 ? "off" : "weight " + std::to_string(*weight));
}

/// How many objects an array holds: they are not texts, so strings() does not count them.
std::size_t count_objects(const record::Effective& record, const std::string& array) {
    std::size_t count = 0;
    while (record.value(array + "/" + std::to_string(count))) ++count;
    return count;
}

void show_credentials(Page& page, const Home& home) {
    const record::Effective& record = home.effective;
    page.line_if("SSH Pub. Key", show_count(record, "/privileged/sshAuthorizedKeys"));
    page.lines("PKCS11 Token", record.strings("pkcs11TokenUri"));
    page.line_if("FIDO2 Token", show_count(record, "fido2HmacCredential"));
    if (const std::size_t keys = count_objects(record, "/privileged/recoveryKey"); keys > 0)
        page.line("Recovery Key", std::to_string(keys));
    const std::size_t passwords = home.record.hashed_passwords().size();
    if (!home.incomplete)
        page.line("Passwords", passwords == 0 ? "none" : std::to_string(passwords),
                  passwords == 0 ? Colour::yellow : Colour::none);
    if (home.local_signature) page.line("Local Sig.", *home.local_signature ? "yes" : "no");
}

constexpr std::array kSession = {
    FieldLine{"Stop Delay", "stopDelayUSec", show_span},
    FieldLine{"Autom. Login", "autoLogin", show_flag},
    FieldLine{"Sess. Launch", "preferredSessionLauncher", show_text},
    FieldLine{"Session Type", "preferredSessionType", show_text},
    FieldLine{"Kill Proc.", "killProcesses", show_flag},
    FieldLine{"Service", "service", show_text},
};

/// The lists of what the owner may change.
constexpr std::array kSelfModifiable = {
    FieldLine{"Self Modify", "selfModifiableFields", show_list},
    FieldLine{"(Blobs)", "selfModifiableBlobs", show_list},
    FieldLine{"(Privileged)", "selfModifiablePrivileged", show_list},
};

}  // namespace

void show_security(Page& page, const Home& home) {
    show_fields(page, home.effective, kCounters);
    page.line_if("Next Try", next_try(home));
    show_policy(page, home.effective);
    show_resizing(page, home.effective);
    show_credentials(page, home);
}

void show_session(Page& page, const Home& home) {
    show_fields(page, home.effective, kSession);
    for (const FieldLine& line : kSelfModifiable) {
        const auto list = home.effective.value(line.field);
        if (!list) continue;
        if (list->strings() && list->strings()->empty())
            page.line(line.label, "disabled by administrator");
        else
            page.lines(line.label, home.effective.strings(line.field));
    }
}

}  // namespace hearth::homectl
