// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/auth.hpp"

#include <memory>

#include "core/plugin/secret_handle.hpp"

namespace hearth::plugin {
namespace {

constexpr std::size_t kMaxDevices = 64;
constexpr std::size_t kMaxEntry = std::size_t{64} * 1024;

/// PINs are visible to the plugin while one lives.
class PinsVisible {
  public:
    explicit PinsVisible(OperationContext& op) : op_(op) { op_.pins_visible = true; }
    PinsVisible(const PinsVisible&) = delete;
    PinsVisible& operator=(const PinsVisible&) = delete;
    ~PinsVisible() { op_.pins_visible = false; }

  private:
    OperationContext& op_;
};

std::string text_or_empty(const char* text) {
    return text == nullptr ? "" : text;
}

// Nothing may be thrown through the plugin.
hearth_status take_device(void* context, const hearth_device* device) noexcept try {
    auto& devices = *static_cast<std::vector<Device>*>(context);
    if (device == nullptr || device->id == nullptr || device->struct_size < sizeof *device ||
        devices.size() == kMaxDevices)
        return HEARTH_E_INVALID_ARGUMENT;
    devices.push_back({device->id, text_or_empty(device->label), text_or_empty(device->vendor),
                       device->features});
    return HEARTH_OK;
} catch (...) {
    return HEARTH_E_NO_MEMORY;
}

hearth_status take_entry(void* context, const hearth_bytes* bytes) noexcept try {
    if (bytes == nullptr || bytes->len > kMaxEntry) return HEARTH_E_INVALID_ARGUMENT;
    static_cast<std::string*>(context)->assign(static_cast<const char*>(bytes->ptr), bytes->len);
    return HEARTH_OK;
} catch (...) {
    return HEARTH_E_NO_MEMORY;
}

/// The status and the secret have to fit together. The secret is released whatever happens.
Result<secret::Secret> judge(const CallContext& call, hearth_status status,
                             std::unique_ptr<secret::Secret> raw, std::string_view function) {
    if (status != HEARTH_OK && raw != nullptr)
        return call.broken(function, "failed and left a secret");
    HEARTH_CHECK(call.check(status, function));
    if (raw == nullptr || raw->empty()) return call.broken(function, "succeeded without a secret");
    return std::move(*raw);
}

}  // namespace

bool may_try_next(const Error& error) {
    return error.code() != Code::internal && error.code() != Code::cancelled &&
           error.code() != Code::no_memory;
}

Result<std::vector<Device>> AuthProvider::list_devices() {
    std::vector<Device> devices;
    const auto status =
        call_(&hearth_auth::list_devices, &take_device, static_cast<void*>(&devices));
    HEARTH_CHECK(call_.check(status, "list_devices"));
    return devices;
}

Result<Enrolled> AuthProvider::enroll(const RecordView& record, const std::string& device_id,
                                      hearth_flags flags) {
    const PinsVisible visible(*call_.op);
    std::string entry;
    hearth_secret* raw = nullptr;
    const auto status = call_(&hearth_auth::enroll, record.handle(), device_id.c_str(), flags,
                              &take_entry, static_cast<void*>(&entry), &raw);
    HEARTH_TRY(secret, judge(call_, status, adopt(raw), "enroll"));
    if (entry.empty()) return call_.broken("enroll", "succeeded without an entry");
    return Enrolled{std::move(entry), std::move(secret)};
}

Result<Acquired> AuthProvider::acquire(const RecordView& record,
                                       const std::vector<std::string>& entries) {
    const PinsVisible visible(*call_.op);
    std::vector<const char*> texts;
    texts.reserve(entries.size());
    for (const auto& entry : entries) texts.push_back(entry.c_str());
    std::size_t which = SIZE_MAX;
    hearth_secret* raw = nullptr;
    const auto status =
        call_(&hearth_auth::acquire, record.handle(), texts.data(), texts.size(), &which, &raw);
    HEARTH_TRY(secret, judge(call_, status, adopt(raw), "acquire"));
    if (which >= entries.size())
        return call_.broken("acquire", "named an entry that it was not given");
    return Acquired{which, std::move(secret)};
}

}  // namespace hearth::plugin
