// SPDX-License-Identifier: MIT
#pragma once

#include <poll.h>
#include <hearth/sdk/record.hpp>
#include <hearth/sdk/secret.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::sdk {

/// Where the medium lives; everything in it is borrowed until the operation ends.
struct Place {
    int dir;  // O_PATH
    const char* name;
    const char* temp_name;
    const char* trash_name;
};

/// The operation that the host is running, and what the host does for it. A thin value: copy it
/// freely.
class Op {
  public:
    explicit Op(hearth_op* handle) : handle_(handle) {}
    [[nodiscard]] hearth_op* handle() const { return handle_; }

    /// Priorities as in syslog(3): 3 error, 4 warning, 6 info, 7 debug. Never a secret.
    void log(std::uint32_t priority, const std::string& text, const char* file = __builtin_FILE(),
             int line = __builtin_LINE()) const {
        host().core->log(handle_, priority, file, static_cast<std::uint32_t>(line), text.c_str());
    }
    void progress(std::uint64_t done, std::uint64_t total, const char* step) const {
        host().core->progress(handle_, done, total, step);
    }
    [[nodiscard]] int cancel_fd() const { return host().core->cancel_fd(handle_); }
    [[nodiscard]] bool cancelled() const {
        pollfd wait{cancel_fd(), POLLIN, 0};
        return wait.fd >= 0 && ::poll(&wait, 1, 0) > 0;
    }
    [[nodiscard]] std::uint64_t id() const { return host().core->op_id(handle_); }

    /// Puts bytes into the journal; on disk when it returns.
    [[nodiscard]] Result<void> note(std::string_view text) const {
        const hearth_bytes bytes{text.data(), text.size()};
        const auto status = host().core->note(handle_, &bytes);
        if (status == HEARTH_OK) return ok();
        return Error(status, "the host could not write the journal");
    }

    [[nodiscard]] Result<Place> place(const Record& record) const {
        hearth_place out{sizeof out, -1, nullptr, nullptr, nullptr};
        if (host().place == nullptr)
            return Error(HEARTH_E_NOT_SUPPORTED, "the host offers no places");
        const auto status = host().place->of(handle_, record.handle(), &out);
        if (status != HEARTH_OK) return Error(status, "the host gave no place for the medium");
        return Place{out.dir_fd, out.name, out.temp_name, out.trash_name};
    }

    [[nodiscard]] std::size_t secret_count(std::uint32_t kind) const {
        return host().secrets->count(handle_, kind);
    }
    [[nodiscard]] SecretView secret(std::uint32_t kind, std::size_t i) const {
        return SecretView(host().secrets->at(handle_, kind, i));
    }
    [[nodiscard]] Result<Secret> new_secret(std::size_t size) const {
        return Secret::with_size(handle_, size);
    }
    [[nodiscard]] hearth_flags permissions() const { return host().secrets->permissions(handle_); }

    /// Explains a failure to the log and gives back its code.
    hearth_status fail(const Error& error) const {
        return host().core->fail(handle_, error.code(), error.sys_errno(), error.text().c_str());
    }

  private:
    hearth_op* handle_;
};

/// While one lives, neither a cancellation nor a deadline interrupts. Not for long work.
class Critical {
  public:
    explicit Critical(Op op) : op_(op) { host().core->critical(op_.handle(), 1); }
    Critical(const Critical&) = delete;
    Critical& operator=(const Critical&) = delete;
    ~Critical() { host().core->critical(op_.handle(), 0); }

  private:
    Op op_;
};

}  // namespace hearth::sdk
