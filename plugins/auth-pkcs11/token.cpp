// SPDX-License-Identifier: LGPL-2.1-or-later
#include "token.hpp"

#include <algorithm>
#include <array>

#include "token_error.hpp"

namespace hearth::pkcs11 {

namespace {

constexpr CK_ULONG kMostSlots = 64;
constexpr CK_ULONG kMostMechanisms = 1024;
constexpr std::array<CK_MECHANISM_TYPE, 3> kUseful = {CKM_RSA_PKCS, CKM_RSA_PKCS_OAEP,
                                                      CKM_ECDH1_DERIVE};

/// Lists come in two calls, and may grow between them: then the rest is not looked at.
template <typename T, typename Ask>
std::vector<T> ask_for_list(CK_ULONG most, Ask ask, CK_RV& answer) {
    CK_ULONG count = 0;
    answer = ask(nullptr, &count);
    if (answer != CKR_OK || count == 0) return {};
    std::vector<T> out(std::min(count, most));
    count = out.size();
    answer = ask(out.data(), &count);
    if (answer == CKR_BUFFER_TOO_SMALL) answer = CKR_OK;
    if (answer != CKR_OK) return {};
    out.resize(std::min<std::size_t>(count, out.size()));
    return out;
}

/// The trust module of p11-kit has "tokens" full of certificates: those can do nothing.
bool is_useful(const Token& token) {
    CK_RV answer = CKR_OK;
    const auto can = ask_for_list<CK_MECHANISM_TYPE>(
        kMostMechanisms,
        [&](CK_MECHANISM_TYPE* list, CK_ULONG* count) {
            return token.module->C_GetMechanismList(token.slot, list, count);
        },
        answer);
    return std::find_first_of(can.begin(), can.end(), kUseful.begin(), kUseful.end()) != can.end();
}

bool look_at(Token& token) {
    return token.module->C_GetSlotInfo(token.slot, &token.slot_info) == CKR_OK &&
           token.module->C_GetTokenInfo(token.slot, &token.info) == CKR_OK &&
           token.has(CKF_TOKEN_INITIALIZED) && is_useful(token);
}

sdk::Result<void> add_tokens(sdk::Op op, CK_FUNCTION_LIST* module, std::vector<Token>& out) {
    Token token;
    token.module = module;
    CK_RV answer = module->C_GetInfo(&token.module_info);
    if (answer != CKR_OK) return token_error(answer, "asking a driver of tokens");
    const auto slots = ask_for_list<CK_SLOT_ID>(
        kMostSlots,
        [&](CK_SLOT_ID* list, CK_ULONG* count) { return module->C_GetSlotList(1, list, count); },
        answer);
    if (answer != CKR_OK) return token_error(answer, "listing tokens");
    for (const CK_SLOT_ID slot : slots) {
        HEARTH_SDK_CHECK(go_on(op));
        token.slot = slot;
        if (look_at(token)) out.push_back(token);
    }
    return sdk::ok();
}

}  // namespace

bool Token::is_meant_by(const Uri& uri) const {
    return uri.matches(module_info) && uri.matches(slot_info, slot) && uri.matches(info);
}

void Token::refresh() {
    CK_TOKEN_INFO now{};
    if (module->C_GetTokenInfo(slot, &now) == CKR_OK) info = now;
}

sdk::Result<std::vector<Token>> find_tokens(sdk::Op op, ModuleList modules) {
    std::vector<Token> out;
    for (auto* module : modules) {
        HEARTH_SDK_CHECK(go_on(op));
        const auto added = add_tokens(op, module, out);
        if (added) continue;
        if (ends_search(added.error())) return added.error();
        op.log(4, added.error().text());
    }
    return out;
}

std::string text_of(std::span<const unsigned char> field) {
    std::string out(field.begin(), field.end());
    out.erase(out.find_last_not_of(std::string_view(" \0", 2)) + 1);
    return out;
}

}  // namespace hearth::pkcs11
