// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth.hpp"

#include "acquire.hpp"
#include "device.hpp"
#include "enroll.hpp"

namespace hearth::fido2 {

namespace {

hearth_flags features_of(const Abilities& abilities) {
    hearth_flags out = 0;
    if (abilities.has_pin) out |= HEARTH_DEVICE_PIN;
    if (abilities.presence) out |= HEARTH_DEVICE_PRESENCE;
    if (abilities.verification) out |= HEARTH_DEVICE_VERIFICATION;
    return out;
}

}  // namespace

sdk::Result<void> Auth::list_devices(sdk::Op op, const DeviceSink& sink) {
    HEARTH_SDK_TRY(list, DeviceList::find(op));
    for (const auto& place : list.places()) {
        HEARTH_SDK_CHECK(shared::go_on(op));
        const auto device = Device::open(place);
        if (!device || !device->abilities().secrets) {
            op.log(6, device ? place.path + " is a security key without hmac-secret"
                             : device.error().text());
            continue;
        }
        HEARTH_SDK_CHECK(sink({sizeof(hearth_device), 0, place.path.c_str(), place.product.c_str(),
                               place.vendor.c_str(), features_of(device->abilities())}));
    }
    return sdk::ok();
}

sdk::Result<sdk::Enrolled> Auth::enroll(sdk::Op op, const sdk::Record& record,
                                        const char* device_id, hearth_flags flags) {
    return fido2::enroll(op, record, device_id, flags);
}

sdk::Result<sdk::Acquired> Auth::acquire(sdk::Op op, const sdk::Record& /*record*/,
                                         std::span<const char* const> entries) {
    return fido2::acquire(op, entries);
}

}  // namespace hearth::fido2

HEARTH_PLUGIN(hearth::fido2::Auth);
