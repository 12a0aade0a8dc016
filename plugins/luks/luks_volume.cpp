// SPDX-License-Identifier: LGPL-2.1-or-later
#include "luks_volume.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include "crypt_error.hpp"
#include "new_header.hpp"
#include "plugins/shared/close_on_exec.hpp"
#include "token.hpp"

namespace hearth::luks {

using shared::close_on_exec;

namespace {

constexpr std::uint32_t kDebug = 7;
constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kLargestSector = 4096;

/// `context` is the operation, which outlives every device that is made in it.
void log_line(int, const char* text, void* context) {
    std::string line(text == nullptr ? "" : text);
    while (line.ends_with("\n")) line.pop_back();
    if (!line.empty())
        sdk::Op(static_cast<hearth_op*>(context)).log(kDebug, "libcryptsetup: " + line);
}

/// Where the data begins, and how much of what is before it is for keys: with a header that lies
/// elsewhere the library would take both for nothing.
int set_layout(crypt_device* device, bool is_elsewhere) {
    constexpr std::uint64_t kCopies = 2 * LuksVolume::kMetadataSize;
    if (!is_elsewhere) return crypt_set_metadata_size(device, LuksVolume::kMetadataSize, 0);
    const int set = crypt_set_data_offset(device, NewHeader::kSize / kSector);
    if (set < 0) return set;
    return crypt_set_metadata_size(device, LuksVolume::kMetadataSize, NewHeader::kSize - kCopies);
}

}  // namespace

sdk::Result<LuksVolume::Device> LuksVolume::init(sdk::Op op, const char* path, const char* data) {
    crypt_device* raw = nullptr;
    const int made = crypt_init_data_device(&raw, path, data);
    if (made < 0) return crypt_error(made, "the encrypted volume cannot be opened");
    return watched(raw, op);
}

LuksVolume::Device LuksVolume::watched(crypt_device* device, sdk::Op op) {
    crypt_set_log_callback(device, log_line, op.handle());
    return Device(device);
}

sdk::Result<LuksVolume> LuksVolume::open(sdk::Op op, const std::string& path) {
    HEARTH_SDK_TRY(device, init(op, path.c_str()));
    if (crypt_load(device.get(), CRYPT_LUKS2, nullptr) < 0)
        return sdk::Error(HEARTH_E_CORRUPT,
                          "both copies of the volume's header (LUKS2) are damaged, or it is none");
    close_on_exec(path);
    return LuksVolume(std::move(device));
}

sdk::Result<LuksVolume> LuksVolume::format(sdk::Op op, const std::string& path,
                                           const Settings& settings, const Uuid& id,
                                           sdk::Secret& key, const std::string& data) {
    const bool is_elsewhere = !data.empty();
    HEARTH_SDK_TRY(device, init(op, path.c_str(), is_elsewhere ? data.c_str() : nullptr));
    // The digest only tells a right key from a wrong one: a random key needs no slow one.
    const crypt_pbkdf_type cheap{CRYPT_KDF_PBKDF2,        "sha512", 0, 1000, 0, 0,
                                 CRYPT_PBKDF_NO_BENCHMARK};
    crypt_params_luks2 params{};
    params.sector_size = settings.sector_size;
    params.label = settings.label.c_str();
    params.subsystem = "systemd-home";
    int done = crypt_set_pbkdf_type(device.get(), &cheap);
    if (done >= 0) done = set_layout(device.get(), is_elsewhere);
    if (done >= 0)
        done =
            crypt_format(device.get(), CRYPT_LUKS2, settings.cipher.c_str(), settings.mode.c_str(),
                         to_text(id).c_str(), reinterpret_cast<const char*>(key.bytes().data()),
                         key.bytes().size(), &params);
    if (done < 0) return crypt_error(done, "the encrypted volume cannot be made");
    close_on_exec(path);
    if (is_elsewhere) close_on_exec(data);
    return LuksVolume(std::move(device));
}

sdk::Result<void> LuksVolume::check(const Settings& settings) const {
    const auto differs = [](const char* what, const std::string& found) {
        return sdk::Error(HEARTH_E_CORRUPT, std::string("the ") + what + " of the volume is " +
                                                found + ", and not what the record says");
    };
    if (settings.luks_id && uuid() != to_text(*settings.luks_id)) return differs("UUID", uuid());
    if (settings.has_cipher && cipher() != settings.cipher) return differs("cipher", cipher());
    if (settings.has_mode && mode() != settings.mode) return differs("cipher's mode", mode());
    if (settings.has_key_size && key_size() != settings.key_size)
        return differs("size of the key", std::to_string(key_size()));
    return sdk::ok();
}

std::string LuksVolume::uuid() const {
    const char* text = crypt_get_uuid(device_.get());
    const auto uuid = parse_uuid(text == nullptr ? "" : text);
    return uuid ? to_text(*uuid) : std::string(text == nullptr ? "" : text);
}

std::string LuksVolume::cipher() const {
    const char* text = crypt_get_cipher(device_.get());
    return text == nullptr ? "" : text;
}

std::string LuksVolume::mode() const {
    const char* text = crypt_get_cipher_mode(device_.get());
    return text == nullptr ? "" : text;
}

std::size_t LuksVolume::key_size() const {
    const int size = crypt_get_volume_key_size(device_.get());
    return size < 0 ? 0 : static_cast<std::size_t>(size);
}

std::uint64_t LuksVolume::data_offset() const {
    return crypt_get_data_offset(device_.get()) * kSector;
}

int LuksVolume::find_token(const char* wanted) const {
    const char* type = nullptr;
    for (int id = 0;; ++id) {
        const auto status = crypt_token_status(device_.get(), id, &type);
        // systemd-homed looks no further than the first gap, and what it cannot see is not there.
        if (status == CRYPT_TOKEN_INACTIVE || status == CRYPT_TOKEN_INVALID) return -ENOENT;
        if (type != nullptr && std::strcmp(type, wanted) == 0) return id;
    }
}

sdk::Result<std::string> LuksVolume::token(const char* type) const {
    const int id = find_token(type);
    const char* json = nullptr;
    if (id < 0 || crypt_token_json_get(device_.get(), id, &json) < 0 || json == nullptr)
        return sdk::Error(HEARTH_E_CORRUPT, std::string("there is no token ") + type +
                                                " in the header of the volume");
    return std::string(json);
}

sdk::Result<void> LuksVolume::set_token(const char* wanted, const std::string& json) {
    const int id = find_token(wanted);
    const int set =
        crypt_token_json_set(device_.get(), id < 0 ? CRYPT_ANY_TOKEN : id, json.c_str());
    if (set < 0) return crypt_error(set, "a token cannot be written into the volume's header");
    const char* type = nullptr;
    for (int other = set + 1; other < crypt_token_max(CRYPT_LUKS2); ++other) {
        const auto status = crypt_token_status(device_.get(), other, &type);
        const bool is_copy =
            status != CRYPT_TOKEN_INACTIVE && type != nullptr && std::strcmp(type, wanted) == 0;
        if (is_copy) crypt_token_json_set(device_.get(), other, nullptr);
    }
    return sdk::ok();
}

sdk::Result<void> LuksVolume::activate(const std::string& mapping, sdk::Secret& key, bool discard) {
    const std::uint32_t flags = discard ? CRYPT_ACTIVATE_ALLOW_DISCARDS : 0U;
    const int done = crypt_activate_by_volume_key(device_.get(), mapping.c_str(),
                                                  reinterpret_cast<const char*>(key.bytes().data()),
                                                  key.bytes().size(), flags);
    close_on_exec("/dev/mapper/control");
    if (done == 0) return sdk::ok();
    if (done == -EEXIST || done == -EBUSY)
        return sdk::Error(HEARTH_E_HOME_IN_USE, "the mapping " + mapping + " exists already");
    return crypt_error(done, "the encrypted volume cannot be mapped");
}

sdk::Result<void> LuksVolume::resize(const std::string& mapping, sdk::Secret& key,
                                     std::uint64_t bytes) {
    // The kernel has the key of a mapping in a keyring, from where the new table takes it.
    const int kept = crypt_activate_by_volume_key(device_.get(), nullptr,
                                                  reinterpret_cast<const char*>(key.bytes().data()),
                                                  key.bytes().size(), CRYPT_ACTIVATE_KEYRING_KEY);
    if (kept < 0) return crypt_error(kept, "the key of the mapping cannot be given to the kernel");
    const int done = crypt_resize(device_.get(), mapping.c_str(),
                                  bytes / kLargestSector * kLargestSector / kSector);
    if (done == 0) return sdk::ok();
    return crypt_error(done, "the size of the mapping cannot be changed");
}

}  // namespace hearth::luks
