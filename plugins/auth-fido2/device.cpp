// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "ctap_error.hpp"
#include "device_source.hpp"
#include "plugins/shared/close_on_exec.hpp"
#include "touch_watch.hpp"

namespace hearth::fido2 {

namespace {

constexpr std::size_t kMost = 64;
/// Keys give up after half a minute by themselves.
constexpr std::chrono::seconds kPatience{40};
/// When a key does not even say that it waits, or that it was cancelled.
constexpr int kSilenceMs = 45000;

std::string text(const char* from) {
    return from == nullptr ? "" : from;
}

sdk::Error no_memory() {
    return {HEARTH_E_NO_MEMORY, "there is no memory for talking to security keys"};
}

using Info = std::unique_ptr<fido_cbor_info_t, void (*)(fido_cbor_info_t*)>;

Info new_info() {
    return {fido_cbor_info_new(), [](fido_cbor_info_t* info) { fido_cbor_info_free(&info); }};
}

bool has_extension(const fido_cbor_info_t* info, std::string_view name) {
    char** const names = fido_cbor_info_extensions_ptr(info);
    for (std::size_t i = 0; i < fido_cbor_info_extensions_len(info); ++i)
        if (name == names[i]) return true;
    return false;
}

/// An option that the key does not name is `otherwise`.
bool option(const fido_cbor_info_t* info, std::string_view name, bool otherwise) {
    char** const names = fido_cbor_info_options_name_ptr(info);
    const bool* const values = fido_cbor_info_options_value_ptr(info);
    for (std::size_t i = 0; i < fido_cbor_info_options_len(info); ++i)
        if (name == names[i]) return values[i];
    return otherwise;
}

bool names_option(const fido_cbor_info_t* info, std::string_view name) {
    return option(info, name, true) == option(info, name, false);
}

Abilities abilities_of(const fido_cbor_info_t* info) {
    Abilities out;
    out.secrets = has_extension(info, "hmac-secret");
    out.protects = has_extension(info, "credProtect");
    out.presence = option(info, "up", true);
    out.verification = option(info, "uv", false);
    out.has_pin = option(info, "clientPin", false);
    out.always_verifies = option(info, "alwaysUv", false);
    out.stores = names_option(info, "rk");
    return out;
}

bool is_there(const std::string& path) {
    std::unique_ptr<fido_dev_info_t, void (*)(fido_dev_info_t*)> list(
        fido_dev_info_new(kMost), [](fido_dev_info_t* all) { fido_dev_info_free(&all, kMost); });
    std::size_t count = 0;
    if (!list || find_devices(list.get(), kMost, &count) != FIDO_OK) return true;
    for (std::size_t i = 0; i < count; ++i)
        if (path == text(fido_dev_info_path(fido_dev_info_ptr(list.get(), i)))) return true;
    return false;
}

}  // namespace

void DeviceList::Free::operator()(fido_dev_info_t* list) const {
    fido_dev_info_free(&list, kMost);
}

void Device::Close::operator()(fido_dev_t* device) const {
    fido_dev_close(device);
    fido_dev_free(&device);
}

sdk::Result<DeviceList> DeviceList::find(sdk::Op op) {
    HEARTH_SDK_CHECK(shared::go_on(op));
    // Older keys without secrets would only be asked to blink.
    fido_init(FIDO_DISABLE_U2F_FALLBACK);
    DeviceList out;
    out.list_.reset(fido_dev_info_new(kMost));
    if (!out.list_) return no_memory();
    std::size_t count = 0;
    const int answer = find_devices(out.list_.get(), kMost, &count);
    if (answer != FIDO_OK) return ctap_error(answer, "looking for security keys");
    for (std::size_t i = 0; i < count; ++i) {
        const auto* info = fido_dev_info_ptr(out.list_.get(), i);
        out.places_.push_back({text(fido_dev_info_path(info)),
                               text(fido_dev_info_product_string(info)),
                               text(fido_dev_info_manufacturer_string(info)), info});
    }
    return out;
}

sdk::Result<Device> Device::open(const DevicePlace& place) {
    Device out;
    out.path_ = place.path;
    out.device_.reset(fido_dev_new_with_info(place.info));
    const Info info = new_info();
    if (!out.device_ || !info) return no_memory();
    fido_dev_set_timeout(out.handle(), kSilenceMs);
    int answer = fido_dev_open_with_info(out.handle());
    shared::close_on_exec(place.path);
    if (answer == FIDO_OK && !fido_dev_is_fido2(out.handle()))
        return sdk::Error(HEARTH_E_NOT_SUPPORTED, place.path + " does not speak FIDO2");
    if (answer == FIDO_OK) answer = fido_dev_get_cbor_info(out.handle(), info.get());
    if (answer != FIDO_OK) return out.explain(answer, "opening " + place.path);
    out.abilities_ = abilities_of(info.get());
    return out;
}

sdk::Result<int> Device::talk(sdk::Op op, const std::function<int(fido_dev_t*)>& call) {
    HEARTH_SDK_CHECK(shared::go_on(op));
    TouchWatch watch(op.cancel_fd(), kPatience, [this] { fido_dev_cancel(handle()); });
    const int answer = call(handle());
    switch (watch.end()) {
        case TouchWatch::End::cancelled:
            return sdk::Error(HEARTH_E_CANCELLED, "cancelled while the security key was asked");
        case TouchWatch::End::late:
            if (answer == FIDO_OK) return answer;
            return ctap_error(FIDO_ERR_ACTION_TIMEOUT, "waiting for the security key");
        default:
            return answer;
    }
}

sdk::Error Device::explain(int answer, const std::string& what) const {
    const bool is_lost = is_nonsense(answer) || answer == FIDO_ERR_INTERNAL;
    if (is_lost && !is_there(path_))
        return {HEARTH_E_NEED_TOKEN, what + " failed: the security key was pulled out"};
    return ctap_error(answer, what);
}

}  // namespace hearth::fido2
