// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/tokens.hpp"

#include <algorithm>
#include <array>

#include "core/operation/operation.hpp"
#include "core/record/effective.hpp"
#include "core/secret/base64.hpp"

namespace hearth::operation {

namespace {

/// What is said first where several tokens refuse: the nearer a token is to being locked, the more
/// its owner has to know it.
constexpr std::array kOrder = {
    Code::bad_pin_one_left, Code::bad_pin_few_left,  Code::bad_pin,
    Code::pin_locked,       Code::token_timeout,     Code::need_protected_path,
    Code::need_presence,    Code::need_verification, Code::need_pin};

/// Then whatever else went wrong; that a token is not there comes last.
std::size_t rank(const Error& error) {
    if (error.code() == Code::need_token) return kOrder.size() + 1;
    return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), error.code()) -
                                    kOrder.begin());
}

Error no_plugin(const std::string& place) {
    return Error(Code::need_token, "auth-unknown",
                 "The home has a token of a kind that no installed plugin knows.")
        .why("The record keeps it in " + place + ".")
        .hint("Install the plugin for it, or use another way in; homectl plugins lists them.");
}

Error wrong_answer() {
    return Error(Code::corrupt, "token-wrong-answer",
                 "The security token answers with something else than when it was enrolled.")
        .why("It may have been reset, or the record may be damaged.")
        .hint("Use another way in, then enroll the token again with homectl update.");
}

}  // namespace

bool Tokens::is_known(const TokenEntry& entry) {
    return op_.verifier().find_secret(op_.request().secrets.token_secrets, entry.hash).has_value();
}

void Tokens::note(Error error) {
    if (!failure_ || rank(error) < rank(*failure_)) failure_ = std::move(error);
}

std::optional<plugin::Registry::Auth> Tokens::plugin_for(const std::string& place) {
    for (const auto& auth : op_.registry().auths())
        if (auth.manifest->record_array == place) return auth;
    return std::nullopt;
}

/// The storage comes later, and may not ask for more than is left then.
Result<void> Tokens::shut_in(const record::UserRecord& record,
                             const std::vector<TokenArray>& arrays) {
    std::vector<plugin::Registry::Auth> plugins;
    for (const auto& array : arrays)
        if (auto found = plugin_for(array.place)) plugins.push_back(*found);
    const record::Effective effective(record, op_.machine());
    return op_.prepare_for(plugins, effective.text("storage").value_or(""));
}

Result<bool> Tokens::take(const TokenEntry& entry, const secret::Secret& raw) {
    HEARTH_TRY(text, secret::to_base64(raw));
    if (!op_.verifier().opens(text, entry.hash)) return wrong_answer();
    HEARTH_CHECK(op_.add_token_secret(std::move(text)));
    return true;
}

/// All entries of a kind at once, so that the plugin tries a PIN on each token once.
Result<bool> Tokens::ask(const TokenArray& array, const record::UserRecord& record) {
    std::vector<std::string> texts;
    std::vector<const TokenEntry*> entries;
    for (const auto& entry : array.entries) {
        if (refused_.contains(array.place) || !asked_.insert(entry.hash).second) continue;
        texts.push_back(entry.text);
        entries.push_back(&entry);
    }
    if (entries.empty()) return false;
    const auto found = plugin_for(array.place);
    if (!found) {
        note(no_plugin(array.place));
        return false;
    }
    auto opened = ask_plugin(*found, texts, entries, record);
    if (opened || !plugin::may_try_next(opened.error())) return opened;
    if (opened.error().code() != Code::need_token) refused_.insert(array.place);
    note(std::move(opened).error());
    return false;
}

Result<bool> Tokens::ask_plugin(const plugin::Registry::Auth& found,
                                const std::vector<std::string>& texts,
                                const std::vector<const TokenEntry*>& entries,
                                const record::UserRecord& record) {
    HEARTH_TRY(provider, op_.auth_provider(found));
    record::UserRecord lent = record.clone();
    const plugin::RecordView view(lent, op_.machine());
    HEARTH_TRY(acquired, provider.acquire(view, texts));
    return take(*entries[acquired.which], acquired.secret);
}

Result<bool> Tokens::open(const record::UserRecord& record) {
    const auto arrays = token_arrays(record);
    if (arrays.empty()) return false;
    for (const auto& array : arrays)
        for (const auto& entry : array.entries)
            if (is_known(entry)) return true;
    HEARTH_CHECK(shut_in(record, arrays));
    for (const auto& array : arrays) {
        HEARTH_TRY(opened, ask(array, record));
        if (opened) return true;
    }
    return false;
}

Result<void> Tokens::ask_for_all(const record::UserRecord& record) {
    const auto arrays = token_arrays(record);
    HEARTH_CHECK(shut_in(record, arrays));
    for (const auto& array : arrays) {
        for (const auto& entry : array.entries) {
            if (is_known(entry)) continue;
            asked_.erase(entry.hash);
            HEARTH_TRY(opened, ask({array.place, {entry}}, record));
            (void)opened;
        }
    }
    return ok();
}

}  // namespace hearth::operation
