// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <utility>

namespace hearth::homed {

/// Owns what was registered with a connection: an object, a match, a call that waits for its
/// answer. It ends with this.
class Slot {
  public:
    Slot() = default;
    Slot(Slot&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
    Slot& operator=(Slot&& other) noexcept {
        std::swap(slot_, other.slot_);
        return *this;
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() { sd_bus_slot_unref(slot_); }

    /// For calls of sd-bus that give a slot; ends the one that is held.
    sd_bus_slot** receive() {
        slot_ = sd_bus_slot_unref(slot_);
        return &slot_;
    }

  private:
    sd_bus_slot* slot_ = nullptr;
};

}  // namespace hearth::homed
