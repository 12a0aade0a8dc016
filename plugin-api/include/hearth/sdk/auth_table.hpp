// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/sdk/auth.hpp>
#include <hearth/sdk/guard.hpp>

// The C functions between the host and a class derived from Auth. Plugins need not look here.

namespace hearth::sdk::detail {

template <typename T>
struct AuthTable {
    static T& self() {
        static T instance;
        return instance;
    }

    static hearth_status list_devices(hearth_op* op, hearth_device_sink sink,
                                      void* context) noexcept {
        return guard(op, [&](Op o) {
            return self().list_devices(o, [&](const hearth_device& device) -> Result<void> {
                const auto status = sink(context, &device);
                if (status == HEARTH_OK) return ok();
                return Error(status, "the host ended the listing");
            });
        });
    }
    static hearth_status enroll(hearth_op* op, const hearth_record* record, const char* device_id,
                                hearth_flags flags, hearth_bytes_sink sink, void* context,
                                hearth_secret** raw) noexcept {
        return guard(op, [&](Op o) -> Result<void> {
            HEARTH_SDK_TRY(enrolled, self().enroll(o, Record(record), device_id, flags));
            const hearth_bytes bytes{enrolled.entry.data(), enrolled.entry.size()};
            if (const auto status = sink(context, &bytes); status != HEARTH_OK)
                return Error(status, "the host did not take the entry");
            *raw = enrolled.secret.release();
            return ok();
        });
    }
    static hearth_status acquire(hearth_op* op, const hearth_record* record,
                                 const char* const* entries, size_t count, size_t* which,
                                 hearth_secret** raw) noexcept {
        return guard(op, [&](Op o) -> Result<void> {
            HEARTH_SDK_TRY(acquired, self().acquire(o, Record(record), {entries, count}));
            *which = acquired.which;
            *raw = acquired.secret.release();
            return ok();
        });
    }

    static constexpr hearth_auth table = {sizeof(hearth_auth), 0,      T::kName, T::kRecordArray,
                                          list_devices,        enroll, acquire};
};

}  // namespace hearth::sdk::detail
