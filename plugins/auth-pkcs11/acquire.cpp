// SPDX-License-Identifier: LGPL-2.1-or-later
#include "acquire.hpp"

#include "entry.hpp"
#include "login.hpp"
#include "private_key.hpp"
#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

struct Candidate {
    std::size_t which;
    Entry entry;
    Uri uri;
    bool has_token = false;
};

sdk::Result<Candidate> parse(std::size_t which, const char* text) {
    HEARTH_SDK_TRY(entry, parse_entry(text));
    HEARTH_SDK_TRY(uri, Uri::parse(entry.uri));
    return Candidate{which, std::move(entry), std::move(uri)};
}

sdk::Result<std::vector<Candidate>> parse_all(sdk::Op op, std::span<const char* const> entries,
                                              WorstFailure& failures) {
    std::vector<Candidate> out;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto parsed = parse(i, entries[i]);
        if (parsed)
            out.push_back(*std::move(parsed));
        else
            HEARTH_SDK_CHECK(failures.note(op, std::move(parsed).error()));
    }
    return out;
}

std::vector<Candidate*> meant(const Token& token, std::vector<Candidate>& all) {
    std::vector<Candidate*> out;
    for (auto& candidate : all)
        if (token.is_meant_by(candidate.uri)) {
            candidate.has_token = true;
            out.push_back(&candidate);
        }
    return out;
}

/// All entries of one token. Nothing: it was no use, and it is noted why.
sdk::Result<std::optional<sdk::Acquired>> ask(sdk::Op op, Token& token,
                                              const std::vector<Candidate*>& candidates,
                                              WorstFailure& failures) {
    HEARTH_SDK_TRY(session, Session::open(token));
    HEARTH_SDK_CHECK(log_in(op, session, token));
    for (const auto* candidate : candidates) {
        auto secret = reveal(op, session, candidate->uri, candidate->entry);
        if (secret) return std::optional(sdk::Acquired{candidate->which, *std::move(secret)});
        HEARTH_SDK_CHECK(failures.note(op, std::move(secret).error()));
    }
    return std::optional<sdk::Acquired>();
}

sdk::Result<std::optional<sdk::Acquired>> ask_all(sdk::Op op, ModuleList modules,
                                                  std::vector<Candidate>& candidates,
                                                  WorstFailure& failures) {
    HEARTH_SDK_TRY(tokens, find_tokens(op, modules));
    for (auto& token : tokens) {
        const auto for_it = meant(token, candidates);
        if (for_it.empty()) continue;
        auto acquired = ask(op, token, for_it, failures);
        if (!acquired)
            HEARTH_SDK_CHECK(failures.note(op, std::move(acquired).error()));
        else if (*acquired)
            return acquired;
    }
    return std::optional<sdk::Acquired>();
}

}  // namespace

sdk::Result<sdk::Acquired> acquire(sdk::Op op, ModuleList modules,
                                   std::span<const char* const> entries) {
    HEARTH_SDK_CHECK(go_on(op));
    WorstFailure failures;
    HEARTH_SDK_TRY(candidates, parse_all(op, entries, failures));
    if (!candidates.empty()) {
        HEARTH_SDK_TRY(acquired, ask_all(op, modules, candidates, failures));
        if (acquired) return *std::move(acquired);
    }
    for (const auto& candidate : candidates)
        if (!candidate.has_token)
            failures.add({HEARTH_E_NEED_TOKEN, "no token is there that the record knows"});
    if (failures.error()) return *failures.error();
    return sdk::Error(HEARTH_E_NEED_TOKEN, "the record has no entry for a token");
}

}  // namespace hearth::pkcs11
