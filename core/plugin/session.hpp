// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/storage.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/plugin/plugin_call.hpp"
#include "core/secret/secret.hpp"

namespace hearth::plugin {

/// What unlocks a medium; the secret is borrowed, null keeps the one that is there under this id.
struct Credential {
    std::uint32_t kind = HEARTH_CREDENTIAL_PASSWORD;  // HEARTH_CREDENTIAL_*
    /// SHA-256 of the entry's hashedPassword.
    std::array<std::uint8_t, 32> id{};
    const secret::Secret* secret = nullptr;
};

/// The same for the C ABI; borrows the secrets.
std::vector<hearth_credential> to_c(std::span<const Credential> credentials);

/// The way into an opened home.
struct Root {
    /// Owned by the session.
    int fd = -1;
    bool detached_mount = false;
    bool may_idmap = false;
    /// UID on the medium, or HEARTH_OWNER_USER.
    std::uint32_t owner = HEARTH_OWNER_USER;
    /// The home inside fd; empty: fd itself.
    std::string subdir;
};

/// One open medium. Destroyed without close(), it is rolled back. Move-only; uses the operation and
/// the record that it was opened with.
class Session {
  public:
    Session(Session&& other) noexcept;
    Session& operator=(Session&& other) noexcept;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    /// Does the medium have a place for a sealed copy of the record?
    [[nodiscard]] bool has_header() const;
    Result<std::string> header_load();
    Result<void> header_store(std::string_view bytes);
    Result<Root> mount();
    Result<void> unmount();
    /// Returns the size afterwards. root_fd: the mounted home, or -1.
    Result<std::uint64_t> resize(int root_fd, std::uint64_t bytes, hearth_flags flags);
    [[nodiscard]] bool has_rekey() const;
    Result<void> rekey_prepare(std::span<const Credential> credentials);
    Result<void> rekey_finish(bool commit);
    /// Ends the session in any case. `disposition`: HEARTH_CLOSE_*.
    Result<void> close(std::uint32_t disposition);
    /// Not closed yet?
    [[nodiscard]] bool is_open() const { return session_ != nullptr; }

  private:
    friend class StorageProvider;
    Session(StorageCall call, hearth_session* session)
        : call_(std::move(call)), session_(session) {}

    StorageCall call_;
    hearth_session* session_ = nullptr;
};

}  // namespace hearth::plugin
