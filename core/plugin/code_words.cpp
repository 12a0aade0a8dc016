// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/code_words.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace hearth::plugin {
namespace {

constexpr std::string_view kSeeLog = "The log of the operation has the details.";
constexpr std::string_view kTryAgain = "Try again, and answer the token this time.";

constexpr std::array kWords{
    CodeWords{HEARTH_E_INTERNAL, "internal", "The storage failed in an unexpected way", kSeeLog},
    CodeWords{HEARTH_E_NO_MEMORY, "no-memory", "There is not enough memory",
              "Close other programs, or raise the limit on locked memory."},
    CodeWords{HEARTH_E_INVALID_ARGUMENT, "invalid-argument",
              "The storage does not accept a setting of the user record", kSeeLog},
    CodeWords{HEARTH_E_NOT_SUPPORTED, "not-supported", "The storage cannot do this",
              "Choose another storage, or do without."},
    CodeWords{HEARTH_E_CANCELLED, "cancelled", "The operation was cancelled", ""},
    CodeWords{HEARTH_E_IO, "io", "Reading or writing the medium failed",
              "Check the disk. The log of the operation has the details."},
    CodeWords{HEARTH_E_PERMISSION, "permission", "The system does not allow this to the storage",
              kSeeLog},
    CodeWords{HEARTH_E_TIMEOUT, "timeout", "The storage took too long",
              "Try again; the log of the operation tells which step it was."},
    CodeWords{HEARTH_E_CORRUPT, "corrupt", "The medium is damaged, or is something else",
              "Make a copy of it before you try to repair it."},
    CodeWords{HEARTH_E_HOME_ABSENT, "home-absent", "The medium is not there",
              "Plug it in, mount it, or put the image back in its place."},
    CodeWords{HEARTH_E_HOME_EXISTS, "home-exists", "There is a medium in this place already",
              "Remove it, move it away, or adopt it."},
    CodeWords{HEARTH_E_HOME_ACTIVE, "home-active", "The medium is active", "Deactivate it first."},
    CodeWords{HEARTH_E_HOME_NOT_ACTIVE, "home-not-active", "The medium is not active",
              "Activate it first."},
    CodeWords{HEARTH_E_HOME_BUSY, "home-busy", "The medium is busy", "Try again in a moment."},
    CodeWords{HEARTH_E_HOME_IN_USE, "home-in-use", "Somebody else uses the medium",
              "End the programs that use it. On shared disks, look at other machines too."},
    CodeWords{HEARTH_E_HOME_LOCKED, "home-locked", "The medium is locked", "Unlock it first."},
    CodeWords{HEARTH_E_HOME_NOT_LOCKED, "home-not-locked", "The medium is not locked", ""},
    CodeWords{HEARTH_E_BAD_SIZE, "bad-size", "This size is not possible", kSeeLog},
    CodeWords{HEARTH_E_NO_SPACE, "no-space", "There is not enough space",
              "Free some space, or choose a smaller size."},
    CodeWords{HEARTH_E_CANNOT_SHRINK, "cannot-shrink", "The medium cannot be made smaller",
              "The file system in it may not be able to shrink."},
    CodeWords{HEARTH_E_SHRINK_OFFLINE_ONLY, "shrink-offline-only",
              "The medium can be made smaller only while it is inactive",
              "Deactivate it, and try again."},
    CodeWords{HEARTH_E_BACKEND_UNAVAILABLE, "backend-unavailable",
              "This machine lacks something that the storage needs",
              "The log of the operation tells what; install or enable it."},
    CodeWords{HEARTH_E_FSTYPE_UNSUPPORTED, "fstype-unsupported",
              "This machine does not support the file system", "Choose another file system."},
    CodeWords{HEARTH_E_LINGERING, "lingering", "Something still holds the medium",
              "It goes away by itself when the last program closes its files."},
    CodeWords{HEARTH_E_RECOVER_AT_OPEN, "recover-at-open",
              "An interrupted operation can be finished only with a secret",
              "Log in, or activate the home: that finishes it."},
    CodeWords{HEARTH_E_BAD_SECRET, "bad-secret", "None of the secrets opens the medium",
              "Try again with the right password or recovery key."},
    CodeWords{HEARTH_E_NEED_TOKEN, "need-token", "A security token is needed",
              "Plug it in, and try again."},
    CodeWords{HEARTH_E_NEED_PIN, "need-pin", "The PIN of the security token is needed", kTryAgain},
    CodeWords{HEARTH_E_NEED_PRESENCE, "need-presence", "The security token wants to be touched",
              kTryAgain},
    CodeWords{HEARTH_E_NEED_VERIFICATION, "need-verification",
              "The security token wants to recognize you", kTryAgain},
    CodeWords{HEARTH_E_NEED_PROTECTED_PATH, "need-protected-path",
              "The PIN has to be typed on the security token itself", kTryAgain},
    CodeWords{HEARTH_E_TOKEN_TIMEOUT, "token-timeout", "The security token waited too long for you",
              kTryAgain},
    CodeWords{HEARTH_E_PIN_LOCKED, "pin-locked", "The PIN of the security token is locked",
              "Unlock it with the token's own tools, or use another way in."},
    CodeWords{HEARTH_E_BAD_PIN, "bad-pin", "The PIN of the security token is wrong", "Try again."},
    CodeWords{HEARTH_E_BAD_PIN_FEW_LEFT, "bad-pin-few-left",
              "The PIN of the security token is wrong, and few tries are left",
              "Be sure before you try again."},
    CodeWords{HEARTH_E_BAD_PIN_ONE_LEFT, "bad-pin-one-left",
              "The PIN of the security token is wrong, and one try is left",
              "Be sure before you try again: the token locks itself after it."},
    CodeWords{HEARTH_E_NO_AUTH_CONFIGURED, "no-auth-configured",
              "The user record has nothing that could open the medium",
              "Set a password, or enroll a token."},
};

/// Where the words above are about storages.
constexpr std::array kTokenWords{
    CodeWords{HEARTH_E_INTERNAL, "internal", "The security token failed in an unexpected way",
              kSeeLog},
    CodeWords{HEARTH_E_INVALID_ARGUMENT, "invalid-argument",
              "The security token cannot be enrolled as it was asked for",
              "Look at the device and the options that were named."},
    CodeWords{HEARTH_E_NOT_SUPPORTED, "not-supported", "The security token cannot do this",
              "Ask for less of it, or use another token or another way in."},
    CodeWords{HEARTH_E_IO, "io", "The security token does not answer as it should",
              "Pull it out and plug it in again, or use another way in."},
    CodeWords{HEARTH_E_PERMISSION, "permission", "The system does not allow access to the token",
              kSeeLog},
    CodeWords{HEARTH_E_TIMEOUT, "timeout", "The security token took too long", "Try again."},
    CodeWords{HEARTH_E_CORRUPT, "corrupt",
              "What the user record says about the security token is damaged",
              "Use another way in, then enroll the token again."},
    CodeWords{HEARTH_E_HOME_ABSENT, "home-absent", "The security token is not there",
              "Plug it in, and try again."},
    CodeWords{HEARTH_E_NO_SPACE, "no-space", "There is no room left on the security token",
              "Remove something from it with its own tools."},
    CodeWords{HEARTH_E_BACKEND_UNAVAILABLE, "backend-unavailable",
              "This machine lacks something that the security token needs",
              "The log of the operation tells what; install or enable it."},
};

const CodeWords* find_in(std::span<const CodeWords> table, hearth_status code) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [code](const CodeWords& words) { return words.code == code; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace

const CodeWords* find_code_words(hearth_status code) {
    return find_in(kWords, code);
}

const CodeWords* find_token_words(hearth_status code) {
    const auto* own = find_in(kTokenWords, code);
    return own == nullptr ? find_in(kWords, code) : own;
}

}  // namespace hearth::plugin
