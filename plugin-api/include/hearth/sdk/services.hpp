// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/sdk/op.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The services that only some plugins need: helper programs, kernel keyrings, the small store.

namespace hearth::sdk {

/// A helper program; see host_run.h.
struct Command {
    std::vector<std::string> argv;
    std::vector<int> fds = {};  // become 3, 4, ...
    SecretView input = {};
    std::uint32_t deadline_ms = 0;
};

/// Runs it and gives its exit status (128 + signal if one ended it).
inline Result<int> run(Op op, const Command& command) {
    if (host().run == nullptr) return Error(HEARTH_E_NOT_SUPPORTED, "the host runs no programs");
    std::vector<const char*> argv;
    for (const auto& argument : command.argv) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    const hearth_command c{sizeof c,           command.deadline_ms, argv.data(),
                           command.fds.data(), command.fds.size(),  command.input.handle()};
    std::int32_t exit_status = 0;
    const auto status = host().run->run(op.handle(), &c, &exit_status);
    if (status != HEARTH_OK) return Error(status, command.argv.at(0) + " could not be run");
    return exit_status;
}

/// The same; any exit status but 0 is HEARTH_E_IO.
inline Result<void> run_or_fail(Op op, const Command& command) {
    HEARTH_SDK_TRY(exit_status, run(op, command));
    if (exit_status == 0) return ok();
    return Error(HEARTH_E_IO,
                 command.argv.at(0) + " ended with the status " + std::to_string(exit_status));
}

/// Keys in the kernel; `keyring` is HEARTH_KEYRING_*.
inline Result<void> add_key(Op op, std::uint32_t keyring, const char* type, const char* description,
                            SecretView payload) {
    if (host().keyring == nullptr) return Error(HEARTH_E_NOT_SUPPORTED, "the host has no keyrings");
    const auto status =
        host().keyring->add(op.handle(), keyring, type, description, payload.handle());
    if (status == HEARTH_OK) return ok();
    return Error(status, std::string("the key ") + description + " could not be added");
}

inline Result<Secret> read_key(Op op, std::uint32_t keyring, const char* description) {
    if (host().keyring == nullptr) return Error(HEARTH_E_NOT_SUPPORTED, "the host has no keyrings");
    hearth_secret* secret = nullptr;
    const auto status = host().keyring->read(op.handle(), keyring, description, &secret);
    if (status == HEARTH_OK) return Secret(secret);
    return Error(status, std::string("the key ") + description + " could not be read");
}

inline Result<void> unlink_key(Op op, std::uint32_t keyring, const char* type,
                               const char* description) {
    if (host().keyring == nullptr) return Error(HEARTH_E_NOT_SUPPORTED, "the host has no keyrings");
    const auto status = host().keyring->unlink(op.handle(), keyring, type, description);
    if (status == HEARTH_OK) return ok();
    return Error(status, std::string("the key ") + description + " could not be removed");
}

/// Receives bytes from the host into a std::string, for the `context` of a hearth_bytes_sink.
inline hearth_status append_bytes(void* text, const hearth_bytes* bytes) noexcept try {
    static_cast<std::string*>(text)->append(static_cast<const char*>(bytes->ptr), bytes->len);
    return HEARTH_OK;
} catch (...) {
    return HEARTH_E_NO_MEMORY;
}

/// The plugin's small store on this machine. HEARTH_E_NOT_SUPPORTED: there is no such key.
inline Result<std::string> load_state(Op op, const char* key) {
    if (host().state == nullptr) return Error(HEARTH_E_NOT_SUPPORTED, "the host has no store");
    std::string text;
    const auto status = host().state->get(op.handle(), key, append_bytes, &text);
    if (status == HEARTH_OK) return text;
    return Error(status, std::string("nothing is stored under ") + key);
}

inline Result<void> store_state(Op op, const char* key, std::string_view text) {
    if (host().state == nullptr) return Error(HEARTH_E_NOT_SUPPORTED, "the host has no store");
    const hearth_bytes bytes{text.data(), text.size()};
    const auto status = host().state->put(op.handle(), key, &bytes);
    if (status == HEARTH_OK) return ok();
    return Error(status, std::string("nothing could be stored under ") + key);
}

}  // namespace hearth::sdk
