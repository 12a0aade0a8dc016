// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <utility>

namespace hearth::homed {

/// Owns one reference to a message of sd-bus.
class Message {
  public:
    Message() = default;
    /// Takes over the reference of the caller.
    explicit Message(sd_bus_message* owned) : message_(owned) {}
    /// Takes a reference of its own.
    static Message share(sd_bus_message* borrowed) { return Message(sd_bus_message_ref(borrowed)); }
    Message(Message&& other) noexcept : message_(std::exchange(other.message_, nullptr)) {}
    Message& operator=(Message&& other) noexcept {
        std::swap(message_, other.message_);
        return *this;
    }
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;
    ~Message() { sd_bus_message_unref(message_); }

    [[nodiscard]] sd_bus_message* get() const { return message_; }
    explicit operator bool() const { return message_ != nullptr; }
    /// For calls of sd-bus that give a message; drops the one that is held.
    sd_bus_message** receive() {
        message_ = sd_bus_message_unref(message_);
        return &message_;
    }

  private:
    sd_bus_message* message_ = nullptr;
};

}  // namespace hearth::homed
