// SPDX-License-Identifier: MIT
#include "bench.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core/plugin/code_words.hpp"
#include "core/plugin/secret_handle.hpp"
#include "process_state.hpp"

namespace hearth::check {
namespace {

std::string hex(std::uint64_t number) {
    char text[17] = "";
    static_cast<void>(std::snprintf(text, sizeof text, "%016lx", number));
    return text;
}

/// The same names as core gives.
Result<plugin::Place> place_of(const Home& home, std::uint64_t op_id) {
    plugin::Place out;
    out.dir = UniqueFd(::open(home.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!out.dir)
        return Error(Code::home_absent, "check-folder", "The folder of the check is gone.");
    out.name = home.image;
    out.temp_name = ".#" + home.image + hex(op_id);
    out.trash_name = ".#trash-" + home.image + hex(op_id);
    return out;
}

std::vector<const MaskedSecret*> all_secrets(const Home& home) {
    std::vector<const MaskedSecret*> out;
    for (const auto& one : home.passwords) out.push_back(&one);
    return out;
}

}  // namespace

std::string name_of_code(hearth_status status) {
    if (status == HEARTH_OK) return "ok";
    const auto* words = plugin::find_code_words(status);
    return words == nullptr ? std::to_string(status) : std::string(words->name);
}

Bench::Bench(const hearth_storage& table, const Home& home, Ledger& ledger, Breaches& breaches,
             BenchSettings settings)
    : table_(table),
      home_(home),
      ledger_(ledger),
      breaches_(breaches),
      settings_(std::move(settings)),
      record_(home.record(settings_.listed_passwords)),
      view_(record_, {kMachineId, "checked"}) {
    if (settings_.watches_files) inherited_ = inheritable_files();
    if (settings_.disk_size != 0) static_cast<void>(record_.set("diskSize", settings_.disk_size));
    for (const auto& [name, json] : settings_.fields)
        if (const auto value = record::Value::parse(json))
            static_cast<void>(record_.set(name, *value));
    for (unsigned i = 0; i < home.passwords.size(); ++i)
        if ((settings_.known_passwords >> i & 1U) != 0)
            secrets_.passwords.push_back(home.passwords[i].reveal());
    context_.op_id = ledger.op_id;
    context_.user = home.user;
    context_.secrets = &secrets_;
    context_.cancel_fd = settings_.cancel_fd;
    context_.home_uid = home.uid;
    context_.home_gid = home.uid;
    context_.place_of = [this](const record::UserRecord&) {
        return place_of(home_, context_.op_id);
    };
    context_.save_note = [this](std::string_view note) -> Result<void> {
        std::memcpy(ledger_.note, note.data(), note.size());
        ledger_.note_size = static_cast<std::uint32_t>(note.size());
        return ok();
    };
    Tap::instance().start_operation(&breaches_, all_secrets(home));
}

Bench::~Bench() {
    Tap::instance().end_of_loan();
}

Did Bench::broke(Breach kind, std::string text) {
    breaches_.add(kind, text);
    return {Did::kBroken, std::move(text)};
}

Did Bench::judge(const char* name, hearth_status status) {
    if (settings_.watches_files) look_at_files(name);
    return judge_status(breaches_, name, status);
}

Did judge_status(Breaches& breaches, const char* name, hearth_status status) {
    const std::string shown = std::string(name) + " gives " + name_of_code(status);
    if (status != HEARTH_OK && plugin::find_code_words(status) == nullptr) {
        breaches.add(Breach::code, shown + ", which is no code");
        return {Did::kBroken, shown + ", which is no code"};
    }
    const Tap& tap = Tap::instance();
    if (status == HEARTH_OK) return {};
    if (!tap.was_explained()) breaches.add(Breach::silent, shown + " without calling fail()");
    if (tap.said_cancelled() && status != HEARTH_E_CANCELLED)
        breaches.add(Breach::cancelled, shown + " after a service said CANCELLED");
    return {status, shown + (tap.last_text().empty() ? "" : ": " + tap.last_text())};
}

/// A helper program of somebody else's in this process would get them.
void Bench::look_at_files(const char* name) {
    for (const int fd : inheritable_files())
        if (!inherited_.contains(fd))
            breaches_.add(Breach::inherited, std::string(name) + " opens the file " +
                                                 std::to_string(fd) + " without close-on-exec");
}

std::vector<hearth_credential> Bench::credentials(unsigned mask) {
    std::vector<hearth_credential> out;
    fresh_.reserve(home_.passwords.size() * 4);
    for (unsigned i = 0; i < home_.passwords.size(); ++i) {
        if ((mask >> i & 1U) == 0) continue;
        fresh_.push_back(home_.passwords[i].reveal());
        hearth_credential one{};
        one.struct_size = sizeof one;
        one.kind = HEARTH_CREDENTIAL_PASSWORD;
        std::copy(home_.ids[i].begin(), home_.ids[i].end(), one.id);
        one.secret = plugin::to_handle(static_cast<const secret::Secret*>(&fresh_.back()));
        out.push_back(one);
    }
    return out;
}

}  // namespace hearth::check
