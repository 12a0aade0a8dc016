// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

/// --fido2-device and --pkcs11-token-uri: their field says which kind it is. Nothing: all of that
/// kind go.
Result<void> enroll_of_kind(const Option& option, Section /*section*/, std::string_view text,
                            Changes& changes) {
    TokenChanges& tokens = changes.tokens();
    const std::string kind(option.field);
    if (!text.empty()) {
        tokens.enroll.push_back({kind, std::string(text)});
        return ok();
    }
    std::erase_if(tokens.enroll, [&](const auto& wish) { return wish.kind == kind; });
    tokens.drop.push_back(kind);
    return ok();
}

Result<void> enroll_any(const Option& option, Section /*section*/, std::string_view text,
                        Changes& changes) {
    const std::size_t at = text.find(':');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size())
        return bad_value(option, text);
    changes.tokens().enroll.push_back(
        {std::string(text.substr(0, at)), std::string(text.substr(at + 1))});
    return ok();
}

Result<void> remove_one(const Option& option, Section /*section*/, std::string_view text,
                        Changes& changes) {
    const std::size_t at = text.rfind(':');
    const bool numbered = at != std::string_view::npos && at > 0 &&
                          parse_unsigned(text.substr(at + 1)).value_or(0) > 0;
    if (text != "list" && !numbered) return bad_value(option, text);
    changes.tokens().remove.emplace_back(text);
    return ok();
}

Result<void> set_algorithm(const Option& option, Section /*section*/, std::string_view text,
                           Changes& changes) {
    if (!text.empty() && text != "es256" && text != "rs256" && text != "eddsa")
        return bad_value(option, text);
    changes.tokens().algorithm = std::string(text);
    return ok();
}

Result<void> set_recovery_key(const Option& option, Section /*section*/, std::string_view text,
                              Changes& changes) {
    const auto wish = text.empty() ? std::optional(false) : parse_bool(text);
    if (!wish) return bad_value(option, text);
    changes.tokens().recovery_key = *wish;
    return ok();
}

Result<void> set_recovery_file(const Option& option, Section /*section*/, std::string_view text,
                               Changes& changes) {
    if (text.empty()) return bad_value(option, text);
    changes.tokens().recovery_key_file = std::string(text);
    return ok();
}

template <std::optional<bool> TokenChanges::*Flag>
Result<void> set_flag(const Option& option, Section /*section*/, std::string_view text,
                      Changes& changes) {
    const auto wish = parse_bool(text);
    if (!wish && !text.empty()) return bad_value(option, text);
    changes.tokens().*Flag = wish;
    return ok();
}

constexpr std::string_view kBoolText = "yes or no";

}  // namespace

const Kind kAlgorithm{.metavar = "ALGORITHM",
                      .accepts = "es256, rs256 or eddsa",
                      .convert = nullptr,
                      .apply = set_algorithm};
const Kind kTokenDevice{.metavar = "DEVICE",
                        .accepts = "a device, auto, or list",
                        .convert = nullptr,
                        .apply = enroll_of_kind};
const Kind kAnyToken{.metavar = "KIND:DEVICE",
                     .accepts =
                         "a kind of token (homectl plugins shows them), a colon, and a "
                         "device, auto, or list",
                     .convert = nullptr,
                     .apply = enroll_any};
const Kind kTokenNumber{.metavar = "KIND:NUMBER",
                        .accepts = "a kind of token, a colon and a number from 1 on, or list",
                        .convert = nullptr,
                        .apply = remove_one};
const Kind kRecoveryKey{
    .metavar = "BOOL", .accepts = kBoolText, .convert = nullptr, .apply = set_recovery_key};
const Kind kRecoveryFile{.metavar = "PATH",
                         .accepts = "the path of a file that is not there yet",
                         .convert = nullptr,
                         .apply = set_recovery_file};
const Kind kWithPin{.metavar = "BOOL",
                    .accepts = kBoolText,
                    .convert = nullptr,
                    .apply = set_flag<&TokenChanges::with_pin>};
const Kind kWithPresence{.metavar = "BOOL",
                         .accepts = kBoolText,
                         .convert = nullptr,
                         .apply = set_flag<&TokenChanges::with_presence>};
const Kind kWithVerification{.metavar = "BOOL",
                             .accepts = kBoolText,
                             .convert = nullptr,
                             .apply = set_flag<&TokenChanges::with_verification>};

}  // namespace hearth::homectl
