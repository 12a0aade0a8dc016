// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "core/base/result.hpp"
#include "core/client/bus_library.hpp"

namespace hearth::client {

/// A method of the service.
struct BusMethod {
    const char* path;
    const char* interface;
    const char* name;
    /// Its answer holds what others must not find in our memory.
    bool sensitive = false;
    /// How long to wait for an answer, in microseconds.
    std::uint64_t patience = 25'000'000;
};

/// A connection to the system bus, and through it to the service: one that runs when this is open.
class Bus {
  public:
    /// Starts the service if the bus knows how. `may_ask`: polkit may ask the person who started
    /// us. Errors: service-unreachable.
    static Result<Bus> open(bool may_ask);

    struct Drop {
        const BusLibrary* library;
        void operator()(sd_bus* bus) const { library->flush_close_unref(bus); }
        void operator()(sd_bus_message* message) const { library->message_unref(message); }
    };
    using Message = std::unique_ptr<sd_bus_message, Drop>;

    /// Calls and waits for the answer. The arguments are those of sd_bus_message_append(). Errors:
    /// the service's (its ids are lost on the way, but for a few), service-unreachable,
    /// service-foreign.
    template <typename... Arguments>
    Result<Message> call(const BusMethod& method, const char* types, Arguments... arguments) {
        HEARTH_TRY(message, begin(method));
        if (library_->message_append(message.get(), types, arguments...) < 0) return no_message();
        return send(method, std::move(message));
    }
    /// As sd_bus_message_read() does. False: that is not what the message holds, or nothing is left
    /// in an array.
    template <typename... Places>
    [[nodiscard]] bool read(const Message& message, const char* types, Places... places) const {
        return library_->message_read(message.get(), types, places...) > 0;
    }
    [[nodiscard]] bool enter_array(const Message& message, const char* types) const {
        return library_->message_enter_container(message.get(), 'a', types) > 0;
    }

  private:
    Bus(const BusLibrary* library, sd_bus* bus, bool may_ask)
        : library_(library), bus_(bus, Drop{library}), may_ask_(may_ask) {}
    Result<void> start_service();
    Result<Message> begin(const BusMethod& method, const char* destination = nullptr);
    Result<Message> send(const BusMethod& method, Message message);
    static Error no_message();

    const BusLibrary* library_;
    std::unique_ptr<sd_bus, Drop> bus_;
    bool may_ask_;
};

}  // namespace hearth::client
