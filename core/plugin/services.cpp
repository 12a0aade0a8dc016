// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/services.hpp"

#include <poll.h>
#include <syslog.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "core/plugin/host_tables.hpp"

namespace hearth::plugin {
namespace {

constexpr std::size_t kMaxNote = 4096;

const void* query(const char* id) {
    const std::string_view wanted = id == nullptr ? "" : id;
    if (wanted == HEARTH_HOST_RECORD) return &kRecordTable;
    if (wanted == HEARTH_HOST_SECRETS) return &kSecretsTable;
    if (wanted == HEARTH_HOST_PLACE) return &kPlaceTable;
    if (wanted == HEARTH_HOST_RUN) return &kRunTable;
    if (wanted == HEARTH_HOST_KEYRING) return &kKeyringTable;
    if (wanted == HEARTH_HOST_STATE) return &kStateTable;
    return nullptr;
}

std::string_view file_name(const char* path) {
    const std::string_view text = path == nullptr ? "?" : path;
    return text.substr(text.rfind('/') + 1);
}

void log_line(hearth_op* op, std::uint32_t priority, const char* file, std::uint32_t line,
              const char* text) {
    guarded([&] {
        const std::string shown = std::string(text == nullptr ? "" : text) + " (" +
                                  std::string(file_name(file)) + ":" + std::to_string(line) + ")";
        if (op == nullptr)
            static_cast<void>(std::fprintf(stderr, "plugin: %s\n", shown.c_str()));
        else
            OperationContext::of(op).log(static_cast<int>(priority), shown);
        return HEARTH_OK;
    });
}

hearth_status fail(hearth_op* op, hearth_status code, std::int32_t sys_errno, const char* text) {
    guarded([&] {
        if (op == nullptr) return HEARTH_OK;
        std::string shown = text == nullptr ? "" : text;
        if (sys_errno != 0)
            if (const char* name = ::strerrordesc_np(sys_errno)) shown += std::string(": ") + name;
        auto& context = OperationContext::of(op);
        context.last_failure = shown;
        // These two are answers that the host expects.
        const bool expected = code == HEARTH_E_LINGERING || code == HEARTH_E_RECOVER_AT_OPEN;
        context.log(expected ? LOG_INFO : LOG_ERR, shown + " (code " + std::to_string(code) + ")");
        return HEARTH_OK;
    });
    return code;
}

void progress(hearth_op* op, std::uint64_t done, std::uint64_t total, const char* step) {
    guarded([&] {
        const auto& context = OperationContext::of(op);
        if (context.on_progress) context.on_progress(done, total, step == nullptr ? "" : step);
        return HEARTH_OK;
    });
}

std::int32_t cancel_fd(hearth_op* op) {
    return OperationContext::of(op).cancel_fd;
}

void critical(hearth_op* op, std::uint32_t on) {
    guarded([&] {
        auto& context = OperationContext::of(op);
        context.critical = on != 0;
        if (context.on_critical) context.on_critical(on != 0);
        return HEARTH_OK;
    });
}

std::uint64_t op_id(hearth_op* op) {
    return OperationContext::of(op).op_id;
}

hearth_status note(hearth_op* op, const hearth_bytes* bytes) {
    return guarded([&]() -> hearth_status {
        const auto& context = OperationContext::of(op);
        if (bytes == nullptr || bytes->len > kMaxNote || (bytes->len > 0 && bytes->ptr == nullptr))
            return HEARTH_E_INVALID_ARGUMENT;
        if (!context.save_note) return HEARTH_E_NOT_SUPPORTED;
        const auto saved = context.save_note({static_cast<const char*>(bytes->ptr), bytes->len});
        return saved ? HEARTH_OK : report(op, saved.error());
    });
}

hearth_host make_table(std::uint32_t role, const char* program) {
    hearth_host table{};
    table.struct_size = sizeof table;
    table.abi_major = HEARTH_ABI_MAJOR;
    table.abi_minor = HEARTH_ABI_MINOR;
    table.role = role;
    table.name = program;
    table.version = HEARTH_VERSION;
    table.query = query;
    table.log = log_line;
    table.fail = fail;
    table.progress = progress;
    table.cancel_fd = cancel_fd;
    table.critical = critical;
    table.op_id = op_id;
    table.note = note;
    return table;
}

}  // namespace

bool OperationContext::cancelled() const {
    if (cancel_fd < 0 || critical) return false;
    pollfd wait{cancel_fd, POLLIN, 0};
    return ::poll(&wait, 1, 0) > 0;
}

void OperationContext::log(int priority, std::string_view text) const {
    if (!on_log) return;
    on_log(priority, plugin_id.empty() ? std::string(text) : plugin_id + ": " + std::string(text));
}

hearth_status report(hearth_op* op, const Error& error) {
    if (op != nullptr) OperationContext::of(op).log(LOG_WARNING, error.one_line());
    return to_status(error);
}

const hearth_host& host_table(std::uint32_t role, const char* program) {
    static const hearth_host table = make_table(role, program);
    return table;
}

}  // namespace hearth::plugin
