// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/async_call.hpp"

#include <memory>

#include "hosts/homed/bus/trampoline.hpp"

namespace hearth::homed {

namespace {

int on_reply(sd_bus_message* reply, void* userdata, sd_bus_error* /*error*/) noexcept {
    return guarded(nullptr, [&] {
        (*static_cast<Replied*>(userdata))(reply);
        return 0;
    });
}

void forget(void* userdata) noexcept {
    delete static_cast<Replied*>(userdata);
}

Error unsent(int result) {
    return Error(Code::io, "bus-send", "A message could not be sent on the system bus.")
        .sys(-result);
}

}  // namespace

Result<void> call_async(sd_bus* bus, const Message& call, std::uint64_t timeout_usec,
                        Replied then) {
    auto callback = std::make_unique<Replied>(std::move(then));
    sd_bus_slot* slot = nullptr;
    const int r = sd_bus_call_async(bus, &slot, call.get(), on_reply, callback.get(), timeout_usec);
    if (r < 0) return unsent(r);
    // From here on the connection owns both, and drops them after the reply.
    sd_bus_slot_set_destroy_callback(slot, forget);
    callback.release();  // NOLINT: forget() has it
    sd_bus_slot_set_floating(slot, 1);
    sd_bus_slot_unref(slot);
    return ok();
}

}  // namespace hearth::homed
