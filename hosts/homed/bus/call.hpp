// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "core/base/error.hpp"
#include "hosts/homed/bus/message.hpp"

namespace hearth::homed {

/// A method call that is answered once, whenever its answer is known. One that is dropped without
/// an answer is answered with an error, so that no client waits in vain.
class Call {
  public:
    explicit Call(sd_bus_message* borrowed) : message_(Message::share(borrowed)) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();

    /// The call, for reading its arguments.
    [[nodiscard]] sd_bus_message* message() const { return message_.get(); }
    /// A reply to be filled in; null: there is no memory for one.
    [[nodiscard]] Message make_reply() const;

    void reply() noexcept;  ///< with nothing in it
    void reply(const Message& filled) noexcept;
    void fail(const Error& error) noexcept;

  private:
    Message message_;
    bool answered_ = false;
};

/// Continuations share it until one of them answers.
using CallPtr = std::shared_ptr<Call>;

}  // namespace hearth::homed
