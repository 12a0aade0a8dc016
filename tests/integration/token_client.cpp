// SPDX-License-Identifier: LGPL-2.1-or-later
// token-client FOLDER KIND [--pin=PIN]... [--there] [--permit=FLAGS] [--flags=FLAGS]
// [--record=JSON] [--cancel-after=MS]
//              list | enroll DEVICE | acquire ENTRY...
//
// A kind of token of the plugins in FOLDER, as core uses it, for tests alone: PINs are on the
// command line, and secrets are printed. FLAGS are HEARTH_PERMIT_* and HEARTH_ENROLL_*, as numbers.
// Says one JSON object: what was asked for, or the id of the error.
#include <sys/timerfd.h>

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/unique_fd.hpp"
#include "core/plugin/auth.hpp"
#include "core/plugin/loader.hpp"
#include "core/record/json.hpp"

namespace {

using namespace hearth;

struct Call {
    std::vector<std::string> words;
    secret::Secrets secrets;
    hearth_flags flags = 0;
    std::string record = R"({"userName":"anna","disposition":"regular"})";
    long cancel_after = -1;  // ms
};

/// What follows an option's name, if it is that option.
std::optional<std::string> value_of(std::string_view word, std::string_view name) {
    if (!word.starts_with(name)) return std::nullopt;
    return std::string(word.substr(name.size()));
}

Call read(int count, char** arguments) {
    Call out;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = arguments[i];
        if (const auto pin = value_of(word, "--pin="))
            out.secrets.pins.push_back(std::move(secret::Secret::copy_of(*pin)).value());
        else if (word == "--there")
            out.secrets.permissions |= HEARTH_PERMIT_PROTECTED_PATH;
        else if (const auto permitted = value_of(word, "--permit="))
            out.secrets.permissions |= std::stoull(*permitted);
        else if (const auto flags = value_of(word, "--flags="))
            out.flags = std::stoull(*flags);
        else if (const auto record = value_of(word, "--record="))
            out.record = *record;
        else if (const auto time = value_of(word, "--cancel-after="))
            out.cancel_after = std::stol(*time);
        else
            out.words.emplace_back(word);
    }
    return out;
}

std::string hex(const secret::Secret& secret) {
    std::string out;
    for (const char byte : secret.view()) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        out += kDigits[static_cast<unsigned char>(byte) >> 4U];
        out += kDigits[static_cast<unsigned char>(byte) & 15U];
    }
    return out;
}

std::string quoted(const std::string& text) {
    return record::to_canonical(record::Value(text));
}

Result<std::string> list(plugin::AuthProvider& provider) {
    HEARTH_TRY(devices, provider.list_devices());
    std::string out;
    for (const auto& one : devices)
        out += (out.empty() ? "" : ",") + ("{\"id\":" + quoted(one.id)) +
               ",\"label\":" + quoted(one.label) + ",\"vendor\":" + quoted(one.vendor) +
               ",\"features\":" + std::to_string(one.features) + "}";
    return "{\"devices\":[" + out + "]}";
}

Result<std::string> ask(plugin::AuthProvider& provider, const plugin::RecordView& view,
                        const Call& call) {
    const auto& words = call.words;
    const std::string& verb = words.at(2);
    if (verb == "list") return list(provider);
    if (verb == "enroll") {
        HEARTH_TRY(made, provider.enroll(view, words.at(3), call.flags));
        return "{\"entry\":" + made.entry + ",\"secret\":\"" + hex(made.secret) + "\"}";
    }
    HEARTH_TRY(found, provider.acquire(view, {words.begin() + 3, words.end()}));
    return "{\"which\":" + std::to_string(found.which) + ",\"secret\":\"" + hex(found.secret) +
           "\"}";
}

/// Readable after that time; never, if it is negative.
UniqueFd cancels_after(long ms) {
    UniqueFd out(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
    // Zero would mean never.
    const itimerspec time{{0, 0}, {ms / 1000, ms % 1000 * 1000000 + 1}};
    if (ms >= 0) ::timerfd_settime(out.get(), 0, &time, nullptr);
    return out;
}

Result<std::string> run(const Call& call) {
    const auto registry = plugin::Registry::scan({call.words.at(0), call.words.at(0) + "/nothing"});
    HEARTH_TRY(found, registry.find_auth(call.words.at(1)));
    HEARTH_TRY(loaded,
               plugin::load(*found.entry, plugin::host_table(HEARTH_ROLE_WORKER, "token-client")));
    HEARTH_TRY(table, plugin::auth_table(*loaded, call.words.at(1)));
    plugin::OperationContext op;
    op.secrets = &call.secrets;
    const UniqueFd cancelled = cancels_after(call.cancel_after);
    op.cancel_fd = cancelled.get();
    plugin::AuthProvider provider(*table, found.entry->manifest->id, op);
    HEARTH_TRY(record, record::UserRecord::parse(call.record));
    const plugin::RecordView view(record, {"0123456789abcdef0123456789abcdef", "machine"});
    auto answer = ask(provider, view, call);
    if (!answer)
        answer =
            "{\"error\":\"" + answer.error().id() + "\",\"why\":" + quoted(op.last_failure) + "}";
    return answer;
}

}  // namespace

int main(int count, char** arguments) {
    const auto answer = run(read(count, arguments));
    if (answer)
        std::puts(answer->c_str());
    else
        std::fprintf(stderr, "%s\n", answer.error().one_line().c_str());
    return answer ? 0 : 1;
}
