// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "hosts/homed/varlink/call.hpp"

namespace hearth::homed::varlink {

/// Who is at the other end, as the kernel says.
struct Peer {
    uid_t uid = 0;
};

/// Replies that are made one at a time, when there is room for them.
class Stream {
  public:
    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;

    /// Appends the next reply. False: it was the last.
    virtual bool next(std::string& out) = 0;
};

/// One Varlink interface.
class Interface {
  public:
    Interface() = default;
    Interface(const Interface&) = delete;
    Interface& operator=(const Interface&) = delete;
    virtual ~Interface() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;
    /// In the language of Varlink.
    [[nodiscard]] virtual std::string_view description() const = 0;
    /// Appends the one reply, or returns what makes several. Never waits.
    virtual std::unique_ptr<Stream> call(const Call& call, const Peer& peer, std::string& out) = 0;
};

}  // namespace hearth::homed::varlink
