// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/session.hpp"

#include <syslog.h>

#include <algorithm>
#include <vector>

#include "core/plugin/secret_handle.hpp"

namespace hearth::plugin {

std::vector<hearth_credential> to_c(std::span<const Credential> credentials) {
    std::vector<hearth_credential> list;
    list.reserve(credentials.size());
    for (const auto& credential : credentials) {
        hearth_credential item{};
        item.struct_size = sizeof item;
        item.kind = credential.kind;
        std::copy(credential.id.begin(), credential.id.end(), item.id);
        item.secret = credential.secret == nullptr ? nullptr : to_handle(credential.secret);
        list.push_back(item);
    }
    return list;
}

namespace {

/// A relative path of plain names, or nothing.
bool stays_inside(std::string_view path) {
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto name = path.substr(0, slash);
        if (name.empty() || name == "." || name == "..") return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
        if (path.empty()) return false;
    }
    return true;
}

constexpr std::size_t kMaxHeader = std::size_t{1} << 20;

/// Where header_load() puts what it finds. Nothing may be thrown through the plugin.
struct HeaderSink {
    std::string text;
    bool called = false;

    static hearth_status take(void* context, const hearth_bytes* bytes) noexcept try {
        auto& self = *static_cast<HeaderSink*>(context);
        if (bytes == nullptr || bytes->len > kMaxHeader) return HEARTH_E_CORRUPT;
        self.text.assign(static_cast<const char*>(bytes->ptr), bytes->len);
        self.called = true;
        return HEARTH_OK;
    } catch (...) {
        return HEARTH_E_NO_MEMORY;
    }
};

}  // namespace

Session::Session(Session&& other) noexcept
    : call_(std::move(other.call_)), session_(std::exchange(other.session_, nullptr)) {}

Session& Session::operator=(Session&& other) noexcept {
    std::swap(call_, other.call_);
    std::swap(session_, other.session_);
    return *this;
}

Session::~Session() {
    if (session_ == nullptr) return;
    if (auto closed = close(HEARTH_CLOSE_ROLLBACK); !closed)
        call_.op->log(LOG_WARNING, "undoing failed: " + closed.error().one_line());
}

bool Session::has_header() const {
    return call_.has(&hearth_storage::header_load) && call_.has(&hearth_storage::header_store);
}

bool Session::has_rekey() const {
    return call_.has(&hearth_storage::rekey_prepare) && call_.has(&hearth_storage::rekey_finish);
}

Result<std::string> Session::header_load() {
    HeaderSink sink;
    const auto status =
        call_(&hearth_storage::header_load, session_, &HeaderSink::take, static_cast<void*>(&sink));
    HEARTH_CHECK(call_.check(status, "header_load"));
    if (!sink.called) return call_.broken("header_load", "succeeded without a result");
    return std::move(sink.text);
}

Result<void> Session::header_store(std::string_view bytes) {
    const hearth_bytes text{bytes.data(), bytes.size()};
    return call_.check(call_(&hearth_storage::header_store, session_, &text), "header_store");
}

Result<Root> Session::mount() {
    hearth_root root{};
    root.struct_size = sizeof root;
    root.fd = -1;
    HEARTH_CHECK(call_.check(call_(&hearth_storage::mount, session_, &root), "mount"));
    if (root.fd < 0) return call_.broken("mount", "succeeded without a result");
    if (root.kind != HEARTH_ROOT_PLAIN_DIR && root.kind != HEARTH_ROOT_DETACHED_MOUNT)
        return call_.broken("mount", "returned a root of an unknown kind");
    const std::string subdir = root.subdir == nullptr ? "" : root.subdir;
    // It may come from a foreign header: core walks into it, so that it may not lead out.
    if (!stays_inside(subdir))
        return call_.broken("mount", "returned a subdir that leads elsewhere");
    return Root{root.fd, root.kind == HEARTH_ROOT_DETACHED_MOUNT, root.idmap != 0, root.owner,
                subdir};
}

Result<void> Session::unmount() {
    return call_.check(call_(&hearth_storage::unmount, session_), "unmount");
}

Result<std::uint64_t> Session::resize(int root_fd, std::uint64_t bytes, hearth_flags flags) {
    std::uint64_t actual = 0;
    const auto status = call_(&hearth_storage::resize, session_, root_fd, bytes, flags, &actual);
    HEARTH_CHECK(call_.check(status, "resize"));
    if (actual == 0) return call_.broken("resize", "succeeded without a result");
    return actual;
}

Result<void> Session::rekey_prepare(std::span<const Credential> credentials) {
    const auto list = to_c(credentials);
    const auto status = call_(&hearth_storage::rekey_prepare, session_, list.data(), list.size());
    return call_.check(status, "rekey_prepare");
}

Result<void> Session::rekey_finish(bool commit) {
    const std::uint32_t flag = commit ? 1 : 0;
    return call_.check(call_(&hearth_storage::rekey_finish, session_, flag), "rekey_finish");
}

Result<void> Session::close(std::uint32_t disposition) {
    auto* session = std::exchange(session_, nullptr);
    if (session == nullptr) return ok();
    return call_.check(call_(&hearth_storage::close, session, disposition), "close");
}

}  // namespace hearth::plugin
