// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host.hpp"

#include <sys/eventfd.h>

#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>

namespace hearth::luks::test {

namespace {

FakeHost& host_of(const void* handle) {
    return *static_cast<FakeHost*>(const_cast<void*>(handle));
}

struct Bytes {
    std::string text;
};

hearth_secret* create(hearth_op*, std::size_t size) {
    return reinterpret_cast<hearth_secret*>(new Bytes{std::string(size, '\0')});
}
void* data(const hearth_secret* secret, std::size_t* size) {
    auto& bytes = *const_cast<Bytes*>(reinterpret_cast<const Bytes*>(secret));
    *size = bytes.text.size();
    return bytes.text.data();
}
void release(hearth_secret* secret) {
    delete reinterpret_cast<Bytes*>(secret);
}
std::size_t count(hearth_op* op, std::uint32_t kind) {
    return kind == HEARTH_SECRET_PASSWORD ? host_of(op).passwords.size() : 0;
}
const hearth_secret* at(hearth_op* op, std::uint32_t kind, std::size_t i) {
    static std::deque<Bytes> lent;
    if (i >= count(op, kind)) return nullptr;
    lent.push_back({host_of(op).passwords[i]});
    return reinterpret_cast<const hearth_secret*>(&lent.back());
}

hearth_status get_str(const hearth_record* record, const char* pointer, hearth_bytes* out) {
    const auto& texts = host_of(record).texts;
    const auto found = texts.find(pointer);
    if (found == texts.end()) return HEARTH_E_NOT_SUPPORTED;
    *out = {found->second.data(), found->second.size()};
    return HEARTH_OK;
}
hearth_status get_u64(const hearth_record* record, const char* pointer, std::uint64_t* out) {
    const auto& numbers = host_of(record).numbers;
    const auto found = numbers.find(pointer);
    if (found == numbers.end()) return HEARTH_E_NOT_SUPPORTED;
    *out = found->second;
    return HEARTH_OK;
}
hearth_status get_bool(const hearth_record* record, const char* pointer, std::uint32_t* out) {
    const auto& flags = host_of(record).flags;
    const auto found = flags.find(pointer);
    if (found == flags.end()) return HEARTH_E_NOT_SUPPORTED;
    *out = found->second ? 1 : 0;
    return HEARTH_OK;
}

const hearth_host_secrets kSecrets{sizeof kSecrets, 0, create, data, release, count, at, nullptr};
const hearth_host_record kRecord{sizeof kRecord, 0, get_str, get_u64, get_bool, nullptr, nullptr};

const void* query(const char* id) {
    if (std::strcmp(id, HEARTH_HOST_SECRETS) == 0) return &kSecrets;
    if (std::strcmp(id, HEARTH_HOST_RECORD) == 0) return &kRecord;
    return nullptr;
}
void log(hearth_op* op, std::uint32_t, const char*, std::uint32_t, const char* text) {
    host_of(op).log += std::string(text) + "\n";
}
hearth_status fail(hearth_op*, hearth_status code, std::int32_t, const char*) {
    return code;
}
void progress(hearth_op* op, std::uint64_t, std::uint64_t, const char*) {
    auto& host = host_of(op);
    if (host.cancel_after >= 0 && host.cancel_after-- == 0) eventfd_write(host.cancel.get(), 1);
}
std::int32_t cancel_fd(hearth_op* op) {
    return host_of(op).cancel.get();
}
void critical(hearth_op*, std::uint32_t) {}
std::uint64_t op_id(hearth_op*) {
    return 0x0123456789ABCDEF;
}
hearth_status note(hearth_op* op, const hearth_bytes* bytes) {
    host_of(op).note.assign(static_cast<const char*>(bytes->ptr), bytes->len);
    return HEARTH_OK;
}

const hearth_host kHost{
    sizeof kHost, HEARTH_ABI_MAJOR, HEARTH_ABI_MINOR, HEARTH_ROLE_CHECK, "test", "0", query, log,
    fail,         progress,         cancel_fd,        critical,          op_id,  note};

}  // namespace

FakeHost::FakeHost() : cancel(eventfd(0, EFD_CLOEXEC)) {
    sdk::host().connect(&kHost);
}

sdk::Secret secret_of(FakeHost& host, std::string_view bytes) {
    auto secret = *host.op().new_secret(bytes.size());
    std::memcpy(secret.bytes().data(), bytes.data(), bytes.size());
    return secret;
}

std::string data_file(const std::string& name) {
    std::ifstream file(std::string(HEARTH_TEST_DATA "/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string from_hex(const std::string& digits) {
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return out;
}

}  // namespace hearth::luks::test
