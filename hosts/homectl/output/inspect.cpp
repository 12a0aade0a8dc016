// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/inspect.hpp"

#include <grp.h>

#include <array>
#include <cstdio>
#include <memory>

#include "hosts/homectl/output/fields.hpp"
#include "hosts/homectl/output/format.hpp"
#include "hosts/homectl/output/state_colour.hpp"

namespace hearth::homectl {

std::string inspect_text(const Home& home, bool colours) {
    Page page(colours);
    for (const auto show : {show_identity, show_validity, show_account, show_limits, show_medium,
                            show_disk, show_security, show_session})
        show(page, home);
    return page.text();
}

void show_identity(Page& page, const Home& home) {
    page.line("User name", home.record.identity(), Colour::bold);
    page.line_if("Alias", show_list(home.effective, "aliases"));
    page.line("State", home.state, colour_of(home.state));
    page.line_if("Disposition", home.effective.text("disposition"));
    if (const auto changed = home.record.last_change_usec()) {
        const bool ahead = *changed > home.now;
        page.line("Last Change", format_timestamp(*changed) + (ahead ? " (in the future)" : ""),
                  ahead ? Colour::yellow : Colour::none);
    }
    page.line_if("Last Passw.", show_time(home.effective, "lastPasswordChangeUSec"));
}

namespace {

/// With the group's name where /etc/group has it. No other source is asked: looking at a home must
/// not need a network.
std::string group_text(std::uint64_t gid) {
    std::string text = std::to_string(gid);
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/etc/group", "re"), std::fclose);
    if (!file) return text;
    while (const group* entry = fgetgrent(file.get()))
        if (entry->gr_gid == gid) return text + " (" + entry->gr_name + ")";
    return text;
}

void show_name(Page& page, const Home& home) {
    const auto name = home.effective.text("realName");
    if (name && *name != home.effective.user_name()) page.line("Real Name", *name);
}

void show_directory(Page& page, const Home& home) {
    page.line("Directory", home.effective.home_directory());
    page.line_if("Default Area", home.effective.text("defaultArea"));
    page.line_if("Blob Dir.", home.effective.text("blobDirectory"));
}

/// What the storage does for secrecy, said of every one: some are believed to encrypt and do not.
std::string storage_text(const Home& home, const std::string& storage) {
    if (!home.encrypted) return storage + " (its plugin is not installed)";
    if (!*home.encrypted) return storage + " (no encryption)";
    return storage + (storage == "fscrypt" ? " (weak encryption)" : " (strong encryption)");
}

constexpr std::array kPerson = {
    FieldLine{"Email", "emailAddress", show_text},
    FieldLine{"Location", "location", show_text},
    FieldLine{"Birth Date", "birthDate", show_text},
    FieldLine{"Passw. Hint", "/privileged/passwordHint", show_text},
    FieldLine{"Icon Name", "iconName", show_text},
    FieldLine{"Time Zone", "timeZone", show_text},
};

void show_languages(Page& page, const Home& home) {
    std::string languages = home.effective.text("preferredLanguage").value_or("");
    for (const std::string& more : home.effective.strings("additionalLanguages"))
        if (more != languages) languages += (languages.empty() ? "" : ", ") + more;
    if (!languages.empty()) page.line("Languages", languages);
}

}  // namespace

void show_account(Page& page, const Home& home) {
    const record::Effective& record = home.effective;
    page.line_if("UID", show_number(record, "uid"));
    if (const auto gid = record.number("gid")) page.line("GID", group_text(*gid));
    page.lines("Aux. Groups", record.strings("memberOf"));
    page.line_if("UUID", record.text("uuid"));
    show_name(page, home);
    show_directory(page, home);
    if (const auto storage = record.text("storage"))
        page.line("Storage", storage_text(home, *storage));
    page.line_if("Image Path", record.text("imagePath"));
    page.line_if("Removable", show_flag(record, "/status/removable"));
    page.line("Shell", record.shell());
    show_fields(page, record, kPerson);
    show_languages(page, home);
    if (record.flag("locked").value_or(false)) page.line("Locked", "yes");
    page.line_if("Not Before", show_time(record, "notBeforeUSec"));
    page.line_if("Not After", show_time(record, "notAfterUSec"));
}

}  // namespace hearth::homectl
