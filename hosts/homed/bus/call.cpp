// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/call.hpp"

#include "hosts/homed/bus/bus_error.hpp"
#include "hosts/homed/bus/error_names.hpp"

namespace hearth::homed {

// A reply that cannot be sent any more has nobody who waits for it.

Call::~Call() {
    if (!answered_)
        sd_bus_reply_method_errorf(message_.get(), SD_BUS_ERROR_FAILED, "%s",
                                   "The service gave up on the call.");
}

Message Call::make_reply() const {
    Message reply;
    sd_bus_message_new_method_return(message_.get(), reply.receive());
    return reply;
}

void Call::reply() noexcept {
    answered_ = true;
    sd_bus_reply_method_return(message_.get(), nullptr);
}

void Call::reply(const Message& filled) noexcept {
    answered_ = true;
    sd_bus_send(sd_bus_message_get_bus(message_.get()), filled.get(), nullptr);
}

void Call::fail(const Error& error) noexcept {
    answered_ = true;
    BusError out;
    set_bus_error(out.get(), error);
    sd_bus_reply_method_error(message_.get(), out.get());
}

}  // namespace hearth::homed
