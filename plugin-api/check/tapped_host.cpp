// SPDX-License-Identifier: MIT
// The services as a checked plugin sees them: those of core, called through the tap.
#include <cstring>
#include <string>

#include "core/plugin/services.hpp"
#include "tap.hpp"

namespace hearth::check {
namespace {

const hearth_host& core() {
    return plugin::host_table(HEARTH_ROLE_CHECK, "hearth-plugin-check");
}

template <typename Table>
const Table& real(const char* id) {
    return *static_cast<const Table*>(core().query(id));
}

Tap& tap() {
    return Tap::instance();
}

std::string_view view(const char* text) {
    return text == nullptr ? std::string_view{} : text;
}

std::string_view view(const hearth_bytes* bytes) {
    return bytes == nullptr || bytes->ptr == nullptr
               ? std::string_view{}
               : std::string_view{static_cast<const char*>(bytes->ptr), bytes->len};
}

void log_line(hearth_op* op, std::uint32_t priority, const char* file, std::uint32_t line,
              const char* text) {
    tap().refuses("log");
    tap().hear("log", view(text));
    if (op != nullptr) core().log(op, priority, file, line, text);
}

hearth_status fail(hearth_op* op, hearth_status code, std::int32_t cause, const char* text) {
    tap().refuses("fail");
    tap().explained();
    tap().hear("fail", view(text));
    return op == nullptr ? code : core().fail(op, code, cause, text);
}

void progress(hearth_op* op, std::uint64_t done, std::uint64_t total, const char* step) {
    tap().refuses("progress");
    tap().hear("progress", view(step));
    core().progress(op, done, total, step);
}

std::int32_t cancel_fd(hearth_op* op) {
    return core().cancel_fd(op);
}

void critical(hearth_op* op, std::uint32_t on) {
    tap().refuses("critical");
    core().critical(op, on);
}

std::uint64_t op_id(hearth_op* op) {
    return core().op_id(op);
}

hearth_status note(hearth_op* op, const hearth_bytes* bytes) {
    tap().hear("a note", view(bytes));
    if (tap().refuses("note")) return HEARTH_E_NO_SPACE;
    return core().note(op, bytes);
}

const auto& record_service() {
    return real<hearth_host_record>(HEARTH_HOST_RECORD);
}

hearth_status lend(hearth_status status, hearth_bytes* out) {
    if (status == HEARTH_OK) out->ptr = tap().lend(static_cast<const char*>(out->ptr), out->len);
    return status;
}

hearth_status get_str(const hearth_record* record, const char* pointer, hearth_bytes* out) {
    if (tap().refuses("record.get_str")) return HEARTH_E_NO_MEMORY;
    return lend(record_service().get_str(record, pointer, out), out);
}

hearth_status get_u64(const hearth_record* record, const char* pointer, std::uint64_t* out) {
    if (tap().refuses("record.get_u64")) return HEARTH_E_NO_MEMORY;
    return record_service().get_u64(record, pointer, out);
}

hearth_status get_bool(const hearth_record* record, const char* pointer, std::uint32_t* out) {
    if (tap().refuses("record.get_bool")) return HEARTH_E_NO_MEMORY;
    return record_service().get_bool(record, pointer, out);
}

hearth_status get_json(const hearth_record* record, const char* pointer, hearth_bytes* out) {
    if (tap().refuses("record.get_json")) return HEARTH_E_NO_MEMORY;
    return lend(record_service().get_json(record, pointer, out), out);
}

hearth_status patch(hearth_record* record, const char* pointer, const char* json) {
    tap().hear("a patch of the record", view(json));
    if (tap().refuses("record.patch")) return HEARTH_E_NO_MEMORY;
    const auto status = record_service().patch(record, pointer, json);
    if (status == HEARTH_E_PERMISSION)
        tap().breach(Breach::patch, "it patches " + std::string(view(pointer)));
    return status;
}

const auto& secrets_service() {
    return real<hearth_host_secrets>(HEARTH_HOST_SECRETS);
}

hearth_secret* create_secret(hearth_op* op, std::size_t size) {
    if (tap().refuses("secrets.create")) return nullptr;
    return secrets_service().create(op, size);
}

hearth_status place_of(hearth_op* op, const hearth_record* record, hearth_place* out) {
    if (tap().refuses("place.of")) return HEARTH_E_PERMISSION;
    const auto status = real<hearth_host_place>(HEARTH_HOST_PLACE).of(op, record, out);
    if (status != HEARTH_OK) return status;
    for (const char** name : {&out->name, &out->temp_name, &out->trash_name})
        *name = tap().lend(*name, std::strlen(*name));
    return status;
}

hearth_status run(hearth_op* op, const hearth_command* command, std::int32_t* exit_status) {
    for (auto arg = command->argv; arg != nullptr && *arg != nullptr; ++arg)
        tap().hear("the arguments of a program", *arg);
    if (tap().refuses("run.run")) return HEARTH_E_IO;
    return tap().answer(real<hearth_host_run>(HEARTH_HOST_RUN).run(op, command, exit_status));
}

const auto& keyring_service() {
    return real<hearth_host_keyring>(HEARTH_HOST_KEYRING);
}

hearth_status key_add(hearth_op* op, std::uint32_t ring, const char* type, const char* name,
                      const hearth_secret* payload) {
    tap().hear("the name of a key", view(name));
    if (tap().refuses("keyring.add")) return HEARTH_E_IO;
    return keyring_service().add(op, ring, type, name, payload);
}

hearth_status key_read(hearth_op* op, std::uint32_t ring, const char* name, hearth_secret** out) {
    if (tap().refuses("keyring.read")) return HEARTH_E_IO;
    return keyring_service().read(op, ring, name, out);
}

hearth_status key_unlink(hearth_op* op, std::uint32_t ring, const char* type, const char* name) {
    if (tap().refuses("keyring.unlink")) return HEARTH_E_IO;
    return keyring_service().unlink(op, ring, type, name);
}

const auto& state_service() {
    return real<hearth_host_state>(HEARTH_HOST_STATE);
}

hearth_status state_get(hearth_op* op, const char* key, hearth_bytes_sink sink, void* context) {
    if (tap().refuses("state.get")) return HEARTH_E_IO;
    return state_service().get(op, key, sink, context);
}

hearth_status state_put(hearth_op* op, const char* key, const hearth_bytes* bytes) {
    tap().hear("the small store", view(bytes));
    if (tap().refuses("state.put")) return HEARTH_E_NO_SPACE;
    return state_service().put(op, key, bytes);
}

struct Tables {
    hearth_host host = core();
    hearth_host_record record{sizeof record, 0, get_str, get_u64, get_bool, get_json, patch};
    hearth_host_secrets secrets = secrets_service();
    hearth_host_place place{sizeof place, 0, place_of};
    hearth_host_run run_table{sizeof run_table, 0, run};
    hearth_host_keyring keyring{sizeof keyring, 0, key_add, key_read, key_unlink};
    hearth_host_state state{sizeof state, 0, state_get, state_put};
};

/// Where query() finds the tables; those of the one host of this process.
struct Offered {
    const hearth_host_record* record = nullptr;
    const hearth_host_secrets* secrets = nullptr;
    const hearth_host_place* place = nullptr;
    const hearth_host_run* run = nullptr;
    const hearth_host_keyring* keyring = nullptr;
    const hearth_host_state* state = nullptr;
} offered;

const void* query(const char* id) {
    const std::string_view wanted = view(id);
    if (wanted == HEARTH_HOST_RECORD) return offered.record;
    if (wanted == HEARTH_HOST_SECRETS) return offered.secrets;
    if (wanted == HEARTH_HOST_PLACE) return offered.place;
    if (wanted == HEARTH_HOST_RUN) return offered.run;
    if (wanted == HEARTH_HOST_KEYRING) return offered.keyring;
    if (wanted == HEARTH_HOST_STATE) return offered.state;
    return nullptr;
}

Tables& tables() {
    static Tables made = [] {
        Tables out;
        out.secrets.create = create_secret;
        out.host.query = query;
        out.host.log = log_line;
        out.host.fail = fail;
        out.host.progress = progress;
        out.host.cancel_fd = cancel_fd;
        out.host.critical = critical;
        out.host.op_id = op_id;
        out.host.note = note;
        return out;
    }();
    return made;
}

template <typename Table>
const Table* offer(const Table& table, bool guarded) {
    return guarded ? GuardedMemory::copy_of(table) : &table;
}

}  // namespace

const hearth_host& tapped_host(bool guarded) {
    const Tables& all = tables();
    offered = {offer(all.record, guarded),  offer(all.secrets, guarded),
               offer(all.place, guarded),   offer(all.run_table, guarded),
               offer(all.keyring, guarded), offer(all.state, guarded)};
    return *offer(all.host, guarded);
}

}  // namespace hearth::check
