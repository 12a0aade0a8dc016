// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/record/key_files.hpp"
#include "core/record/key_store.hpp"
#include "core/record/utf8.hpp"
#include "core/system/files.hpp"

// KeyStore's half for those who decide whom this machine trusts.

namespace hearth::record {

namespace {

constexpr std::string_view kSuffix = ".public";
constexpr const char* kOwn = "local.public";

Error unknown(const std::string& name) {
    return Error(Code::invalid_argument, "public-key-unknown",
                 "This machine knows no key that is called " + name + ".");
}

Error exists(const std::string& name, std::string why) {
    return Error(Code::invalid_argument, "public-key-exists",
                 "The key cannot be added as " + name + ".")
        .why(std::move(why));
}

bool is_printable(std::string_view name) {
    return is_utf8(name) && std::all_of(name.begin(), name.end(), [](char c) {
               return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
           });
}

/// A name of a file that KeyStore would find, and not our own key's.
Result<void> check_name(const std::string& name) {
    const auto bad = [](std::string why) {
        return Error(Code::invalid_argument, "public-key-name",
                     "A key cannot be added or removed under this name.")
            .why(std::move(why));
    };
    if (!system::is_plain_name(name) || !is_printable(name) || name.starts_with('.') ||
        !name.ends_with(kSuffix))
        return bad("It must be the name of a file that ends in .public.");
    if (name == kOwn) return bad("It is that of this machine's own key.");
    return ok();
}

}  // namespace

Result<std::vector<TrustedKey>> KeyStore::all_keys() {
    HEARTH_CHECK(ensure_local_key());
    std::vector<TrustedKey> keys = trusted_keys();
    keys.push_back({kOwn, local_->public_key()});
    std::sort(keys.begin(), keys.end(),
              [](const TrustedKey& a, const TrustedKey& b) { return a.name < b.name; });
    return keys;
}

Result<TrustedKey> KeyStore::find_key(const std::string& name) {
    HEARTH_TRY(keys, all_keys());
    for (auto& key : keys)
        if (key.name == name) return std::move(key);
    return unknown(name);
}

Result<void> KeyStore::add_key(const std::string& name, std::string_view pem) {
    HEARTH_CHECK(check_name(name));
    HEARTH_TRY(key, PublicKey::from_pem(pem));
    HEARTH_TRY(known, all_keys());
    for (const auto& other : known) {
        if (other.name == name) return exists(name, "There is already one of that name.");
        if (other.key.raw() == key.raw())
            return exists(name, "This machine has it already, as " + other.name + ".");
    }
    HEARTH_CHECK(store_public_key(state_dir_, name, key));
    trusted_.reset();
    return ok();
}

Result<void> KeyStore::remove_key(const std::string& name) {
    HEARTH_CHECK(check_name(name));
    HEARTH_TRY(key, find_key(name));
    HEARTH_TRY(removed, remove_public_key(state_dir_, key.name));
    trusted_.reset();
    if (removed) return ok();
    return Error(Code::invalid_argument, "public-key-elsewhere",
                 "The key " + name + " cannot be removed from here.")
        .why("It does not lie in " + state_dir_ + ", where added keys are, but in another folder.")
        .hint(
            "Remove its file by hand, or hide it: make a link to /dev/null of that name in "
            "/etc/systemd/home.");
}

}  // namespace hearth::record
