// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>

#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::homed::varlink {

/// A socket that everybody on the machine may connect to, in a folder of such sockets. Its file
/// goes with this object.
class Socket {
  public:
    /// Makes the folder where it is missing. The file of a service that died is replaced; that of
    /// one that lives is not. Errors: varlink-socket, varlink-socket-taken.
    static Result<Socket> listen(const std::string& folder, const std::string& name);

    Socket(Socket&& other) noexcept = default;
    Socket& operator=(Socket&&) = delete;
    ~Socket();

    /// Does not block.
    [[nodiscard]] int fd() const { return fd_.get(); }

  private:
    Socket(UniqueFd folder, std::string name, UniqueFd fd)
        : folder_(std::move(folder)), name_(std::move(name)), fd_(std::move(fd)) {}
    Result<void> take_place(const std::string& temporary);

    UniqueFd folder_;
    std::string name_;
    UniqueFd fd_;
    struct stat file_ {};
};

}  // namespace hearth::homed::varlink
