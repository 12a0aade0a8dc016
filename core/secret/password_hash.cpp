// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/password_hash.hpp"

#include <crypt.h>
#include <string.h>

#include <cerrno>
#include <memory>

#include "core/secret/locked_work.hpp"

namespace hearth::secret {

namespace {

// The work area of libcrypt: 32 KiB that hold traces of the password.
class CryptArea {
  public:
    CryptArea() : data_(std::make_unique<crypt_data>()) {}
    CryptArea(const CryptArea&) = delete;
    CryptArea& operator=(const CryptArea&) = delete;
    ~CryptArea() { ::explicit_bzero(data_.get(), sizeof(crypt_data)); }

    // nullptr: libcrypt refused the setting or the password; errno tells.
    const char* run(const char* password, const char* setting) {
        const LockedWork locked;
        return crypt_rn(password, setting, data_.get(), sizeof(crypt_data));
    }

  private:
    std::unique_ptr<crypt_data> data_;
};

bool usable(const Secret& password) {
    return password.size() < CRYPT_MAX_PASSPHRASE_SIZE &&
           password.view().find('\0') == std::string_view::npos;
}

Error failed(int sys_errno, const std::string& prefix) {
    const std::string method =
        prefix.empty() ? "the preferred method" : "the method \"" + prefix + "\"";
    return Error(Code::internal, "password-hash-failed",
                 "The password cannot be hashed with " + method + ".")
        .sys(sys_errno);
}

bool same_text(const char* made, const std::string& hash) {
    const std::size_t length = strlen(made);
    if (length != hash.size()) return false;
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < length; ++i)
        difference = difference | static_cast<unsigned char>(made[i] ^ hash[i]);
    return difference == 0;
}

}  // namespace

Result<std::string> hash_password(const Secret& password, const HashMethod& method) {
    if (password.empty() || !usable(password))
        return Error(Code::invalid_argument, "password-unusable", "This password cannot be used.")
            .why("It is empty, contains a NUL byte, or is longer than " +
                 std::to_string(CRYPT_MAX_PASSPHRASE_SIZE - 1) + " bytes.");
    const char* prefix = method.prefix.empty() ? crypt_preferred_method() : method.prefix.c_str();
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    errno = 0;
    if (crypt_gensalt_rn(prefix, method.cost, nullptr, 0, setting, sizeof setting) == nullptr)
        return failed(errno, method.prefix);
    CryptArea area;
    const char* hash = area.run(password.c_str(), setting);
    if (hash == nullptr) return failed(errno, method.prefix);
    return std::string(hash);
}

bool matches(const Secret& password, const std::string& hash) {
    // A NUL byte in the hash would let crypt(3) compare a part of it only.
    if (!usable(password) || hash.find('\0') != std::string::npos) return false;
    CryptArea area;
    const char* made = area.run(password.c_str(), hash.c_str());
    return made != nullptr && same_text(made, hash);
}

}  // namespace hearth::secret
