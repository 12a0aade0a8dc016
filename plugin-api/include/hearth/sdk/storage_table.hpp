// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/sdk/guard.hpp>
#include <hearth/sdk/storage.hpp>

#include <memory>
#include <type_traits>

// The C functions between the host and a class derived from Storage. Plugins need not look here.

namespace hearth::sdk::detail {

/// Does class T override the member function of Base, or only inherit it? (The type of &T::f names
/// the class that declares f.)
#define HEARTH_SDK_OVERRIDES(T, Base, f) (!std::is_same_v<decltype(&T::f), decltype(&Base::f)>)

inline Session* from_handle(hearth_session* session) {
    return reinterpret_cast<Session*>(session);
}

inline Result<void> hand_over(Result<std::unique_ptr<Session>> made, hearth_session** out) {
    if (!made) return std::move(made).error();
    if (*made == nullptr) return Error(HEARTH_E_INTERNAL, "no session was made");
    *out = reinterpret_cast<hearth_session*>((*made).release());
    return ok();
}

template <typename T>
struct StorageTable {
    using S = typename T::SessionType;

    static T& self() {
        static T instance;
        return instance;
    }

    static hearth_status validate(hearth_op* op, const hearth_record* r) noexcept {
        return guard(op, [&](Op o) { return self().validate(o, Record(r)); });
    }
    static hearth_status probe(hearth_op* op, int32_t fd, hearth_probe* out) noexcept {
        return guard(op, [&](Op o) {
            *out = hearth_probe{sizeof *out, HEARTH_PROBE_NO, {}, {}, {}};
            return self().probe(o, fd, *out);
        });
    }
    static hearth_status state(hearth_op* op, const hearth_record* r, uint32_t* out) noexcept {
        return guard(op, [&](Op o) -> Result<void> {
            HEARTH_SDK_TRY(found, self().state(o, Record(r)));
            *out = found;
            return ok();
        });
    }
    static hearth_status usage(hearth_op* op, const hearth_record* r, int32_t root_fd,
                               hearth_usage* out) noexcept {
        return guard(op, [&](Op o) {
            constexpr auto unknown = HEARTH_UNKNOWN_SIZE;
            *out = hearth_usage{sizeof *out, 0, unknown, unknown, unknown, unknown, unknown};
            return self().usage(o, Record(r), root_fd, *out);
        });
    }
    static hearth_status deactivate(hearth_op* op, const hearth_record* r, int32_t root_fd,
                                    hearth_flags flags) noexcept {
        return guard(op, [&](Op o) { return self().deactivate(o, Record(r), root_fd, flags); });
    }
    static hearth_status lock(hearth_op* op, const hearth_record* r) noexcept {
        return guard(op, [&](Op o) { return self().lock(o, Record(r)); });
    }
    static hearth_status unlock(hearth_op* op, const hearth_record* r) noexcept {
        return guard(op, [&](Op o) { return self().unlock(o, Record(r)); });
    }
    static hearth_status remove(hearth_op* op, const hearth_record* r) noexcept {
        return guard(op, [&](Op o) { return self().remove(o, Record(r)); });
    }
    static hearth_status recover(hearth_op* op, const hearth_record* r, const hearth_intent* intent,
                                 hearth_session* s) noexcept {
        return guard(op,
                     [&](Op o) { return self().recover(o, Record(r), *intent, from_handle(s)); });
    }
    static hearth_status create(hearth_op* op, hearth_record* r, const hearth_credential* list,
                                size_t count, hearth_session** out) noexcept {
        return guard(op, [&](Op o) {
            return hand_over(self().create(o, WritableRecord(r), Credentials(list, count)), out);
        });
    }
    static hearth_status unlock_medium(hearth_op* op, hearth_record* r, hearth_flags flags,
                                       hearth_session** out) noexcept {
        return guard(op, [&](Op o) {
            return hand_over(self().unlock_medium(o, WritableRecord(r), flags), out);
        });
    }

    static hearth_status header_load(hearth_op* op, hearth_session* s, hearth_bytes_sink sink,
                                     void* context) noexcept {
        return guard(op, [&](Op o) -> Result<void> {
            HEARTH_SDK_TRY(text, from_handle(s)->header_load(o));
            const hearth_bytes bytes{text.data(), text.size()};
            if (const auto status = sink(context, &bytes); status != HEARTH_OK)
                return Error(status, "the host did not take the header");
            return ok();
        });
    }
    static hearth_status header_store(hearth_op* op, hearth_session* s,
                                      const hearth_bytes* bytes) noexcept {
        return guard(op, [&](Op o) {
            return from_handle(s)->header_store(o,
                                                {static_cast<const char*>(bytes->ptr), bytes->len});
        });
    }
    static hearth_status mount(hearth_op* op, hearth_session* s, hearth_root* out) noexcept {
        return guard(op, [&](Op o) { return from_handle(s)->mount(o, *out); });
    }
    static hearth_status unmount(hearth_op* op, hearth_session* s) noexcept {
        return guard(op, [&](Op o) { return from_handle(s)->unmount(o); });
    }
    static hearth_status resize(hearth_op* op, hearth_session* s, int32_t root_fd, uint64_t bytes,
                                hearth_flags flags, uint64_t* actual) noexcept {
        *actual = 0;
        return guard(
            op, [&](Op o) { return from_handle(s)->resize(o, root_fd, bytes, flags, *actual); });
    }
    static hearth_status rekey_prepare(hearth_op* op, hearth_session* s,
                                       const hearth_credential* list, size_t count) noexcept {
        return guard(
            op, [&](Op o) { return from_handle(s)->rekey_prepare(o, Credentials(list, count)); });
    }
    static hearth_status rekey_finish(hearth_op* op, hearth_session* s, uint32_t commit) noexcept {
        return guard(op, [&](Op o) { return from_handle(s)->rekey_finish(o, commit != 0); });
    }
    static hearth_status close(hearth_op* op, hearth_session* s, uint32_t disposition) noexcept {
        const std::unique_ptr<Session> session(from_handle(s));
        return guard(op, [&](Op o) { return session->close(o, disposition); });
    }

    static constexpr hearth_storage table = {
        sizeof(hearth_storage),
        0,
        T::kName,
        HEARTH_SDK_OVERRIDES(T, Storage, validate) ? validate : nullptr,
        HEARTH_SDK_OVERRIDES(T, Storage, probe) ? probe : nullptr,
        state,
        HEARTH_SDK_OVERRIDES(T, Storage, usage) ? usage : nullptr,
        deactivate,
        HEARTH_SDK_OVERRIDES(T, Storage, lock) ? lock : nullptr,
        HEARTH_SDK_OVERRIDES(T, Storage, unlock) ? unlock : nullptr,
        remove,
        recover,
        create,
        unlock_medium,
        HEARTH_SDK_OVERRIDES(S, Session, header_load) ? header_load : nullptr,
        HEARTH_SDK_OVERRIDES(S, Session, header_store) ? header_store : nullptr,
        mount,
        unmount,
        HEARTH_SDK_OVERRIDES(S, Session, resize) ? resize : nullptr,
        HEARTH_SDK_OVERRIDES(S, Session, rekey_prepare) ? rekey_prepare : nullptr,
        HEARTH_SDK_OVERRIDES(S, Session, rekey_finish) ? rekey_finish : nullptr,
        close,
    };
};

}  // namespace hearth::sdk::detail
